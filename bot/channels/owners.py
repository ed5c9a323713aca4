"""Asks the backend who owns a conversation: it alone decides, and a person who has one is not talked over."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import quote

from bot.channels.backend import Backend, BackendSilent

logger = logging.getLogger(__name__)


class Owner(str, Enum):
    """Who answers the citizen."""

    BOT = "bot"
    WAITING = "waiting"
    CASEWORKER = "caseworker"


@dataclass(frozen=True)
class Ownership:
    """Who owns a conversation, and whether the assistant may speak in it."""

    owner: Owner
    bot_may_speak: bool


class Owners:
    """The owners of conversations, as the backend knows them."""

    def __init__(self, backend: Backend) -> None:
        """Creates the door to them.

        Args:
            backend: Who decides.
        """
        self._backend = backend

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any]) -> Owners | None:
        """Creates the door from a channel's credentials; None where they do not name the backend."""
        backend = Backend.from_credentials(credentials)
        return cls(backend) if backend else None

    async def of(self, conversation_id: str) -> Ownership | None:
        """Who owns a conversation; None when the backend cannot be asked now."""
        try:
            answer = await self._backend.get(f"/conversations/{quote(conversation_id, safe='')}/owner")
            return Ownership(Owner(answer["owner"]), bool(answer["bot_may_speak"]))
        except (BackendSilent, ValueError, KeyError) as error:
            logger.warning("Who owns conversation %s is not known now (%r).", conversation_id, error)
            return None

    async def note_delivered(self, message_id: str) -> None:
        """Tells that the citizen's device has a message; one of which that cannot be told counts as sent."""
        path = f"/desk-messages/{quote(message_id, safe='')}/delivered"
        await self._tell(path, key=f"{message_id}:delivered")

    async def note_typing(self, conversation_id: str) -> bool:
        """Tells that the citizen is writing, if a person has the conversation; tells whether one does."""
        ownership = await self.of(conversation_id)
        if ownership is None or ownership.owner is not Owner.CASEWORKER:
            return False
        await self._tell(f"/conversations/{quote(conversation_id, safe='')}/typing")
        return True

    async def _tell(self, path: str, *, key: str | None = None) -> None:
        try:
            await self._backend.post(path, key=key)
        except BackendSilent as error:
            logger.warning("%s could not be told (%r).", path, error)
