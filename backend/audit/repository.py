"""Reads the audit log."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.tables import AuditEntry


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


class AuditRepository:
    """The stored entries."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

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
