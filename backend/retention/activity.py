"""When something last happened in a conversation, and what keeps it from being deleted, as SQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    column,
    exists,
    func,
    or_,
    select,
    union,
    values,
)
from sqlalchemy.orm import InstrumentedAttribute

from backend.assessment.tables import Assessment
from backend.booking.reports import is_unseen_report
from backend.booking.tables import Booking, BookingChange, Slot
from backend.citizens.tables import Citizen
from backend.handover.tables import CallRequest, DeskMessage, Handover, MessageState
from backend.privacy.erasing import ERASED_CHANNEL
from backend.privacy.tables import ExportLink, RightsRequest
from backend.privacy.tombstones import STUB
from backend.transcripts.tables import Conversation, ConversationFlag, FlagKind

_MUST_BE_SEEN = (FlagKind.CRISIS, FlagKind.HUMAN_REQUESTED)
Id = ColumnElement[str] | InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


class Obstacle(StrEnum):
    """Why a conversation whose time is up is not deleted yet."""

    PERSON = "person"
    """Somebody has it, or is waited for, or has something there still to be said."""
    FLAG = "flag"
    """Nobody has seen that the citizen was in a crisis, or wanted a person."""
    REPORT = "report"
    """Nobody has seen that the citizen cancelled or cannot come."""
    CALL = "call"
    """The citizen waits to be called."""
    REQUEST = "request"
    """The citizen has asked for their data, and it is not done."""


_IS_NO_STUB = ~Conversation.id.startswith(STUB, autoescape=True)
_IS_NOT_ERASED = Citizen.channel != ERASED_CHANNEL


def subjects() -> Subquery:
    """The ids of everything here that can be deleted as a conversation, with or without events."""
    conversations = select(Conversation.id).where(_IS_NO_STUB)
    citizens = select(Citizen.conversation_id).where(_IS_NOT_ERASED)
    return union(conversations, citizens).subquery("subjects")


def these(ids: Collection[str]) -> CTE:
    """Some ids, of conversations that there may be nothing of here."""
    return values(column("id", String), name="given").data([(id,) for id in ids]).cte("subjects")


def is_subject(id: Id) -> ColumnElement[bool]:
    """The condition that an id is one of these."""
    return or_(
        exists(select(1).where(Conversation.id == id, _IS_NO_STUB)),
        exists(select(1).where(Citizen.conversation_id == id, _IS_NOT_ERASED)),
    )


def moments(id: Id) -> Sequence[Select[datetime | None]]:
    """What a conversation's time is counted from: the latest of these. Each may be missing.

    The citizen is joined and not looked up in a query within these: an id of the query around them would
    not reach so far down, and every citizen there is would be found.
    """
    assessments = select(func.max(Assessment.updated_at)).join(Citizen, Citizen.id == Assessment.citizen_id)
    bookings = select(func.max(Booking.updated_at)).join(Citizen, Citizen.id == Booking.citizen_id)
    meetings = (
        select(func.max(Slot.ends_at))
        .join(Booking, Booking.slot_id == Slot.id)
        .join(Citizen, Citizen.id == Booking.citizen_id)
    )
    return (
        select(func.max(Conversation.last_activity_at)).where(Conversation.id == id),
        select(func.max(Citizen.created_at)).where(Citizen.conversation_id == id),
        assessments.where(Citizen.conversation_id == id),
        bookings.where(Citizen.conversation_id == id),
        meetings.where(Citizen.conversation_id == id, Booking.status == "booked"),
    )


def is_before(id: Id, cutoff: datetime) -> ColumnElement[bool]:
    """The condition that nothing has happened in a conversation since a moment."""
    latest = [moment.scalar_subquery() for moment in moments(id)]
    return and_(*(or_(one.is_(None), one < cutoff) for one in latest))


def obstacles(id: Id, now: datetime) -> Mapping[Obstacle, ColumnElement[bool]]:
    """The conditions that something keeps a conversation from being deleted."""
    # A query within a query, so that SQLite does not go through everybody's changes for each conversation.
    is_reported = exists(select(1).where(BookingChange.booking_id == Booking.id, is_unseen_report()))
    bookings = select(1).select_from(Booking).join(Citizen, Citizen.id == Booking.citizen_id)
    links = select(ExportLink.request_id).where(ExportLink.expires_at > now)
    return {
        Obstacle.PERSON: or_(
            _any(Handover, id, Handover.state != "closed"),
            _any(DeskMessage, id, DeskMessage.state == MessageState.WAITING),
        ),
        Obstacle.FLAG: _any(
            ConversationFlag,
            id,
            ConversationFlag.kind.in_(_MUST_BE_SEEN),
            ConversationFlag.acknowledged_at.is_(None),
        ),
        Obstacle.REPORT: exists(bookings.where(Citizen.conversation_id == id, is_reported)),
        Obstacle.CALL: _any(CallRequest, id, CallRequest.called_at.is_(None)),
        Obstacle.REQUEST: _any(
            RightsRequest, id, or_(RightsRequest.closed_at.is_(None), RightsRequest.id.in_(links))
        ),
    }


def _any(table: Any, id: Id, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(1).select_from(table).where(table.conversation_id == id, *which))
