"""Deletes every night, as long as the backend runs. Two of them do no harm: one at a time has the lease.

A night that was missed is made up for at the start, and a run that was stopped is begun again.
"""

import asyncio
import logging
from datetime import datetime, time, timedelta

from backend.clock import Clock
from backend.danish import COPENHAGEN
from backend.db import Database
from backend.privacy.assistant import ErasureChannel
from backend.problems import DatabaseUnavailable
from backend.retention.ledger import LeaseLost, Ledger
from backend.retention.policy import Policy
from backend.retention.run import Run
from backend.settings import Settings

LOOK_SECONDS = 60.0
BEGINS = time(2)
"""When the night's run begins, Danish time."""
_AGAIN_AFTER = timedelta(hours=1)
_logger = logging.getLogger(__name__)


def latest_night(now: datetime) -> datetime:
    """When the latest night's run was to begin."""
    here = now.astimezone(COPENHAGEN)
    tonight = datetime.combine(here.date(), BEGINS, COPENHAGEN)
    return (
        tonight if tonight <= here else datetime.combine(here.date() - timedelta(days=1), BEGINS, COPENHAGEN)
    )


class RetentionWorker:
    """Looks every minute whether there is a run to make.

    Args:
        database: Where everything is stored.
        settings: The process's settings.
        policy: What is kept how long.
        assistant: Erases what the assistant has stored of a conversation.
        clock: The present moment.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        policy: Policy,
        assistant: ErasureChannel,
        clock: Clock,
    ) -> None:
        self._database = database
        self._settings = settings
        self._policy = policy
        self._assistant = assistant
        self._clock = clock

    async def run(self) -> None:
        """Looks until cancelled; what fails is logged and tried again."""
        while True:
            # At the start too: what citizens wrote while the backend was away arrives first.
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except DatabaseUnavailable:
                _logger.warning("Deletion waits for the database")
            except LeaseLost:
                _logger.info("Another backend deletes now")
            except Exception:
                _logger.exception("A run of deletion failed")

    async def look(self) -> None:
        """Makes a run, if there is one to make."""
        if await self._has_to_run():
            await Run(self._database, self._settings, self._policy, self._assistant, self._clock).go()

    async def _has_to_run(self) -> bool:
        now = self._clock()
        async with self._database.read() as work:
            ledger = Ledger(work.session)
            runs = await ledger.latest(1)
            reports = await ledger.reports(runs)
        if not runs or runs[0].ended_at is None or runs[0].started_at < latest_night(now):
            return True
        has_failed = any(report.error for report in reports[runs[0].id].values())
        return has_failed and runs[0].started_at <= now - _AGAIN_AFTER
