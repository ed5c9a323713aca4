"""What is deleted from the tables by itself: how what is due is found, and how a batch of it goes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.api.idempotency import StoredAnswer
from backend.assessment.tables import Assessment, AssessmentAnswer
from backend.booking.tables import Booking, BookingChange, Slot, SlotClaim
from backend.citizens.tables import Citizen
from backend.console.accounts import LONGEST_SESSION, LONGEST_SILENCE
from backend.console.tables import ConsoleSession
from backend.outreach.tables import OutreachMessage, OutreachState
from backend.placements.tables import Placement, PlacementEvent
from backend.privacy.erasing import ERASED_CHANNEL
from backend.privacy.tables import ErasedConversation, Erasure, RightsRequest
from backend.privacy.tombstones import STUB
from backend.retention.activity import is_subject
from backend.retention.policy import Kind, Policy
from backend.retention.tables import RetentionRun
from backend.transcripts.tables import Conversation

Ids = Sequence[str]


@dataclass(frozen=True, slots=True)
class Sweep:
    """How a kind of rows is deleted.

    Attributes:
        due: The ids of what is due.
        oldest: What the oldest one there is is counted from.
        delete: Deletes some, with what hangs on them.
    """

    due: Select[Any]
    oldest: Select[Any]
    delete: Callable[[AsyncSession, Ids], Awaitable[None]]

    async def count(self, session: AsyncSession) -> int:
        """How many are due."""
        return await session.scalar(select(func.count()).select_from(self.due.subquery())) or 0

    async def delete_some(self, session: AsyncSession, most: int) -> int:
        """Deletes a batch, and tells how many there were in it."""
        ids = list(await session.scalars(self.due.limit(most)))
        if ids:
            await self.delete(session, ids)
        return len(ids)


def sweeps(policy: Policy, now: datetime) -> Mapping[Kind, Sweep]:
    """The sweeps of all kinds that are plain rows."""
    kinds: dict[Kind, Callable[[datetime], Sweep]] = {
        Kind.MESSAGES: _messages,
        Kind.DECISIONS: _decisions,
        Kind.MEETINGS: _meetings,
        Kind.RECEIPTS: _receipts,
        Kind.REQUESTS: _requests,
        Kind.ANSWERS: _answers,
        Kind.SESSIONS: _sessions,
        Kind.REPORTS: _reports,
    }
    return {kind: make(policy.cutoff(kind, now)) for kind, make in kinds.items()}


def _messages(cutoff: datetime) -> Sweep:
    nobodys = or_(OutreachMessage.conversation_id.is_(None), ~is_subject(OutreachMessage.conversation_id))
    over = and_(nobodys, OutreachMessage.booking_id.is_(None), OutreachMessage.state != OutreachState.WAITING)
    return _rows(OutreachMessage.id, OutreachMessage.changed_at, cutoff, over)


def _decisions(cutoff: datetime) -> Sweep:
    changed = select(func.max(PlacementEvent.created_at)).where(PlacementEvent.placement_id == Placement.id)
    latest = func.coalesce(changed.scalar_subquery(), Placement.created_at)
    left = Placement.citizen_id.in_(_nobodys())

    async def remove(session: AsyncSession, ids: Ids) -> None:
        assessments = list(
            await session.scalars(select(Placement.assessment_id).where(Placement.id.in_(ids)))
        )
        await session.execute(delete(PlacementEvent).where(PlacementEvent.placement_id.in_(ids)))
        await session.execute(delete(Placement).where(Placement.id.in_(ids)))
        answers = AssessmentAnswer.assessment_id.in_(assessments)
        await session.execute(delete(AssessmentAnswer).where(answers))
        await session.execute(delete(Assessment).where(Assessment.id.in_(assessments)))
        await _forget_citizens(session)

    return Sweep(
        select(Placement.id).where(left, latest < cutoff).order_by(latest),
        select(func.min(latest)).where(left),
        remove,
    )


def _meetings(cutoff: datetime) -> Sweep:
    left = Booking.citizen_id.in_(_nobodys())
    of_slot = select(Booking.id).join(Slot, Slot.id == Booking.slot_id).where(left)

    async def remove(session: AsyncSession, ids: Ids) -> None:
        await session.execute(delete(SlotClaim).where(SlotClaim.booking_id.in_(ids)))
        await session.execute(delete(BookingChange).where(BookingChange.booking_id.in_(ids)))
        await session.execute(delete(Booking).where(Booking.id.in_(ids)))
        await _forget_citizens(session)

    return Sweep(
        of_slot.where(Slot.ends_at < cutoff, Booking.updated_at < cutoff).order_by(Slot.ends_at),
        select(func.min(Slot.ends_at)).join(Booking, Booking.slot_id == Slot.id).where(left),
        remove,
    )


def _receipts(cutoff: datetime) -> Sweep:
    # What is kept of somebody hangs on what is left of their conversation, and is found by it.
    in_use = exists(select(1).where(Citizen.conversation_id == STUB + Erasure.number))
    over = and_(Erasure.told_at.is_not(None), Erasure.conversation_id.is_(None), ~in_use)

    async def remove(session: AsyncSession, ids: Ids) -> None:
        await session.execute(delete(ErasedConversation).where(ErasedConversation.number.in_(ids)))
        stubs = [STUB + number for number in ids]
        await session.execute(delete(Conversation).where(Conversation.id.in_(stubs)))
        await session.execute(delete(Erasure).where(Erasure.number.in_(ids)))

    rows = _rows(Erasure.number, Erasure.done_at, cutoff, over)
    return Sweep(rows.due, rows.oldest, remove)


def _requests(cutoff: datetime) -> Sweep:
    has_receipt = exists(select(1).where(Erasure.request_id == RightsRequest.id))
    over = and_(RightsRequest.conversation_id.is_(None), ~has_receipt)
    return _rows(RightsRequest.id, RightsRequest.closed_at, cutoff, over)


def _answers(cutoff: datetime) -> Sweep:
    return _rows(StoredAnswer.key, StoredAnswer.created_at, cutoff)


def _sessions(now: datetime) -> Sweep:
    over = or_(
        ConsoleSession.created_at < now - LONGEST_SESSION, ConsoleSession.last_seen_at < now - LONGEST_SILENCE
    )
    return _rows(ConsoleSession.id, ConsoleSession.created_at, now, over)


def _reports(cutoff: datetime) -> Sweep:
    return _rows(RetentionRun.id, RetentionRun.started_at, cutoff)


def _rows(id: Any, moment: Any, cutoff: datetime, *over: ColumnElement[bool]) -> Sweep:
    """Rows of one table that nothing hangs on but what the database removes with them."""

    async def remove(session: AsyncSession, ids: Ids) -> None:
        await session.execute(delete(id.class_).where(id.in_(ids)))

    return Sweep(
        select(id).where(moment < cutoff, *over).order_by(moment),
        select(func.min(moment)).where(*over),
        remove,
    )


def _nobodys() -> Select[str]:
    """The citizens whose conversations are gone."""
    return select(Citizen.id).where(Citizen.channel == ERASED_CHANNEL)


async def _forget_citizens(session: AsyncSession) -> None:
    """Forgets the names of decisions that are gone, and those that nothing is kept of any more."""
    gone = Citizen.channel == ERASED_CHANNEL
    undecided = ~exists(select(1).where(Placement.citizen_id == Citizen.id))
    await session.execute(update(Citizen).where(gone, undecided, Citizen.name.is_not(None)).values(name=None))
    met = exists(select(1).where(Booking.citizen_id == Citizen.id))
    assessed = exists(select(1).where(Assessment.citizen_id == Citizen.id))
    await session.execute(delete(Citizen).where(gone, undecided, ~met, ~assessed))
