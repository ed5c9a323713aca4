"""Counts what waits in the database: for a person, for a channel, for the assistant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.booking.reports import is_unseen_report
from backend.booking.tables import Booking, BookingChange
from backend.handover.ownership import HandoverState
from backend.handover.tables import DeskMessage, Handover, MessageState
from backend.outreach.tables import OutreachMessage, OutreachState
from backend.privacy.tables import Erasure, IdentityCode
from backend.transcripts.tables import ConversationFlag, FlagKind
from observability.metrics import Queue

_Waiting = Select[int, datetime | None]


class QueueRepository:
    """What waits now, in every team: only how much and how long, nothing of whom.

    Args:
        session: The transaction.
        now: The present moment.
    """

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._session = session
        self._now = now

    async def all(self) -> Sequence[Queue]:
        """Every queue."""
        queues = {
            "handover": _since(Handover.asked_at).where(Handover.state == HandoverState.WAITING),
            "crisis": _since(ConversationFlag.raised_at).where(
                ConversationFlag.kind == FlagKind.CRISIS, ConversationFlag.acknowledged_at.is_(None)
            ),
            "absences": _reports(),
            "desk_messages": _since(DeskMessage.created_at).where(DeskMessage.state == MessageState.WAITING),
            "outreach": _since(OutreachMessage.due_at).where(
                OutreachMessage.state == OutreachState.WAITING, OutreachMessage.due_at <= self._now
            ),
            "erasures": _since(Erasure.begun_at).where(Erasure.done_at.is_(None)),
            "identity_codes": _since(IdentityCode.made_at).where(
                IdentityCode.sent_at.is_(None), IdentityCode.expires_at > self._now
            ),
        }
        return [await self._measured(name, waiting) for name, waiting in queues.items()]

    async def _measured(self, name: str, waiting: _Waiting) -> Queue:
        count, since = (await self._session.execute(waiting)).one()
        return Queue(name, count, (self._now - since).total_seconds() if since else 0.0)


def _since(moment: Any) -> _Waiting:
    return select(func.count(), func.min(moment))


def _reports() -> _Waiting:
    """What citizens have cancelled, or reported that they cannot come to, and no member of staff has seen."""
    return (
        _since(BookingChange.at)
        .join(Booking, Booking.id == BookingChange.booking_id)
        .where(is_unseen_report())
    )
