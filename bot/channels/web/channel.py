"""The web channel's events, bound to Rasa and to its intake. See the package for the protocol."""

from __future__ import annotations

import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json
from socketio import AsyncServer

from bot.channels.citizen_message import CitizenMessage, is_opaque_id
from bot.channels.codes import REMOVED
from bot.channels.history import AUTHOR, NOTICE_ID
from bot.channels.intake import AssistantUnavailable, Conversation, Intake
from bot.channels.links import OneTimeLinks
from bot.channels.owners import Owners
from bot.channels.seal import Seal
from bot.channels.surface import MAX_MESSAGE_BYTES, guard
from bot.channels.web.announcing import Announcing
from bot.channels.web.farewell import Farewell
from bot.channels.web.messages import HISTORY_LENGTH, behind, citizen_message, history
from bot.channels.web.output import WebOutput, note_delivered
from bot.channels.web.pace import Pace
from bot.channels.web.packets import TextPacket
from bot.channels.web.pings import ChatServer
from identifiers import kinds_in
from throttling import Proxies

SOCKETIO_PATH = "/socket.io"
# What a person wrote while the citizen was away is among the latest.
RECEIPTS = 20
# What is not taken for being too much at once; the client keeps it and sends it again.
SLOWER = {"ok": False, "error": "unavailable", "slower": True}


class Refusal(Exception):
    """What a client sent cannot be taken. Its text is the protocol's word for why."""


class WebInput(InputChannel):
    """Serves the chat widget over Socket.IO."""

    def __init__(
        self,
        seal: Seal,
        cors_origins: list[str],
        service_token: str,
        links: OneTimeLinks | None = None,
        owners: Owners | None = None,
        proxies: Proxies | None = None,
    ) -> None:
        """Creates the channel.

        Args:
            seal: Signs sessions and buttons.
            cors_origins: Origins of the pages that may embed the chat.
            service_token: What the backend shows when it has something said.
            links: One-time links into conversations; None where nothing gives any.
            owners: Knows which conversations a person has; None where nobody can take any.
            proxies: Whose word for who asks is believed; None where there is no proxy.
        """
        self._seal = seal
        self._owners = owners
        self._links = links
        self._pace = Pace(proxies or Proxies(""))
        self._service_token = service_token
        self._cors_origins = cors_origins
        self._sio: AsyncServer | None = None

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and of its path below /webhooks/."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebInput:
        """Creates the channel from credentials.yml.

        `signing_key`; `cors_origins`, a comma list; `service_token`; `links`, the file of one-time links,
        where there are any; `backend_url`, where a person can take conversations; `trusted_proxies`, a comma
        list, where a proxy stands in front.
        """
        credentials = credentials or {}
        origins = [origin.strip() for origin in str(credentials.get("cors_origins") or "").split(",")]
        origins = [origin for origin in origins if origin]
        service_token = str(credentials.get("service_token") or "")
        # With no origin at all, Socket.IO would leave the question unasked and let every page in.
        if not credentials.get("signing_key") or not origins or not service_token:
            cls.raise_missing_credentials_exception()
        links = OneTimeLinks(Path(credentials["links"])) if credentials.get("links") else None
        owners = Owners.from_credentials(credentials)
        proxies = Proxies(str(credentials.get("trusted_proxies") or ""))
        return cls(Seal(str(credentials["signing_key"])), origins, service_token, links, owners, proxies)

    def get_output_channel(self) -> OutputChannel | None:
        """Gives the output for messages the citizen did not ask for, such as a caseworker's."""
        return WebOutput(self._sio, self._seal, self._owners) if self._sio else None

    async def show_typing(self, conversation_id: str, author: str) -> None:
        """Shows in the open tabs of a conversation that a person is writing; it ends by itself."""
        if self._sio:
            await self._sio.emit("bot_typing", {"typing": True, "author": author}, room=conversation_id)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Gives the channel's routes. Messages go through the intake, so `on_new_message` is not used."""
        self._sio = ChatServer(
            async_mode="sanic",
            cors_allowed_origins=self._cors_origins,
            max_http_buffer_size=MAX_MESSAGE_BYTES,
            serializer=TextPacket,
        )
        return _WebBlueprint(
            self._sio, self._seal, self._service_token, self._links, self._owners, self._pace
        )


