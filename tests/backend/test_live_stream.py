"""A stream goes only to who reads it, on a server as `python -m backend` runs one."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
from aiohttp import web

from backend.live.readers import MOST_STREAMS, Readers, TooManyStreams
from backend.live.stream import EventStream, ReaderGone
from backend.live.watch import Pace


@asynccontextmanager
async def serving(handler):
    """Serves a page. Unlike aiohttp's server for tests, it tells no handler that its reader has gone."""
    app = web.Application()
    app.router.add_get("/", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0]
    finally:
        await runner.cleanup()


async def test_who_does_not_read_is_dropped():
    dropped = asyncio.Event()

    async def shout(request):
        stream = EventStream(request, Pace())
        await stream.open()
        try:
            while True:
                await stream.tell("news", 1, {"text": "x" * 10_000})
        except ReaderGone:
            dropped.set()
            return stream.response

    async with serving(shout) as (host, port):
        # With a limit of a byte, what arrives is left where it is.
        _, writer = await asyncio.open_connection(host, port, limit=1)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await asyncio.wait_for(dropped.wait(), 30)
        writer.close()


async def test_a_stream_that_was_left_counts_no_more():
    readers = Readers()

    async def say_nothing(request):
        stream = EventStream(request, Pace())
        try:
            with readers.admit("karen", stream):
                await stream.open()
                await asyncio.Event().wait()
        except TooManyStreams:
            return web.Response(status=429)

    async with (
        serving(say_nothing) as (host, port),
        aiohttp.ClientSession(f"http://{host}:{port}") as session,
        AsyncExitStack() as stack,
    ):
        for _ in range(MOST_STREAMS):
            last = await stack.enter_async_context(session.get("/"))
            assert last.status == 200
        async with session.get("/") as one_more:
            assert one_more.status == 429
        last.close()
        # The server is told by the network, a little later.
        async with asyncio.timeout(30):
            while True:
                async with session.get("/") as again:
                    if again.status == 200:
                        return
