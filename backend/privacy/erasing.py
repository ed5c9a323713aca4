"""Erases a conversation and its citizen from the database's tables; what stays, and why, is docs/adr/0020.

Everything happens in one transaction, and doing it again erases what has come since.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, false, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.api.idempotency import StoredAnswer
from backend.assessment.tables import Assessment, AssessmentAnswer
from backend.audit.tables import AuditEntry
from backend.booking.tables import Booking, BookingChange, Hold, Slot, SlotClaim
from backend.citizens.tables import SMS_CONVERSATION, Citizen
from backend.corrections.tables import Correction
from backend.db import Base, insert_if_absent
from backend.handover.tables import CallRequest, DeskMessage, EventKind, Handover, HandoverEvent
from backend.outreach.tables import ContactWish, OutreachMessage
from backend.placements.tables import Placement, PlacementEvent, PlacementEventKind, PlacementStatus
from backend.privacy.tables import Erasure, ExportLink, IdentityCode, RightsRequest
from backend.privacy.tombstones import Tombstones, stub_id
from backend.reviews.tables import ConversationNote, ConversationReview, ConversationTag
from backend.transcripts.tables import (
    Conversation,
    ConversationEvent,
    ConversationFlag,
    ConversationRating,
    ConversationReading,
    ConversationTurn,
    SmsDelivery,
)

NAME_ERASED = "Slettet af borgeren"
"""What stands in the place of the name in a meeting that is kept."""
NAME_GONE = "Navnet er slettet"
"""The same when nobody has asked for it."""
ERASED_CHANNEL = "erased"
"""The channel of a citizen whose conversation is erased: they cannot be written to."""
_DECIDED = (PlacementStatus.CONFIRMED, PlacementStatus.CHANGED)


class Erased(StrEnum):
    """What there was and is gone."""

    WORDS = "words"
    STAFF_NOTES = "staff_notes"
    CORRECTIONS = "corrections"
    ANSWERS = "answers"
    PROPOSALS = "proposals"
    NAME_AND_NUMBER = "name_and_number"
    MESSAGES = "messages"


class Kept(StrEnum):
    """What is kept, each for a reason."""

    DECISION = "decision"
    MEETINGS = "meetings"
    COMING_MEETING = "coming_meeting"
    NO_MESSAGES = "no_messages"
    ACCESS_LOG = "access_log"


class RowEraser:
    """Erases rows within one transaction.

    Args:
        session: The transaction.
        now: The present moment.
    """

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._session = session
        self._now = now
        self._erased: set[Erased] = set()
        self._kept: set[Kept] = set()

    async def erase(self, erasure: Erasure, conversation_id: str, until: datetime) -> None:
        """Erases everything there is until a moment, and notes on the erasure what that was.

        Args:
            erasure: The erasure, locked.
            conversation_id: Of which conversation.
            until: What happened in it until then is not taken in again.
        """
        await Tombstones(self._session).put(conversation_id, until, erasure.number)
        await self._leave_a_stub(conversation_id, erasure.number)
        citizen = await self._session.scalar(
            select(Citizen).where(Citizen.conversation_id == conversation_id).with_for_update()
        )
        if citizen:
            name = NAME_ERASED if erasure.request_id else NAME_GONE
            await self._erase_citizen(citizen, stub_id(erasure.number), name, erasure.meeting == "keep")
        await self._erase_handovers(conversation_id)
        await self._erase_conversation(conversation_id)
        await self._erase_requests(conversation_id, erasure.request_id)
        await self._erase_answers_to_writes(conversation_id, citizen.id if citizen else None)
        if await self._any(AuditEntry, AuditEntry.conversation_id == conversation_id):
            self._kept.add(Kept.ACCESS_LOG)
        erasure.erased = sorted({*erasure.erased, *self._erased})
        erasure.kept = sorted({*erasure.kept, *self._kept})
        erasure.rows_erased_at = erasure.rows_erased_at or self._now

    async def _leave_a_stub(self, conversation_id: str, number: str) -> None:
        """Leaves a conversation without content, by which the staff see what has become of it."""
        # Locked, so that events on their way in come either before this or after it.
        found = select(Conversation).where(Conversation.id == conversation_id).with_for_update()
        conversation = await self._session.scalar(found)
        row: dict[str, Any] = {
            "id": stub_id(number),
            "started_at": conversation.started_at if conversation else self._now,
            "last_activity_at": self._now,
        }
        if conversation:
            row |= {"team_id": conversation.team_id, "channel": conversation.channel}
        await insert_if_absent(self._session, Conversation, row)

    async def _erase_citizen(self, citizen: Citizen, stub: str, name: str, is_awaited: bool) -> None:
        if citizen.name or citizen.phone or citizen.wished_occupation:
            self._erased.add(Erased.NAME_AND_NUMBER)
        decided = await self._erase_assessments(citizen.id)
        has_bookings = await self._erase_from_bookings(citizen.id, name, is_awaited)
        if not decided and not has_bookings:
            await self._session.delete(citizen)
            await self._session.flush()
            return
        citizen.conversation_id, citizen.channel = stub, ERASED_CHANNEL
        # A decision that is nobody's would be no decision.
        citizen.name = citizen.name if decided else None
        citizen.phone = citizen.wished_occupation = None
        await self._session.flush()

    async def _erase_assessments(self, citizen_id: str) -> bool:
        """Erases answers and proposals; tells whether a caseworker's decision is left."""
        of_citizen = select(Assessment.id).where(Assessment.citizen_id == citizen_id)
        decided = and_(Placement.citizen_id == citizen_id, Placement.status.in_(_DECIDED))
        undecided = and_(Placement.citizen_id == citizen_id, Placement.status.not_in(_DECIDED))
        await self._delete(AssessmentAnswer, AssessmentAnswer.assessment_id.in_(of_citizen), Erased.ANSWERS)
        proposals = select(Placement.id).where(undecided)
        await self._delete(PlacementEvent, PlacementEvent.placement_id.in_(proposals))
        await self._delete(Placement, undecided, Erased.PROPOSALS)
        decisions = select(Placement.assessment_id).where(decided)
        await self._delete(
            Assessment, and_(Assessment.citizen_id == citizen_id, Assessment.id.not_in(decisions))
        )
        await self._session.execute(
            update(Assessment).where(Assessment.citizen_id == citizen_id).values(outcome=None)
        )
        await self._session.execute(
            update(Placement).where(decided).values(counterfactual=None, dispute_reason=None)
        )
        objections = and_(
            PlacementEvent.kind == PlacementEventKind.DISPUTED,
            PlacementEvent.placement_id.in_(select(Placement.id).where(decided)),
        )
        await self._session.execute(update(PlacementEvent).where(objections).values(reason=None))
        is_decided = await self._any(Placement, decided)
        if is_decided:
            self._kept.add(Kept.DECISION)
        return is_decided

    async def _erase_from_bookings(self, citizen_id: str, name: str, is_awaited: bool) -> bool:
        """Erases what bookings hold besides the facts of the meeting; tells whether there are any.

        Whoever has chosen to come is known by name until the meeting is over.
        """
        holds = select(Hold.id).where(Hold.citizen_id == citizen_id)
        await self._delete(SlotClaim, SlotClaim.hold_id.in_(holds))
        await self._delete(Hold, Hold.citizen_id == citizen_id)
        bookings = select(Booking.id).where(Booking.citizen_id == citizen_id)
        await self._delete(OutreachMessage, OutreachMessage.booking_id.in_(bookings), Erased.MESSAGES)
        await self._session.execute(
            update(BookingChange).where(BookingChange.booking_id.in_(bookings)).values(reason=None)
        )
        of_citizen = Booking.citizen_id == citizen_id
        is_kept = and_(of_citizen, coming_at(self._now)) if is_awaited else false()
        await forget_person(self._session, and_(of_citizen, ~is_kept), name)
        if await self._any(Booking, is_kept):
            self._kept.add(Kept.COMING_MEETING)
        has_any = await self._any(Booking, Booking.citizen_id == citizen_id)
        if has_any:
            self._kept.add(Kept.MEETINGS)
        return has_any

    async def _erase_handovers(self, conversation_id: str) -> None:
        handovers = select(Handover.id).where(Handover.conversation_id == conversation_id)
        of_them = HandoverEvent.handover_id.in_(handovers)
        whispers = and_(of_them, HandoverEvent.kind == EventKind.WHISPERED)
        await self._delete(HandoverEvent, whispers, Erased.STAFF_NOTES)
        await self._delete(HandoverEvent, of_them)
        await self._delete(DeskMessage, DeskMessage.conversation_id == conversation_id, Erased.WORDS)
        await self._delete(Handover, Handover.conversation_id == conversation_id)
        calls = CallRequest.conversation_id == conversation_id
        await self._delete(CallRequest, calls, Erased.NAME_AND_NUMBER)

    async def _erase_conversation(self, conversation_id: str) -> None:
        of_it: list[tuple[Any, Erased | None]] = [
            (Correction, Erased.CORRECTIONS),
            (ConversationNote, Erased.STAFF_NOTES),
            (ConversationTag, Erased.STAFF_NOTES),
            (ConversationReview, Erased.STAFF_NOTES),
            (ConversationFlag, Erased.STAFF_NOTES),
            (ConversationReading, None),
            (ConversationRating, Erased.WORDS),
            (SmsDelivery, Erased.MESSAGES),
            (ConversationTurn, Erased.WORDS),
            (ConversationEvent, Erased.WORDS),
            (OutreachMessage, Erased.MESSAGES),
        ]
        for table, kind in of_it:
            await self._delete(table, table.conversation_id == conversation_id, kind)
        await self._delete(Conversation, Conversation.id == conversation_id)
        wish = ContactWish.conversation_id == conversation_id
        # Without it, the next list of invitations would write to somebody who has said STOP.
        if conversation_id.startswith(SMS_CONVERSATION) and await self._any(
            ContactWish, and_(wish, ~ContactWish.wanted)
        ):
            self._kept.add(Kept.NO_MESSAGES)
        else:
            await self._delete(ContactWish, wish)

    async def _erase_requests(self, conversation_id: str, this_request: str | None) -> None:
        requests = select(RightsRequest.id).where(RightsRequest.conversation_id == conversation_id)
        await self._delete(IdentityCode, IdentityCode.request_id.in_(requests))
        await self._delete(ExportLink, ExportLink.request_id.in_(requests))
        others = and_(
            RightsRequest.conversation_id == conversation_id, RightsRequest.id.is_distinct_from(this_request)
        )
        await self._session.execute(
            update(RightsRequest)
            .where(others)
            .values(conversation_id=None, closed_at=func.coalesce(RightsRequest.closed_at, self._now))
        )

    async def _erase_answers_to_writes(self, conversation_id: str, citizen_id: str | None) -> None:
        """Forgets what is kept to answer a repeated write with: it repeats names and numbers."""
        theirs: list[ColumnElement[bool]] = [
            StoredAnswer.key.startswith(f"{conversation_id}:", autoescape=True),
            StoredAnswer.about.contains(conversation_id, autoescape=True),
        ]
        if citizen_id:
            theirs.append(StoredAnswer.about.contains(citizen_id, autoescape=True))
        await self._delete(StoredAnswer, and_(StoredAnswer.status.is_not(None), or_(*theirs)))

    async def _delete(self, table: Any, which: ColumnElement[bool], kind: Erased | None = None) -> None:
        if kind and await self._any(table, which):
            self._erased.add(kind)
        await self._session.execute(delete(table).where(which))

    async def _any(self, table: type[Base], which: ColumnElement[bool]) -> bool:
        return bool(await self._session.scalar(select(exists(select(1).select_from(table).where(which)))))


def coming_at(now: datetime) -> ColumnElement[bool]:
    """The condition that a booking stands and its meeting is not over."""
    coming = select(Slot.id).where(Slot.ends_at > now)
    return and_(Booking.status == "booked", Booking.slot_id.in_(coming))


async def forget_person(session: AsyncSession, which: ColumnElement[bool], name: str = NAME_ERASED) -> int:
    """Leaves bookings without a name and a number, and tells how many had them.

    Args:
        session: The transaction.
        which: The bookings.
        name: What stands in the place of the name.
    """
    named = Booking.citizen_phone != ""
    done = await session.execute(
        update(Booking).where(which, named).values(citizen_name=name, citizen_phone="").returning(Booking.id)
    )
    return len(done.all())


async def forget_held_meetings(session: AsyncSession, now: datetime) -> int:
    """Forgets the names in meetings that erased citizens chose to keep and that are over by now."""
    erased = select(Citizen.id).where(Citizen.channel == ERASED_CHANNEL)
    return await forget_person(session, and_(Booking.citizen_id.in_(erased), ~coming_at(now)))
