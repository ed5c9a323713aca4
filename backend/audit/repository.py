"""Reads the audit log, and adds to it."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.tables import AuditEntry, AuditOutcome


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries; None does not limit.

    Attributes:
        actor: The login of who did it.
        conversation_id: A conversation it was about, or that a list showed something of.
        since: From this moment on.
        before: Before this moment.
    """

    actor: str | None = None
    conversation_id: str | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """What the next entry, or an anchor, holds on to."""

    position: int
    hash: str
    signature: str


_LINK = (AuditEntry.position, AuditEntry.hash, AuditEntry.signature)
# PostgreSQL tells locks like this one apart by a number that means nothing to it.
_TURN = 7_021_964_510


class AuditRepository:
    """The stored entries."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def seen(self, actor: str, actions: Collection[str], since: datetime) -> tuple[set[str], set[str]]:
        """What somebody was noted to have seen by some pages since a moment.

        Returns:
            The conversations that a page was about, and those that a list showed something of.
        """
        found = await self._session.execute(
            select(AuditEntry.conversation_id, AuditEntry.listed).where(
                AuditEntry.actor == actor,
                AuditEntry.at > since,
                AuditEntry.action.in_(actions),
                AuditEntry.outcome == AuditOutcome.SHOWN,
            )
        )
        opened: set[str] = set()
        listed: set[str] = set()
        for conversation_id, some in found:
            opened.update([conversation_id] if conversation_id else [])
            listed.update(some)
        return opened, listed

    async def take_turn(self) -> None:
        """Waits until nobody else adds entries, and keeps others from it until the transaction ends.

        SQLite has one writer anyway. What a lock on the table would need, PostgreSQL gives only to those who
        may change or remove its rows.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(select(func.pg_advisory_xact_lock(_TURN)))

    async def newest(self) -> Link | None:
        """The end of the chain; None when there are no entries."""
        query = select(*_LINK).order_by(AuditEntry.position.desc()).limit(1)
        row = (await self._session.execute(query)).one_or_none()
        return Link(*row) if row else None

    async def last_before(self, moment: datetime) -> Link | None:
        """The entry that stands before the first one from this moment on; None when there is none."""
        first = select(func.min(AuditEntry.position)).where(AuditEntry.at >= moment)
        query = select(*_LINK).order_by(AuditEntry.position.desc()).limit(1)
        position = await self._session.scalar(first)
        if position is not None:
            query = query.where(AuditEntry.position < position)
        row = (await self._session.execute(query)).one_or_none()
        return Link(*row) if row else None

    async def oldest_at(self) -> datetime | None:
        """When the oldest entry was made; None when there are none."""
        return await self._session.scalar(select(func.min(AuditEntry.at)))

    async def count_before(self, moment: datetime) -> int:
        """How many entries stand before the first one from this moment on."""
        last = await self.last_before(moment)
        if last is None:
            return 0
        query = select(func.count(AuditEntry.position)).where(AuditEntry.position <= last.position)
        return await self._session.scalar(query) or 0

    async def at_after_oldest(self, count: int) -> datetime | None:
        """When the entry was made that stands behind so many of the oldest; None when there is none."""
        query = select(AuditEntry.at).order_by(AuditEntry.position).offset(count).limit(1)
        return await self._session.scalar(query)

    async def add(self, entry: AuditEntry) -> None:
        """Adds an entry at the end."""
        self._session.add(entry)
        await self._session.flush()

    async def remove_to(self, position: int) -> int:
        """Removes the entries up to a position, which a cut must cover, and tells how many they were."""
        removal = delete(AuditEntry).where(AuditEntry.position <= position).returning(AuditEntry.position)
        return len((await self._session.scalars(removal)).all())

    async def latest_cut(self) -> Link | None:
        """The newest entry that a cut removed; None when the log still begins at its beginning."""
        query = select(AuditEntry.removed, AuditEntry.removed_hash).where(AuditEntry.removed.is_not(None))
        row = (await self._session.execute(query.order_by(AuditEntry.removed.desc()).limit(1))).one_or_none()
        return Link(row.removed, row.removed_hash, "") if row else None

    async def after(self, position: int | None, limit: int) -> Sequence[AuditEntry]:
        """Entries behind a position, oldest first; None begins with the oldest."""
        query = select(AuditEntry).order_by(AuditEntry.position).limit(limit)
        if position is not None:
            query = query.where(AuditEntry.position > position)
        return (await self._session.scalars(query)).all()

    async def count(self) -> int:
        """How many entries there are."""
        return await self._session.scalar(select(func.count(AuditEntry.position))) or 0

    async def find(self, wanted: AuditFilter, below: int | None, limit: int) -> Sequence[AuditEntry]:
        """Entries that fit, newest first.

        Args:
            wanted: Which ones.
            below: Only those before this position; None begins with the newest.
            limit: How many at most.
        """
        query = select(AuditEntry).order_by(AuditEntry.position.desc()).limit(limit)
        if below is not None:
            query = query.where(AuditEntry.position < below)
        if wanted.actor is not None:
            query = query.where(AuditEntry.actor == wanted.actor)
        if wanted.conversation_id is not None:
            # As JSON writes it, with its quotation marks, so that no longer id is taken for it.
            listed = cast(AuditEntry.listed, String).contains(
                json.dumps(wanted.conversation_id), autoescape=True
            )
            query = query.where(or_(AuditEntry.conversation_id == wanted.conversation_id, listed))
        if wanted.since is not None:
            query = query.where(AuditEntry.at >= wanted.since)
        if wanted.before is not None:
            query = query.where(AuditEntry.at < wanted.before)
        return (await self._session.scalars(query)).all()
