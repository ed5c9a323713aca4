"""A proxy before the backend that makes it die at a chosen moment of a chosen request."""

import asyncio
import re
import threading
from collections.abc import Callable
from enum import Enum

from aiohttp import ClientError, ClientSession, web

# About half of what the backend takes for a write, so that its death falls in the middle of one.
WORKING_SECONDS = 0.003


class Moment(Enum):
    """When the backend dies, seen from one request."""

    BEFORE = "before the request reaches it"
    DURING = "while it works on the request"
    AFTER = "after it has answered, before the answer arrives"


class FaultProxy:
    """Forwards to the backend; once armed, the first matching request meets its death.

    Args:
        port: Where the proxy listens.
        backend_url: Where requests go.
        kill: Ends the backend at once.
    """

    def __init__(self, port: int, backend_url: str, kill: Callable[[], None]) -> None:
        self._port = port
        self._backend_url = backend_url
        self._kill = kill
        self._armed: tuple[Moment, re.Pattern[str]] | None = None
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "FaultProxy":
        self._ready = threading.Event()
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def arm(self, moment: Moment, request: str) -> None:
        """Lets the first request whose "METHOD path" matches the pattern be the last one."""
        self._armed = (moment, re.compile(request))

    @property
    def struck(self) -> bool:
        """Whether the armed fault has happened."""
        return self._armed is None

    def _serve(self) -> None:
        self._loop.run_until_complete(self._run())

    async def _run(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._forward)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self._port).start()
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _forward(self, request: web.Request) -> web.StreamResponse:
        moment = self._moment_of(request)
        if moment is Moment.BEFORE:
            await asyncio.to_thread(self._kill)
        sending = asyncio.ensure_future(self._send(request))
        if moment is Moment.DURING:
            await asyncio.sleep(WORKING_SECONDS)
            await asyncio.to_thread(self._kill)
        answer = await sending
        if moment is Moment.AFTER:
            await asyncio.to_thread(self._kill)
        if answer is None or moment is not None:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        return answer

    def _moment_of(self, request: web.Request) -> Moment | None:
        if self._armed and self._armed[1].search(f"{request.method} {request.path}"):
            moment, self._armed = self._armed[0], None
            return moment
        return None

    async def _send(self, request: web.Request) -> web.Response | None:
        url = self._backend_url + request.path_qs
        headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        try:
            async with (
                ClientSession() as session,
                session.request(request.method, url, data=await request.read(), headers=headers) as response,
            ):
                return web.Response(
                    body=await response.read(),
                    status=response.status,
                    headers={"Content-Type": response.headers.get("Content-Type", "")},
                )
        except ClientError:
            return None
