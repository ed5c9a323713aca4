"""A chat server whose words a test decides, on real sockets: the other end for the widget's own tests."""

import asyncio
import threading
import time
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import socketio
from aiohttp import web

STATIC = Path(__file__).resolve().parents[2] / "backend" / "static"
# What an embedding page may demand of the widget: no inline style, no inline script, no third party.
STRICT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self' ws:; base-uri 'none'; form-action 'none'"
)
PAGE = """<!doctype html><html lang="da"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Prøveside</title>
<link rel="stylesheet" href="/static/dkfds/css/dkfds.css">
<script defer src="/static/widget/digispor-chat.js"></script></head>
<body><main class="container"><h1>Prøveside</h1>
<digispor-chat title="Digispor" {attributes}><p>Ring til os på 33 66 33 66.</p></digispor-chat>
</main></body></html>"""

Message = dict[str, Any]


class ScriptedChat:
    """Serves a page with the widget, and is the other end of its conversation.

    Attributes:
        history: What has been said, oldest first; each citizen message once.
        arrived: The id of every message that came in, repeats too.
        answers: What to answer to the coming messages, one list a message; nothing when it is empty.
    """

    def __init__(self) -> None:
        self.history: list[Message] = []
        self.arrived: list[str] = []
        self.answers: list[list[Message]] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The page with the widget, inline."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Begins to listen; on the same port as before, if it has listened before."""
        self._do(self._start())

    def stop(self) -> None:
        """Ends every connection. What was said is kept."""
        self._do(self._stop())

    def close(self) -> None:
        """Stops for good."""
        self.stop()
        self._do(_end_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def say(self, *messages: Message) -> None:
        """Says something to everyone who listens."""
        self._do(self._say(messages))

    def typing(self, typing: bool) -> None:
        """Shows or ends the typing."""
        self._do(self._sio.emit("bot_typing", {"typing": typing}))

    def said_by_citizen(self) -> list[str]:
        """What the citizen has said, in order."""
        return [message["text"] for message in self.history if message["from"] == "citizen"]

    def _do(self, action: Coroutine[Any, Any, None]) -> None:
        future: Future[None] = asyncio.run_coroutine_threadsafe(action, self._loop)
        future.result(timeout=20)

    async def _start(self) -> None:
        self._sio = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins=[])
        self._sio.on("session_request", self._session_request)
        self._sio.on("user_uttered", self._user_uttered)
        app = web.Application()
        self._sio.attach(app)
        app.router.add_get("/", self._page)
        app.router.add_static("/static", STATIC)
        app.on_response_prepare.append(_set_policy)
        # Open sockets would otherwise be waited for.
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _stop(self) -> None:
        if self._runner is None:
            return
        await self._runner.cleanup()
        self._runner = None

    async def _page(self, request: web.Request) -> web.Response:
        attributes = 'mode="bubble"' if "bubble" in request.query else ""
        return web.Response(text=PAGE.format(attributes=attributes), content_type="text/html")

    async def _session_request(self, sid: str, data: dict[str, Any]) -> dict[str, Any]:
        resumed = data.get("token") is not None
        confirmation = {"token": "a-token", "resumed": resumed, "history": self.history}
        await self._sio.emit("session_confirm", confirmation, to=sid)
        return {"ok": True}

    async def _user_uttered(self, _: str, data: dict[str, Any]) -> dict[str, Any]:
        self.arrived.append(data["id"])
        if any(message.get("id") == data["id"] for message in self.history):
            return {"ok": True}
        text = data["text"] if "text" in data else data["button"]["title"]
        self.history.append({"from": "citizen", "text": text, "at": time.time(), "id": data["id"]})
        if self.answers:
            await self._say(self.answers.pop(0))
        return {"ok": True}

    async def _say(self, messages: Sequence[Message]) -> None:
        for message in messages:
            said = {"from": "bot", "at": time.time(), **message}
            self.history.append(said)
            await self._sio.emit("bot_uttered", said)


async def _set_policy(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["Content-Security-Policy"] = STRICT_POLICY


async def _end_tasks() -> None:
    """Ends what Socket.IO keeps running for connections that are gone."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
