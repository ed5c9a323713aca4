"""A citizen at the web channel, for measurements and end-to-end tests."""

import asyncio
import uuid
from types import TracebackType
from typing import Any

import socketio

ANSWER_SECONDS = 30


class WebCitizen:
    """Speaks the widget's protocol over Socket.IO.

    Args:
        chat_url: Root of the Rasa server.
        token: A session token to go on with, or None for a new conversation.
    """

    def __init__(self, chat_url: str, token: str | None = None) -> None:
        self._chat_url = chat_url
        self._socket = socketio.AsyncClient()
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._confirmed: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.token = token
        self.history: list[dict[str, Any]] = []
        self._socket.on("bot_uttered", self._messages.put)
        self._socket.on("session_confirm", self._confirm)

    async def __aenter__(self) -> "WebCitizen":
        await self._socket.connect(self._chat_url, transports=["websocket"])
        await self._socket.emit("session_request", {"token": self.token})
        confirmed = await asyncio.wait_for(self._confirmed, ANSWER_SECONDS)
        self.token, self.history = confirmed["token"], confirmed["history"]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._socket.disconnect()

    async def write(self, text: str) -> None:
        """Sends text."""
        await self._socket.call("user_uttered", {"id": str(uuid.uuid4()), "text": text})

    async def press(self, button: dict[str, Any]) -> None:
        """Presses a button as it was offered."""
        await self._socket.call("user_uttered", {"id": str(uuid.uuid4()), "button": button})

    async def hear(self) -> dict[str, Any]:
        """Gives the next message of the assistant.

        Raises:
            TimeoutError: None came.
        """
        return await asyncio.wait_for(self._messages.get(), ANSWER_SECONDS)

    async def hear_until_asked(self) -> dict[str, Any]:
        """Gives the next message that offers buttons; those before it are passed over."""
        while True:
            message = await self.hear()
            if message.get("buttons"):
                return message

    async def _confirm(self, confirmation: dict[str, Any]) -> None:
        if not self._confirmed.done():
            self._confirmed.set_result(confirmation)


def button(message: dict[str, Any], title: str) -> dict[str, Any]:
    """Finds a message's button by its title.

    Raises:
        LookupError: There is none with that title.
    """
    for offered in message["buttons"]:
        if offered["title"] == title:
            return dict(offered)
    raise LookupError(f"{title!r} is not offered in {message}")
