"""Asks the backend who owns a conversation: it alone decides, and a person who has one is not talked over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.rotation import newest
from observability import correlation

logger = logging.getLogger(__name__)

# A turn waits for this, so it is better not to know than to wait long.
TIMEOUT_SECONDS = 1.5


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

    def __init__(self, backend_url: str, service_token: str) -> None:
        """Creates the door to them.

        Args:
            backend_url: Root of the backend.
            service_token: What is shown to it.
        """
        self._root = f"{backend_url.rstrip('/')}/api/v1"
        self._headers = {"Authorization": f"Bearer {newest(service_token)}"}

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any]) -> Owners | None:
        """Creates the door from a channel's credentials; None where they do not name the backend."""
        backend_url, token = credentials.get("backend_url"), credentials.get("service_token")
        return cls(str(backend_url), str(token)) if backend_url and token else None

    async def of(self, conversation_id: str) -> Ownership | None:
        """Who owns a conversation; None when the backend cannot be asked now."""
        url = f"{self._root}/conversations/{quote(conversation_id, safe='')}/owner"
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(
                    timeout=timeout, headers={**self._headers, **correlation.headers()}
                ) as session,
                session.get(url) as response,
            ):
                response.raise_for_status()
                answer = await response.json()
                return Ownership(Owner(answer["owner"]), bool(answer["bot_may_speak"]))
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError, KeyError) as error:
            logger.warning("Who owns conversation %s is not known now (%r).", conversation_id, error)
            return None

    async def note_delivered(self, message_id: str) -> None:
        """Tells that the citizen's device has a message; one of which that cannot be told counts as sent."""
        path = f"/desk-messages/{quote(message_id, safe='')}/delivered"
        await self._tell(path, {"Idempotency-Key": f"{message_id}:delivered"})

    async def note_typing(self, conversation_id: str) -> bool:
        """Tells that the citizen is writing, if a person has the conversation; tells whether one does."""
        ownership = await self.of(conversation_id)
        if ownership is None or ownership.owner is not Owner.CASEWORKER:
            return False
        await self._tell(f"/conversations/{quote(conversation_id, safe='')}/typing", {})
        return True

    async def _tell(self, path: str, more_headers: Mapping[str, str]) -> None:
        headers = {**self._headers, **more_headers, **correlation.headers()}
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, headers=headers) as session,
                session.post(self._root + path, json={}) as response,
            ):
                response.raise_for_status()
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            logger.warning("%s could not be told (%r).", path, error)
