"""Lines between a citizen and the assistant that do not give up: they send again what was not acknowledged.

Both do what our own client does: a message goes with the same id until the assistant says that it has
it, and what was said meanwhile is fetched from the history.
"""

import asyncio
import base64
import json
import time
from typing import Any, Protocol

import aiohttp
import socketio
from socketio.exceptions import SocketIOError

from benchmarks.faults.ledger import Exchange, Ledger, Said
from benchmarks.house import House

AGAIN_SECONDS = 0.5
ANSWER_SECONDS = 90.0
PATIENCE_SECONDS = 420.0

Messages = list[dict[str, Any]]


class GaveUp(Exception):
    """The assistant could not be reached for longer than anybody would wait."""


class Line(Protocol):
    """A way to write to the assistant."""

    ledger: Ledger

    async def open(self) -> Messages:
        """Opens the conversation, and gives what the assistant begins with."""

    async def send(self, exchange: Exchange) -> Messages:
        """Sends a message until it is acknowledged, and gives the answer.

        Raises:
            GaveUp: It never was.
        """

    def has_heard(self, words: str) -> bool:
        """Whether the assistant has said something, also unasked."""

    async def close(self) -> None:
        """Hangs up."""


class RestLine:
    """Writes at the REST channel.

    Args:
        house: Where the assistant runs.
        session: The HTTP session to use.
        conversation_id: The conversation's id.
    """

    def __init__(self, house: House, session: aiohttp.ClientSession, conversation_id: str) -> None:
        self._house = house
        self._session = session
        self.ledger = Ledger(conversation_id, "rest")

    async def open(self) -> Messages:
        """The citizen is the first to write here."""
        return []

    async def send(self, exchange: Exchange) -> Messages:
        """Sends a message until it is acknowledged, and gives the answer.

        Raises:
            GaveUp: It never was.
        """
        begin(self.ledger, exchange)
        while not is_hopeless(exchange):
            exchange.tries += 1
            messages = await self._try(exchange)
            if messages is not None:
                end(exchange, messages)
                return messages
            await asyncio.sleep(AGAIN_SECONDS)
        raise GaveUp(exchange.written)

    def has_heard(self, words: str) -> bool:
        """Whether the assistant has said something; nothing is said unasked here."""
        return any(words in exchange.text for exchange in self.ledger.exchanges)

    async def close(self) -> None:
        """Nothing is held open."""

    async def _try(self, exchange: Exchange) -> Messages | None:
        body = {
            "sender": self.ledger.conversation_id,
            "message": exchange.written,
            "message_id": exchange.message_id,
        }
        headers = {"Authorization": f"Bearer {self._house.secrets['DIGISPOR_REST_TOKEN']}"}
        url = f"{self._house.chat_url}/webhooks/rest/webhook"
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        try:
            async with self._session.post(url, json=body, headers=headers, timeout=timeout) as response:
                answer = await response.text()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None
        if response.status != 200:
            self.ledger.shown.append(answer)
            return None
        messages: Messages = json.loads(answer)
        return messages


