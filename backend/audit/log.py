"""Writes the audit log."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.tables import AuditEntry, AuditOutcome


class AuditLog:
    """The audit log within one transaction."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._session = session
        self._now = now

    async def note(
        self,
        *,
        actor: str,
        action: str,
        outcome: AuditOutcome,
        conversation_id: str | None = None,
        listed: Sequence[str] = (),
    ) -> None:
        """Adds an entry.

        Args:
            actor: The login of who did it.
            action: The name of the page or form.
            outcome: What came of it.
            conversation_id: The conversation it was about, when it was about one.
            listed: Ids of the conversations that a list showed something of.
        """
        self._session.add(
            AuditEntry(
                at=self._now,
                actor=actor,
                action=action,
                outcome=outcome,
                conversation_id=conversation_id,
                listed=list(listed),
            )
        )
        await self._session.flush()

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
