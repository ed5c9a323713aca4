"""Work for many conversations side by side, and for each of them in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

logger = logging.getLogger(__name__)

LANES = 20
# Work whose time comes, or that another process has stored, does not wake us.
LOOK_AGAIN_SECONDS = 0.5


class NotYet(Exception):
    """What there is to do cannot be done now, and nothing is wrong."""


class Lanes:
    """Does what there is to do for each conversation, until it is cancelled.

    Args:
        waiting: Gives the conversations that have something to do; asked again and again.
        work: Does all there is for one of them. What it raises is logged, and it is tried again.
    """

    def __init__(self, waiting: Callable[[], Iterable[str]], work: Callable[[str], Awaitable[None]]) -> None:
        self._waiting = waiting
        self._work = work
        self._changed = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """Tells that there is something new to do."""
        self._changed.set()

    async def run(self) -> None:
        """Works until cancelled, and ends what is under way when it is."""
        try:
            while True:
                self._changed.clear()
                self._begin()
                await self._until_changed()
        finally:
            tasks = list(self._busy.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _until_changed(self) -> None:
        # Python 3.10's wait_for would lose a cancellation that comes at the same moment as the news.
        look_again = asyncio.get_running_loop().call_later(LOOK_AGAIN_SECONDS, self._changed.set)
        try:
            await self._changed.wait()
        finally:
            look_again.cancel()

    def _begin(self) -> None:
        try:
            waiting = list(self._waiting())
        except Exception:
            logger.exception("What waits could not be read.")
            return
        for conversation_id in waiting:
            if len(self._busy) >= LANES:
                return
            if conversation_id not in self._busy:
                self._busy[conversation_id] = asyncio.create_task(self._attend(conversation_id))

    async def _attend(self, conversation_id: str) -> None:
        try:
            await self._work(conversation_id)
        except NotYet:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        except Exception:
            logger.exception("SMS work failed in conversation %s.", conversation_id)
            # What failed has had no time to change.
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        finally:
            del self._busy[conversation_id]
            self.wake()