class WebLine:
    """Speaks the widget's protocol, and connects again whenever the connection is gone.

    Args:
        house: Where the assistant runs.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._socket: socketio.AsyncClient | None = None
        self._token: str | None = None
        self._heard: dict[str, dict[str, Any]] = {}
        self._gone = asyncio.Event()
        self.ledger = Ledger("", "web")

    async def open(self) -> Messages:
        """Opens the conversation, and gives what the assistant begins with.

        Raises:
            GaveUp: It could not be opened.
        """
        opening = Exchange("", "", sent_at=time.time())
        self.ledger.exchanges.append(opening)
        while not is_hopeless(opening):
            opening.tries += 1
            if await self._connect() and await self._until_buttons():
                messages = list(self._heard.values())
                end(opening, messages)
                return messages
            await self._hang_up()
            await asyncio.sleep(AGAIN_SECONDS)
        raise GaveUp("the conversation could not be opened")

    async def send(self, exchange: Exchange) -> Messages:
        """Sends a message until it is acknowledged, and gives the answer.

        Raises:
            GaveUp: It never was.
        """
        begin(self.ledger, exchange)
        before = set(self._heard)
        while not is_hopeless(exchange):
            exchange.tries += 1
            if (self._socket is not None or await self._connect()) and await self._try(exchange):
                messages = [message for id, message in self._heard.items() if id not in before]
                end(exchange, messages)
                return messages
            await self._hang_up()
            await asyncio.sleep(AGAIN_SECONDS)
        raise GaveUp(exchange.written)

    def has_heard(self, words: str) -> bool:
        """Whether the assistant has said something, also unasked."""
        return any(words in message.get("text", "") for message in self._heard.values())

    async def close(self) -> None:
        """Hangs up."""
        await self._hang_up()

    async def _connect(self) -> bool:
        self._gone = asyncio.Event()
        confirmed: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        connection = socketio.AsyncClient(reconnection=False)
        connection.on("bot_uttered", self._hear)
        connection.on("disconnect", lambda *_: self._gone.set())

        async def confirm(confirmation: dict[str, Any]) -> None:
            # Also sent unasked, when what is erased gives place to the words that tell so.
            for message in confirmation["history"]:
                await self._hear(message)
            if not confirmed.done():
                confirmed.set_result(confirmation)

        connection.on("session_confirm", confirm)
        try:
            await connection.connect(self._house.chat_url, transports=["websocket"])
            after = next(reversed(self._heard), None)
            await connection.emit("session_request", {"token": self._token, "after": after})
            given = await self._unless_gone(confirmed)
        except (SocketIOError, aiohttp.ClientError, OSError, TimeoutError):
            given = None
        self._socket = connection
        if given is None:
            return False
        self._token = str(given["token"])
        self.ledger.conversation_id = _subject(self._token)
        return True

    async def _try(self, exchange: Exchange) -> bool:
        assert self._socket is not None
        acknowledged: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

        def acknowledge(answer: dict[str, Any] | None = None, *_: object) -> None:
            if not acknowledged.done():
                acknowledged.set_result(answer or {})

        said = {"button": exchange.button} if exchange.button else {"text": exchange.written}
        try:
            await self._socket.emit("user_uttered", {"id": exchange.message_id, **said}, callback=acknowledge)
        except (SocketIOError, aiohttp.ClientError, OSError):
            return False
        answer = await self._unless_gone(acknowledged)
        return bool(answer and answer.get("ok"))

    async def _until_buttons(self) -> bool:
        """Waits for the introduction, which ends with buttons."""
        while not self._gone.is_set():
            if any(message.get("buttons") for message in self._heard.values()):
                return True
            await asyncio.sleep(0.02)
        return False

    async def _unless_gone(self, hoped: asyncio.Future[dict[str, Any]]) -> dict[str, Any] | None:
        gone = asyncio.ensure_future(self._gone.wait())
        await asyncio.wait((hoped, gone), timeout=ANSWER_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        return hoped.result() if hoped.done() else None

    async def _hear(self, message: dict[str, Any]) -> None:
        if message["from"] == "bot":
            self._heard.setdefault(message["id"], message)

    async def _hang_up(self) -> None:
        connection, self._socket = self._socket, None
        if connection is not None:
            await connection.disconnect()


def begin(ledger: Ledger, exchange: Exchange) -> None:
    """Notes that a message is sent."""
    exchange.sent_at = time.time()
    ledger.exchanges.append(exchange)


def end(exchange: Exchange, messages: Messages) -> None:
    """Notes that a message is acknowledged, and what was said to it."""
    exchange.answered_at = time.time()
    exchange.said += [Said(message["text"], message.get("at")) for message in messages if message.get("text")]


def is_hopeless(exchange: Exchange) -> bool:
    """Whether nobody would wait any longer."""
    return time.time() - exchange.sent_at > PATIENCE_SECONDS


def _subject(token: str) -> str:
    claims = token.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"])
