"""The web channel's events, bound to Rasa and to its intake. See the package for the protocol."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json
from socketio import AsyncServer

from bot.channels.backend import Backend
from bot.channels.intake import Intake
from bot.channels.links import OneTimeLinks
from bot.channels.owners import Owners
from bot.channels.receipts import Receipts
from bot.channels.seal import Seal
from bot.channels.surface import MAX_MESSAGE_BYTES, guard
from bot.channels.web.announcing import Announcing
from bot.channels.web.chat import Chat
from bot.channels.web.farewell import Confirmation, Farewell
from bot.channels.web.output import WebOutput
from bot.channels.web.pace import Pace
from bot.channels.web.packets import TextPacket
from bot.channels.web.pings import ChatServer
from throttling import Proxies

SOCKETIO_PATH = "/socket.io"


class WebInput(InputChannel):
    """Serves the chat widget over Socket.IO."""

    def __init__(
        self,
        seal: Seal,
        cors_origins: list[str],
        service_token: str,
        links: OneTimeLinks | None = None,
        backend: Backend | None = None,
        proxies: Proxies | None = None,
    ) -> None:
        """Creates the channel.

        Args:
            seal: Signs sessions and buttons.
            cors_origins: Origins of the pages that may embed the chat.
            service_token: What the backend shows when it has something said.
            links: One-time links into conversations; None where nothing gives any.
            backend: Knows which conversations a person has, and which are erased; None where neither happens.
            proxies: Whose word for who asks is believed; None where there is no proxy.
        """
        self._seal = seal
        self._owners = Owners(backend) if backend else None
        self._receipts = Receipts(backend) if backend else None
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
        where there are any; `backend_url`, where a person can take conversations and they can be erased;
        `trusted_proxies`, a comma list, where a proxy stands in front.
        """
        credentials = credentials or {}
        origins = [origin.strip() for origin in str(credentials.get("cors_origins") or "").split(",")]
        origins = [origin for origin in origins if origin]
        service_token = str(credentials.get("service_token") or "")
        # With no origin at all, Socket.IO would leave the question unasked and let every page in.
        if not credentials.get("signing_key") or not origins or not service_token:
            cls.raise_missing_credentials_exception()
        links = OneTimeLinks(Path(credentials["links"])) if credentials.get("links") else None
        backend = Backend.from_credentials(credentials)
        proxies = Proxies(str(credentials.get("trusted_proxies") or ""))
        return cls(Seal(str(credentials["signing_key"])), origins, service_token, links, backend, proxies)

    def get_output_channel(self) -> OutputChannel | None:
        """Gives the output for messages the citizen did not ask for, such as a caseworker's."""
        return WebOutput(self._sio, self._seal, self._owners) if self._sio else None

    async def show_typing(self, conversation_id: str, author: str) -> None:
        """Shows in the open tabs of a conversation that a person is writing; it ends by itself."""
        if self._sio:
            await self._sio.emit("bot_typing", {"typing": True, "author": author}, room=conversation_id)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Gives the channel's routes. Messages go through the intake, so `on_new_message` is not used."""
        sio = self._sio = ChatServer(
            async_mode="sanic",
            cors_allowed_origins=self._cors_origins,
            max_http_buffer_size=MAX_MESSAGE_BYTES,
            serializer=TextPacket,
        )
        farewell = Farewell(self._service_token, sio, self._seal, self._receipts)
        announcing = Announcing(self._service_token, WebOutput(sio, self._seal, self._owners), self._owners)

        def chat_in(app: Sanic) -> Chat:
            intake = Intake(lambda: app.ctx.agent, self._owners, self._seal.code_proof)

            async def on_return(conversation_id: str) -> Confirmation | None:
                return await farewell.on_return(app.ctx.agent, conversation_id)

            return Chat(sio, self._seal, intake, self._links, self._owners, self._pace, on_return)

        return _WebBlueprint(sio, chat_in, announcing, farewell)


class _WebBlueprint(Blueprint):
    """Attaches the Socket.IO server, which is not a route, to the application Rasa makes."""

    def __init__(
        self,
        sio: AsyncServer,
        chat_in: Callable[[Sanic], Chat],
        announcing: Announcing,
        farewell: Farewell,
    ) -> None:
        super().__init__("web_channel")
        # Sanic lets a blueprint carry nothing of its own but what is in its context.
        self.ctx.sio, self.ctx.chat_in = sio, chat_in
        self.add_route(_health, "/", methods=["GET"])

        async def announce(request: Request) -> HTTPResponse:
            return await announcing.announce(request)

        self.add_route(announce, "/announcements", methods=["POST"])

        async def tell_erased(request: Request) -> HTTPResponse:
            return await farewell.tell(request)

        self.add_route(tell_erased, "/receipts", methods=["POST"])

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Attaches the server and starts listening to its events."""
        guard(app)
        self.ctx.sio.attach(app, SOCKETIO_PATH)
        chat = self.ctx.chat_in(app)
        self.ctx.sio.on("session_request", chat.session_request)
        self.ctx.sio.on("user_uttered", chat.user_uttered)
        self.ctx.sio.on("user_typing", chat.user_typing)
        super().register(app, options)


async def _health(_: Request) -> HTTPResponse:
    return json({"status": "ok"})
