"""Finds the conversations whose time is up, and begins and ends their erasure."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import CTE, Subquery, delete, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.privacy.keys import receipt_number
from backend.privacy.tables import Erasure
from backend.retention.activity import Obstacle, is_before, moments, obstacles, subjects, these


class DueConversations:
    """The conversations whose time is up, within one transaction.

    Args:
        session: The transaction.
        cutoff: One in which nothing has happened since this moment is due.
        now: The present moment.
    """

    def __init__(self, session: AsyncSession, cutoff: datetime, now: datetime) -> None:
        self._session = session
        self._cutoff = cutoff
        self._now = now

    async def due(self, among: Collection[str] | None = None) -> list[str]:
        """Ids of those that may go now.

        Args:
            among: Looks at these alone, also at one that there is nothing of here; None for all there are.
        """
        if among is not None:
            return await self._ids(these(among), is_held=False) if among else []
        return await self._ids(subjects(), is_held=False)

    async def held(self) -> list[str]:
        """Ids of those that are due and held back."""
        return await self._ids(subjects(), is_held=True)

    async def oldest(self) -> datetime | None:
        """When the last words were said in the conversation that has been silent longest."""
        id = subjects().c.id
        own, *_ = moments(id)
        return await self._session.scalar(select(func.min(own.scalar_subquery())).select_from(id.table))

    async def _ids(self, candidates: Subquery | CTE, *, is_held: bool) -> list[str]:
        id = candidates.c.id
        held = or_(*obstacles(id, self._now).values())
        found = select(id).where(is_before(id, self._cutoff), held if is_held else ~held)
        return list(await self._session.scalars(found.order_by(id)))


class DueErasures:
    """Erasures that have begun because the time was up, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def begin(self, conversation_ids: Collection[str], now: datetime) -> list[Erasure]:
        """Decides that some conversations are erased."""
        erasures = [
            Erasure(
                number=receipt_number(),
                conversation_id=conversation_id,
                meeting="none",
                begun_at=now,
                erased=[],
                kept=[],
            )
            for conversation_id in conversation_ids
        ]
        self._session.add_all(erasures)
        await self._session.flush()
        return erasures

    async def unfinished(self) -> Sequence[Erasure]:
        """Those that are not done, oldest first."""
        found = select(Erasure).where(Erasure.request_id.is_(None), Erasure.done_at.is_(None))
        return (await self._session.scalars(found.order_by(Erasure.begun_at, Erasure.number))).all()

    async def call_off(self, numbers: Collection[str]) -> None:
        """Lets conversations stay after all; one whose rows are gone is not called off."""
        which = Erasure.number.in_(numbers) & Erasure.rows_erased_at.is_(None)
        await self._session.execute(delete(Erasure).where(which))

    async def end(self, now: datetime) -> int:
        """Notes that everything is done for those whose rows are gone, and tells how many they were."""
        gone = Erasure.request_id.is_(None) & Erasure.rows_erased_at.is_not(None) & Erasure.done_at.is_(None)
        done = {"done_at": now, "told_at": now, "conversation_id": None}
        ended = update(Erasure).where(gone).values(done).returning(Erasure.number)
        return len((await self._session.scalars(ended)).all())


class ConversationTimes:
    """When a single conversation goes, within one transaction."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._session = session
        self._now = now

    async def last_of(self, conversation_id: str) -> datetime | None:
        """When something last happened in a conversation; None when there is none."""
        found = [await self._session.scalar(one) for one in moments(literal(conversation_id))]
        return max((one for one in found if one is not None), default=None)

    async def obstacles_of(self, conversation_id: str) -> list[Obstacle]:
        """What would keep a conversation from being deleted."""
        conditions = obstacles(literal(conversation_id), self._now)
        row = (await self._session.execute(select(*conditions.values()))).one()
        return [obstacle for obstacle, is_true in zip(conditions, row, strict=True) if is_true]
