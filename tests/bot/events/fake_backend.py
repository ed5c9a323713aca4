"""The backend's /api/v1/events as the sender meets it: it can be away, refuse, or be slow to answer."""

import asyncio
import json
from contextlib import asynccontextmanager

from aiohttp import web

TOKEN = "service-token"


class FakeBackend:
    """Remembers each event once, in the order of arrival, as the backend promises to."""

    def __init__(self):
        self.events = {}
        self.batches = []
        self.refuses = set()
        self.status = None
        self.answers = asyncio.Event()
        self.answers.set()
        self._arrived = asyncio.Condition()
        self._runner = None
        self.port = None

    async def start(self):
        app = web.Application()
        app.router.add_post("/api/v1/events", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port or 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self):
        await self._runner.cleanup()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def texts(self):
        return [event["event"].get("text") for event in self.events.values()]

    async def until(self, condition):
        async with self._arrived:
            await asyncio.wait_for(self._arrived.wait_for(lambda: condition(self)), timeout=60)

    async def _take(self, request):
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        events = json.loads(await request.text())["events"]
        self.batches.append(events)
        status = self.status or (422 if any(e["event"].get("text") in self.refuses for e in events) else 200)
        if status == 200:
            self.events.update(
                {event["event_id"]: event for event in events if event["event_id"] not in self.events}
            )
        async with self._arrived:
            self._arrived.notify_all()
        await self.answers.wait()
        return web.json_response({"accepted": len(events), "duplicates": 0}, status=status)


@asynccontextmanager
async def fake_backend():
    backend = FakeBackend()
    await backend.start()
    try:
        yield backend
    finally:
        backend.answers.set()
        await backend.stop()
