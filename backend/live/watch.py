"""One look at the database for all who wait in this process."""

import asyncio
import logging
from dataclasses import dataclass

from backend.db import Database
from backend.live.changes import latest_change
from backend.problems import DatabaseUnavailable

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often things happen, in seconds.

    Attributes:
        look: Between two looks at the database.
        rest: Between two pieces of news to the same reader.
        sign_of_life: The longest that a reader hears nothing, and that rights go unchecked.
        retry: Until a browser whose connection broke tries again.
    """

    look: float = 0.4
    rest: float = 3.0
    sign_of_life: float = 15.0
    retry: float = 3.0


class ChangeWatch:
    """Wakes those who wait when something has changed. Looks only while somebody waits."""

    def __init__(self, database: Database, pace: Pace) -> None:
        self._database = database
        self._pace = pace
        self._latest = 0
        self._waiting = 0
        self._somebody_waits = asyncio.Event()
        self._moved = asyncio.Condition()
        self._closed = asyncio.Event()

    @property
    def is_closed(self) -> bool:
        """Whether the process is about to end."""
        return self._closed.is_set()

    async def run(self) -> None:
        """Looks, forever."""
        is_away = False
        while True:
            await self._somebody_waits.wait()
            try:
                async with self._database.read() as work:
                    latest = await latest_change(work.session)
            except DatabaseUnavailable:
                if not is_away:
                    _logger.warning("The database cannot be watched for changes; trying again until it can")
                is_away = True
            else:
                is_away = False
                await self._move_to(latest)
            await asyncio.sleep(self._pace.look)

    async def change_after(self, number: int) -> int | None:
        """Waits for a change behind a number.

        Returns:
            The number of the latest change; None when it is time for a sign of life, or the process is about
            to end.
        """
        self._waiting += 1
        self._somebody_waits.set()
        try:
            async with asyncio.timeout(self._pace.sign_of_life), self._moved:
                await self._moved.wait_for(lambda: self._latest > number or self.is_closed)
        except TimeoutError:
            return None
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._somebody_waits.clear()
        return None if self.is_closed else self._latest

    async def rest(self) -> None:
        """Leaves a reader in peace for a moment, or until the process is about to end."""
        try:
            async with asyncio.timeout(self._pace.rest):
                await self._closed.wait()
        except TimeoutError:
            return

    async def close(self) -> None:
        """Lets everybody who waits go."""
        self._closed.set()
        async with self._moved:
            self._moved.notify_all()

    async def _move_to(self, latest: int) -> None:
        if latest != self._latest:
            self._latest = latest
            async with self._moved:
                self._moved.notify_all()
