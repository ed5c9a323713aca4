"""Lets one process at a time delete, and keeps what each run has done."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import Clock
from backend.db import Database
from backend.db.unit_of_work import UnitOfWork
from backend.retention.policy import Kind
from backend.retention.tables import ONLY_ROW, RetentionLease, RetentionReport, RetentionRun

LEASE_LASTS = timedelta(minutes=5)


class LeaseLost(Exception):
    """Another process deletes now."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a run has done to one kind.

    Attributes:
        deleted: How many are gone.
        held: How many are due and held back.
        oldest_at: What the oldest that is left is counted from.
        error: Why it did not come to the end; None when it did.
    """

    deleted: int = 0
    held: int = 0
    oldest_at: datetime | None = None
    error: str | None = None


class Ledger:
    """The lease and the reports, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def hold(self, holder: str, now: datetime) -> None:
        """Takes the lease, or keeps it. Nobody else gets it before the transaction ends.

        Raises:
            LeaseLost: Another process has it.
        """
        free = or_(
            RetentionLease.holder.is_(None), RetentionLease.holder == holder, RetentionLease.until < now
        )
        taken = update(RetentionLease).where(RetentionLease.id == ONLY_ROW, free)
        row = await self._session.execute(
            taken.values(holder=holder, until=now + LEASE_LASTS).returning(RetentionLease.id)
        )
        if row.first() is None:
            raise LeaseLost

    async def let_go(self, holder: str) -> None:
        """Gives the lease back, if it is still this process's."""
        theirs = RetentionLease.holder == holder
        await self._session.execute(update(RetentionLease).where(theirs).values(holder=None, until=None))

    async def begin(self, run_id: str, now: datetime) -> None:
        """Notes that a run begins."""
        self._session.add(RetentionRun(id=run_id, started_at=now))
        await self._session.flush()

    async def report(self, run_id: str, kind: Kind, done: Done) -> None:
        """Notes what a run has done to a kind."""
        self._session.add(
            RetentionReport(
                run_id=run_id,
                kind=kind,
                deleted=done.deleted,
                held=done.held,
                oldest_at=done.oldest_at,
                error=done.error,
            )
        )
        await self._session.flush()

    async def end(self, run_id: str, now: datetime) -> None:
        """Notes that a run has come to its end."""
        await self._session.execute(
            update(RetentionRun).where(RetentionRun.id == run_id).values(ended_at=now)
        )

    async def latest(self, count: int) -> Sequence[RetentionRun]:
        """The latest runs, newest first."""
        newest = select(RetentionRun).order_by(RetentionRun.started_at.desc(), RetentionRun.id)
        return (await self._session.scalars(newest.limit(count))).all()

    async def reports(self, runs: Sequence[RetentionRun]) -> Mapping[str, Mapping[str, RetentionReport]]:
        """What some runs have done, by run and kind."""
        found: dict[str, dict[str, RetentionReport]] = {run.id: {} for run in runs}
        for report in await self._session.scalars(
            select(RetentionReport).where(RetentionReport.run_id.in_(found))
        ):
            found[report.run_id][report.kind] = report
        return found


class LeasedWriter:
    """Short transactions of one process, as long as it has the lease.

    Args:
        database: Where they are made.
        clock: The present moment.
        holder: Who has the lease.
    """

    def __init__(self, database: Database, clock: Clock, holder: str) -> None:
        self._database = database
        self._clock = clock
        self._holder = holder

    async def keep_lease(self) -> None:
        """Keeps the lease through what takes its time elsewhere.

        Raises:
            LeaseLost: Another process has it.
            DatabaseUnavailable: Nobody knows.
        """
        async with self.write():
            pass

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        """A transaction that is stored at its end, and that keeps the lease.

        Raises:
            LeaseLost: Another process has it.
            DatabaseUnavailable: Nothing was stored.
        """
        async with self._database.write() as work:
            await Ledger(work.session).hold(self._holder, self._clock())
            yield work
            await work.commit()
