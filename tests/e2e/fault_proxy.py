"""A proxy before the backend that makes it die at a chosen moment of a chosen request, or answer badly."""

import asyncio
import random
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


class Ailment(Enum):
    """How a backend that lives answers badly."""

    SLOW = "ten seconds late"
    FAILING = "500"
    GARBAGE = "garbage"
    HALF = "half a body"


SLOW_SECONDS = 10.0


class FaultProxy:
    """Forwards to the backend; once armed, the first matching request meets its death.

    Attributes:
        ailing: How many requests were answered badly.

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
        self._ailment: tuple[Ailment, float, random.Random] | None = None
        self.ailing = 0
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

    def ail(self, ailment: Ailment, share: float, chance: random.Random) -> None:
        """Lets a share of the requests be answered badly, whether they have been carried out or not."""
        self._ailment = (ailment, share, chance)

    def recover(self) -> None:
        """Lets every request be answered well again."""
        self._ailment = None

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
        if self._ailment and self._ailment[2].random() < self._ailment[1]:
            self.ailing += 1
            return await self._answer_badly(request, *self._ailment[::2])
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

    async def _answer_badly(
        self, request: web.Request, ailment: Ailment, chance: random.Random
    ) -> web.StreamResponse:
        answer = None
        if ailment is Ailment.SLOW:
            # Also when nobody waits for the answer any more, the request arrives.
            await request.read()
            await asyncio.sleep(SLOW_SECONDS)
        if ailment is Ailment.SLOW or chance.random() < 0.5:
            answer = await self._send(request)
        if ailment is Ailment.SLOW and answer is not None:
            return answer
        if ailment is Ailment.HALF:
            return await _half(request, answer)
        if ailment is Ailment.GARBAGE:
            return web.Response(text="<html><h1>Bad Gateway</h1></html>", content_type="text/html")
        return web.Response(status=500, text="Internal Server Error")

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


async def _half(request: web.Request, answer: web.Response | None) -> web.StreamResponse:
    """Begins an answer that is not finished."""
    whole = answer.body if answer is not None and isinstance(answer.body, bytes) else b'{"id": "1"}'
    half = web.StreamResponse(headers={"Content-Length": str(len(whole)), "Content-Type": "application/json"})
    await half.prepare(request)
    await half.write(whole[: len(whole) // 2])
    assert request.transport is not None
    request.transport.close()
    return half
