"""Empties the spool into the backend, in order, for as long as the process lives."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence

import aiohttp

from bot.events.spool import Spool, SpooledEvent
from bot.instruments import EVENTS_REFUSED
from bot.rotation import newest
from observability.metrics import worked

logger = logging.getLogger(__name__)

# The backend takes at most 500 events in a request.
BATCH_EVENTS = 200
BATCH_CHARACTERS = 500_000
TIMEOUT_SECONDS = 10.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
# Events of another process do not wake us.
LOOK_AGAIN_SECONDS = 1.0

# Refusals that are about the caller or the moment, not about the events.
_PASSING_REFUSALS = frozenset({401, 403, 404, 408, 425, 429})


class Unavailable(Exception):
    """The backend did not take the events now."""


class Rejected(Exception):
    """The backend will not take these events, ever."""


class EventsEndpoint:
    """POST /api/v1/events at the backend."""

    def __init__(self, backend_url: str, token: str) -> None:
        """Creates the endpoint.

        Args:
            backend_url: Root of the backend.
            token: The service token.
        """
        self._url = f"{backend_url.rstrip('/')}/api/v1/events"
        self._headers = {"Authorization": f"Bearer {newest(token)}", "Content-Type": "application/json"}

    async def post(self, events: Sequence[SpooledEvent]) -> None:
        """Delivers events. Returns when the backend has acknowledged them.

        Raises:
            Unavailable: No answer, or one that says nothing about the events.
            Rejected: At least one of the events is not acceptable.
        """
        body = f'{{"events":[{",".join(event.body for event in events)}]}}'
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, headers=self._headers) as session,
                session.post(self._url, data=body.encode()) as response,
            ):
                status = response.status
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise Unavailable(repr(error)) from error
        if 400 <= status < 500 and status not in _PASSING_REFUSALS:
            raise Rejected(f"HTTP {status}")
        if not 200 <= status < 300:
            raise Unavailable(f"HTTP {status}")


class Sender:
    """Delivers what is in the spool and deletes only what was acknowledged."""

    def __init__(self, spool: Spool, endpoint: EventsEndpoint) -> None:
        self._spool = spool
        self._endpoint = endpoint
        self._published = asyncio.Event()
        self._failures = 0

    def wake(self) -> None:
        """Tells that there is something new in the spool."""
        self._published.set()

    async def run(self) -> None:
        """Sends until cancelled."""
        while True:
            self._published.clear()
            try:
                sent = self._spool.claim() and await self._send_oldest()
            except Unavailable as unavailable:
                await self._pause(str(unavailable))
            except Exception:
                logger.exception("Sending events failed.")
                await self._pause("an error of our own")
            else:
                worked("events")
                if self._failures:
                    logger.info("The backend takes events again.")
                self._failures = 0
                if not sent:
                    await self._until_published()

    async def _send_oldest(self) -> bool:
        batch = self._spool.oldest(BATCH_EVENTS, BATCH_CHARACTERS)
        if batch:
            await self._deliver(batch)
        return bool(batch)

    async def _deliver(self, batch: Sequence[SpooledEvent]) -> None:
        """Delivers a batch; one that is refused is halved until the event that is at fault stands alone."""
        try:
            await self._endpoint.post(batch)
        except Rejected as rejected:
            if len(batch) == 1:
                self._spool.set_aside(batch[0], str(rejected))
                EVENTS_REFUSED.inc()
                logger.error("Event %s was refused (%s) and is set aside.", batch[0].event_id, rejected)
                return
            middle = len(batch) // 2
            await self._deliver(batch[:middle])
            await self._deliver(batch[middle:])
        else:
            self._spool.remove(batch)

    async def _pause(self, reason: str) -> None:
        """Waits longer after each failure in a row, and not as long as other senders do."""
        longest = min(FIRST_PAUSE_SECONDS * 2**self._failures, LONGEST_PAUSE_SECONDS)
        seconds = longest * random.uniform(0.5, 1)  # noqa: S311 - spreads load, hides nothing
        if not self._failures:
            logger.warning("Events wait in the spool: %s.", reason)
        self._failures = min(self._failures + 1, 10)
        await asyncio.sleep(seconds)

    async def _until_published(self) -> None:
        try:
            await asyncio.wait_for(self._published.wait(), LOOK_AGAIN_SECONDS)
        except asyncio.TimeoutError:
            return
