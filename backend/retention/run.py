"""Goes through every kind once and deletes what is due, a batch at a time.

Each batch is one short transaction that also keeps the lease: nobody waits long for it, a process that is
killed leaves nothing half done, and of two processes only one deletes.
"""

import asyncio
import logging
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.log import AuditLog
from backend.audit.repository import AuditRepository
from backend.clock import Clock
from backend.db import Database, new_id
from backend.db.unit_of_work import StatementRefused
from backend.privacy.assistant import ErasureChannel
from backend.problems import DatabaseUnavailable
from backend.retention.conversations import ConversationEraser
from backend.retention.ledger import Done, LeasedWriter, LeaseLost, Ledger
from backend.retention.policy import Kind, Policy
from backend.retention.repository import DueConversations
from backend.retention.sweeps import sweeps
from backend.settings import Settings

BATCH = 50
NOT_THE_OWNER = "owner"
FAULT = "fault"
_BREATH_SECONDS = 0.02
_logger = logging.getLogger(__name__)


class Run:
    """One run.

    Args:
        database: Where everything is stored.
        settings: The process's settings.
        policy: What is kept how long.
        assistant: Erases what the assistant has stored of a conversation.
        clock: The present moment.
        batch: How many go at a time.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        policy: Policy,
        assistant: ErasureChannel,
        clock: Clock,
        batch: int = BATCH,
    ) -> None:
        self._database = database
        self._settings = settings
        self._policy = policy
        self._clock = clock
        self._batch = batch
        self._id = new_id()
        self._writer = LeasedWriter(database, clock, self._id)
        self._conversations = ConversationEraser(database, self._writer, policy, assistant, clock, batch)

    async def go(self) -> dict[Kind, Done]:
        """Deletes what is due now, and gives what was done to each kind.

        Raises:
            LeaseLost: Another process deletes now.
            DatabaseUnavailable: It was stopped by that. Nothing is half done, and it can be begun again.
        """
        async with self._writer.write() as work:
            await Ledger(work.session).begin(self._id, self._clock())
        done = {kind: await self._see_to(kind) for kind in Kind}
        async with self._writer.write() as work:
            ledger = Ledger(work.session)
            await ledger.end(self._id, self._clock())
            await ledger.let_go(self._id)
        return done

    async def _see_to(self, kind: Kind) -> Done:
        try:
            deleted, error = await self._delete(kind)
        except (DatabaseUnavailable, LeaseLost):
            raise
        except Exception:
            _logger.exception("What is due of %s could not be deleted", kind)
            deleted, error = 0, FAULT
        # Counted beside, as it can take longer than anybody should wait to write.
        async with self._database.read() as work:
            held, oldest_at = await self._left(work.session, kind)
        done = Done(deleted, held, oldest_at, error)
        async with self._writer.write() as work:
            await Ledger(work.session).report(self._id, kind, done)
        if error:
            _logger.warning(
                "Deleted %s of %s and held back %s, not to the end: %s", deleted, kind, held, error
            )
        elif deleted or held:
            _logger.info("Deleted %s of %s and held back %s", deleted, kind, held)
        return done

    async def _delete(self, kind: Kind) -> tuple[int, str | None]:
        if kind is Kind.CONVERSATIONS:
            return await self._conversations.erase_due()
        if kind is Kind.AUDIT:
            return await self._cut_audit()
        return await self._sweep(kind), None

    async def _left(self, session: AsyncSession, kind: Kind) -> tuple[int, datetime | None]:
        now = self._clock()
        if kind is Kind.CONVERSATIONS:
            due = DueConversations(session, self._policy.cutoff(kind, now), now)
            return len(await due.held()), await due.oldest()
        if kind is Kind.AUDIT:
            return 0, await AuditRepository(session).oldest_at()
        return 0, await session.scalar(sweeps(self._policy, now)[kind].oldest)

    async def _sweep(self, kind: Kind) -> int:
        sweep, deleted = sweeps(self._policy, self._clock())[kind], 0
        while True:
            async with self._writer.write() as work:
                count = await sweep.delete_some(work.session, self._batch)
            deleted += count
            if count < self._batch:
                return deleted
            await breathe()

    async def _cut_audit(self) -> tuple[int, str | None]:
        cutoff, deleted = self._policy.cutoff(Kind.AUDIT, self._clock()), 0
        try:
            while count := await self._cut_some(cutoff):
                deleted += count
                await breathe()
        except StatementRefused:
            # On PostgreSQL the backend should not be able to; who owns the table does it.
            return deleted, NOT_THE_OWNER
        return deleted, None

    async def _cut_some(self, cutoff: datetime) -> int:
        async with self._writer.write() as work:
            log = AuditLog(work.session, self._settings, self._clock())
            end_of_batch = await AuditRepository(work.session).at_after_oldest(self._batch)
            count = await log.cut(min(cutoff, end_of_batch or cutoff))
            # None when more than a batch were noted in the same moment.
            return count or await log.cut(cutoff)


async def breathe() -> None:
    """Lets others come to write between two batches."""
    await asyncio.sleep(_BREATH_SECONDS)