class _WebBlueprint(Blueprint):
    """Attaches the Socket.IO server, which is not a route, to the application Rasa makes."""

    def __init__(
        self,
        sio: AsyncServer,
        seal: Seal,
        service_token: str,
        links: OneTimeLinks | None,
        owners: Owners | None,
        pace: Pace,
    ) -> None:
        super().__init__("web_channel")
        # Sanic lets a blueprint carry nothing of its own but what is in its context.
        self.ctx.sio, self.ctx.seal, self.ctx.links, self.ctx.owners = sio, seal, links, owners
        self.ctx.pace = pace
        self.add_route(_health, "/", methods=["GET"])
        announcing = Announcing(service_token, WebOutput(sio, seal, owners), owners)

        async def announce(request: Request) -> HTTPResponse:
            return await announcing.announce(request)

        self.add_route(announce, "/announcements", methods=["POST"])
        farewell = Farewell(service_token, sio, seal)

        async def tell_erased(request: Request) -> HTTPResponse:
            return await farewell.tell(request)

        self.add_route(tell_erased, "/receipts", methods=["POST"])

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Attaches the server and starts listening to its events."""
        guard(app)
        self.ctx.sio.attach(app, SOCKETIO_PATH)
        intake = Intake(lambda: app.ctx.agent, self.ctx.owners, self.ctx.seal.code_proof)
        chat = _Chat(self.ctx.sio, self.ctx.seal, intake, self.ctx.links, self.ctx.owners, self.ctx.pace)
        self.ctx.sio.on("session_request", chat.session_request)
        self.ctx.sio.on("user_uttered", chat.user_uttered)
        self.ctx.sio.on("user_typing", chat.user_typing)
        super().register(app, options)


async def _health(_: Request) -> HTTPResponse:
    return json({"status": "ok"})


class _Chat:
    """What the server does with each event."""

    def __init__(
        self,
        sio: AsyncServer,
        seal: Seal,
        intake: Intake,
        links: OneTimeLinks | None,
        owners: Owners | None,
        pace: Pace,
    ) -> None:
        self._sio = sio
        self._seal = seal
        self._intake = intake
        self._links = links
        self._owners = owners
        self._pace = pace
        self._output = WebOutput(sio, seal, owners)

    async def session_request(self, sid: str, data: object = None) -> dict[str, Any]:
        """Binds the connection to a conversation: the token's, or a new one, which the assistant opens."""
        asked = data if isinstance(data, dict) else {}
        token, after = asked.get("token"), asked.get("after")
        known = self._linked(asked) or self._seal.conversation_id(token)
        if known is None and not self._pace.lets_begin(self._sio.get_environ(sid)):
            return SLOWER
        conversation_id = known or str(uuid.uuid4())
        try:
            # Held, so that what is said in a turn under way is either in the history or still to come.
            async with self._intake.conversation(conversation_id) as conversation:
                await self._bind(sid, conversation_id)
                said = history(conversation_id, conversation.events, self._seal)
                news = behind(said, after)
                confirmation = {
                    "token": self._seal.session_token(conversation_id),
                    "resumed": conversation.has_begun,
                    "after": None if news is None else after,
                    "history": said[-HISTORY_LENGTH:] if news is None else news,
                }
                receipt = self._receipt_for(conversation)
                await self._sio.emit("session_confirm", confirmation, to=sid, callback=receipt)
                if not conversation.has_begun:
                    await self._typing(conversation_id, conversation.begin(WebInput.name(), self._output))
        except AssistantUnavailable:
            return {"ok": False, "error": "unavailable"}
        return {"ok": True}

    def _receipt_for(self, conversation: Conversation) -> Callable[..., Awaitable[None]] | None:
        """What to do when a history is shown: a person's latest messages have arrived with it."""
        ids = [
            str(event.metadata[NOTICE_ID])
            for event in conversation.events
            if isinstance(event, BotUttered) and event.metadata.get(AUTHOR)
        ][-RECEIPTS:]
        return partial(note_delivered, self._owners, ids) if self._owners and ids else None

    def _linked(self, asked: dict[str, Any]) -> str | None:
        """The conversation that a one-time link leads into, if the page was opened by one."""
        code = asked.get("link")
        return self._links.redeem(code, time.time()) if code and self._links else None

    async def user_uttered(self, sid: str, data: object = None) -> dict[str, Any]:
        """Takes a message in and answers it. The result is the acknowledgement."""
        try:
            session = await self._sio.get_session(sid)
            message = self._message(session.get("conversation_id"), data)
            if not self._pace.lets_say(message.conversation_id):
                return SLOWER
            async with self._intake.conversation(message.conversation_id) as conversation:
                message = conversation.as_kept(message)
                if not conversation.has_heard(message):
                    await self._echo(sid, message)
                    turn = conversation.take(message, self._output)
                    # What a person is shown to be doing is not ended by an assistant that says nothing.
                    await (turn if conversation.was_paused else self._typing(message.conversation_id, turn))
        except Refusal as refusal:
            return {"ok": False, "error": str(refusal)}
        except AssistantUnavailable:
            return {"ok": False, "error": "unavailable"}
        is_changed = message.words == REMOVED or kinds_in(message.text)
        return {"ok": True, "text": message.words} if is_changed else {"ok": True}

    async def user_typing(self, sid: str, data: object = None) -> dict[str, Any]:
        """The citizen is writing. The acknowledgement tells whether a person sees it."""
        conversation_id = (await self._sio.get_session(sid)).get("conversation_id")
        if not self._owners or not conversation_id or not self._pace.lets_type(conversation_id):
            return {"ok": True, "seen": False}
        return {"ok": True, "seen": await self._owners.note_typing(conversation_id)}

    async def _bind(self, sid: str, conversation_id: str) -> None:
        before = (await self._sio.get_session(sid)).get("conversation_id")
        if before:
            self._sio.leave_room(sid, before)
        self._sio.enter_room(sid, conversation_id)
        await self._sio.save_session(sid, {"conversation_id": conversation_id})

    def _message(self, conversation_id: str | None, data: object) -> CitizenMessage:
        """Reads what a client sent, trusting nothing but signatures.

        Raises:
            Refusal: The connection has no conversation, the data has another form, or the button is not ours.
        """
        if conversation_id is None:
            raise Refusal("no-session")
        if not isinstance(data, dict):
            raise Refusal("invalid")
        message_id, text, button = data.get("id"), data.get("text"), data.get("button")
        if not is_opaque_id(message_id):
            raise Refusal("invalid")
        if isinstance(button, dict):
            title, payload = self._clicked(conversation_id, button)
            message = CitizenMessage.clicked(conversation_id, WebInput.name(), title, payload, message_id)
        elif isinstance(text, str):
            message = CitizenMessage.typed(conversation_id, WebInput.name(), text, message_id)
        else:
            raise Refusal("invalid")
        return replace(message, wants_easy_words=data.get("easy") is True)

    def _clicked(self, conversation_id: str, button: dict[str, Any]) -> tuple[str, str]:
        title, payload, signature = (button.get(part) for part in ("title", "payload", "signature"))
        if not (isinstance(title, str) and isinstance(payload, str) and isinstance(signature, str)):
            raise Refusal("invalid")
        if not self._seal.is_genuine(conversation_id, title, payload, signature):
            raise Refusal("unknown-button")
        return title, payload

    async def _echo(self, sid: str, message: CitizenMessage) -> None:
        """Shows the message in the citizen's other tabs."""
        if message.words:
            shown = citizen_message(message.words, time.time(), message.id)
            await self._sio.emit("bot_uttered", shown, room=message.conversation_id, skip_sid=sid)

    async def _typing(self, conversation_id: str, turn: Awaitable[None]) -> None:
        """Shows that the assistant is typing for as long as a turn takes."""
        await self._sio.emit("bot_typing", {"typing": True}, room=conversation_id)
        try:
            await turn
        finally:
            await self._sio.emit("bot_typing", {"typing": False}, room=conversation_id)
