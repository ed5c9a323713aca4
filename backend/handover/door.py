"""The door to the assistant's desk channel, which alone says things in a conversation."""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp

from backend.handover.tables import DeskMessage
from backend.handover.texts import first_name

TIMEOUT = aiohttp.ClientTimeout(total=10)
_NEVER = frozenset({400, 404, 409, 413, 422})


class BotUnavailable(Exception):
    """The assistant did not answer as it should; the text says how."""


class CannotBeSaid(Exception):
    """The assistant can never say this in the conversation."""


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a message.

    Attributes:
        state: "sent", or "dropped" when it was no longer true.
        channel: The channel that it was handed to.
    """

    state: str
    channel: str | None


class BotDoor:
    """The desk channel's routes, below /webhooks/desk."""

    def __init__(self, rasa_url: str, service_token: str) -> None:
        """Creates the door.

        Args:
            rasa_url: Root of Rasa's channels.
            service_token: What is shown there.
        """
        self._root = f"{rasa_url.rstrip('/')}/webhooks/desk"
        self._headers = {"Authorization": f"Bearer {service_token}"}

    async def silence(self, conversation_id: str) -> None:
        """Asks the assistant to be silent in a conversation; returns when no turn is under way any more.

        Raises:
            BotUnavailable: It is not known to be silent.
        """
        try:
            await self._request("POST", f"/conversations/{quote(conversation_id, safe='')}/silence", {})
        except CannotBeSaid as error:
            raise BotUnavailable(str(error)) from error

    async def say(self, message: DeskMessage) -> Said:
        """Has a message said. The same one again is said once.

        Raises:
            BotUnavailable: It was not said, or nobody knows.
            CannotBeSaid: It never will be.
        """
        body = {
            "id": message.id,
            "author": first_name(message.author_name or ""),
            "text": message.text,
            "response": message.response,
            "values": message.values,
            "only_if": message.only_if,
        }
        path = f"/conversations/{quote(message.conversation_id, safe='')}/messages"
        answer = await self._request("POST", path, body)
        return Said(str(answer["state"]), answer.get("channel"))

    async def show_typing(self, conversation_id: str, person: str) -> None:
        """Shows a citizen who has the chat open that a person is writing; after some seconds it is gone.

        Raises:
            BotUnavailable: It could not be shown.
        """
        try:
            path = f"/conversations/{quote(conversation_id, safe='')}/typing"
            await self._request("POST", path, {"author": person})
        except CannotBeSaid as error:
            raise BotUnavailable(str(error)) from error

    async def report(self, message_id: str) -> str:
        """What is known of a message by SMS: "waiting", "sent", "delivered" or "failed".

        Raises:
            BotUnavailable: It could not be asked, or does not know the message.
        """
        try:
            return str((await self._request("GET", f"/messages/{message_id}"))["state"])
        except CannotBeSaid as error:
            raise BotUnavailable(str(error)) from error

    async def _request(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT, headers=self._headers) as session,
                session.request(method, self._root + path, json=body) as response,
            ):
                if response.status in _NEVER:
                    raise CannotBeSaid(f"HTTP {response.status}")
                response.raise_for_status()
                answer: dict[str, Any] = await response.json()
                return answer
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise BotUnavailable(type(error).__name__) from error
