"""The gateway itself: takes messages for phones and posts what phones write, as badly as it is told to."""

import asyncio
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.sms_gateway.formats import Call, Format, Refusal, Sent

WEBHOOK_TIMEOUT_SECONDS = 10
# Real gateways wait longer between their tries, and keep trying for a day.
RETRY_SECONDS = 0.3


@dataclass
class Faults:
    """How the gateway misbehaves.

    Attributes:
        duplicates: The share of webhooks that are posted twice.
        failing: The share of messages whose first try is answered with an error.
        lost_answers: The share of messages that are taken, but whose sender never hears so.
        is_down: Whether it takes nothing and posts nothing.
        chance: Where chance comes from.
    """

    duplicates: float = 0.0
    failing: float = 0.0
    lost_answers: float = 0.0
    is_down: bool = False
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def strike(self, share: float) -> bool:
        """Tells whether one of these faults happens now."""
        return self.chance.random() < share


@dataclass
class Phone:
    """A phone with a number.

    Attributes:
        number: Its number in E.164.
        arrived: What has come to it, in order: what the sender calls it, and the text.
    """

    number: str
    arrived: list[tuple[str, str]] = field(default_factory=list)

    @property
    def received(self) -> list[str]:
        """The texts that have come to it, in order."""
        return [text for _, text in list(self.arrived)]


class Gateway:
    """A gateway on a port of its own, in a thread of its own.

    Attributes:
        news: Set when a text has come to a phone.
        taken: How often each message was taken, by its reference.
        refused: What was handed over in another form than the provider demands.
        webhook_seconds: How long each webhook took to be answered.
        reported: Set when the sender of a text has been told that it is delivered.

    Args:
        format: The wire format.
        webhook_url: Where it posts what phones write.
        faults: How it misbehaves.
    """

    def __init__(self, format: Format, webhook_url: str, faults: Faults | None = None) -> None:
        self.format = format
        self.webhook_url = webhook_url
        self.faults = faults or Faults()
        self.phones: dict[str, Phone] = {}
        self.taken: Counter[str] = Counter()
        self.refused: list[str] = []
        self.webhook_seconds: list[float] = []
        self._tried: set[str] = set()
        self._arrived = threading.Condition()
        self.news = threading.Event()
        self.reported = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "Gateway":
        self._thread.start()
        self._do(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def url(self) -> str:
        """Root of the gateway's API."""
        return f"http://127.0.0.1:{self._port}"

    def phone(self, number: str) -> Phone:
        """The phone with a number."""
        return self.phones.setdefault(number, Phone(number))

    def write(self, phone: Phone, text: str) -> str:
        """Sends a text from a phone; it is posted until it is taken, and sometimes again. Gives its id."""
        id = uuid.uuid4().hex
        call = self.format.received(self.webhook_url, id, phone.number, text)
        asyncio.run_coroutine_threadsafe(self._deliver(call), self._loop)
        return id

    def wait_until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Waits until something is true of the phones; looks whenever a text arrives."""
        with self._arrived:
            return self._arrived.wait_for(condition, seconds)

    def _do(self, action: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(action, self._loop).result(timeout=20)

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_post(self.format.send_path, self._send)
        self._session = ClientSession(timeout=ClientTimeout(total=WEBHOOK_TIMEOUT_SECONDS))
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        self._statuses: set[asyncio.Task[None]] = set()

    async def _stop(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        await self._runner.cleanup()
        await self._session.close()
        for task in tasks:
            task.cancel()

    async def _send(self, request: web.Request) -> web.StreamResponse:
        if self.faults.is_down:
            return web.json_response({"code": "down"}, status=503)
        try:
            sent = self.format.sent(dict(request.headers), await request.read())
        except (Refusal, KeyError, ValueError) as reason:
            self.refused.append(repr(reason))
            return web.json_response({"code": "refused"}, status=422)
        first = sent.reference not in self._tried
        self._tried.add(sent.reference)
        if first and self.faults.strike(self.faults.failing):
            return web.json_response({"code": "busy"}, status=503)
        self._take(sent)
        if first and self.faults.strike(self.faults.lost_answers):
            assert request.transport is not None
            request.transport.close()
        return web.json_response(self.format.accepted(sent), status=201)

    def _take(self, sent: Sent) -> None:
        self.taken[sent.reference] += 1
        with self._arrived:
            self.phone(sent.number).arrived.append((sent.reference, sent.text))
            self._arrived.notify_all()
        self.news.set()
        task = self._loop.create_task(self._report(sent))
        self._statuses.add(task)
        task.add_done_callback(self._statuses.discard)

    async def _report(self, sent: Sent) -> None:
        for status in (self.format.enroute, self.format.delivered):
            await self._deliver(self.format.status(self.webhook_url, sent, status))
        self.reported.set()

    async def _deliver(self, call: Call) -> None:
        await self._post_until_taken(call)
        if self.faults.strike(self.faults.duplicates):
            await self._post_until_taken(call)

    async def _post_until_taken(self, call: Call) -> None:
        while not await self._post(call):  # noqa: ASYNC110 - a retry, as gateways make it
            await asyncio.sleep(RETRY_SECONDS)

    async def _post(self, call: Call) -> bool:
        if self.faults.is_down:
            return False
        start = time.perf_counter()
        try:
            async with self._session.post(call.url, data=call.body, headers=call.headers) as response:
                self.webhook_seconds.append(time.perf_counter() - start)
                return 200 <= response.status < 300
        except (ClientError, TimeoutError, asyncio.TimeoutError):
            return False
