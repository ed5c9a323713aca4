"""Everything that is stored about a citizen, row by row, as the right of access asks for it.

What is left out and why, and why staff who have read are told of by their role: docs/adr/0020.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, cast, inspect, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.assessment.tables import Assessment, AssessmentAnswer
from backend.audit.tables import AuditEntry
from backend.booking.tables import Booking, BookingChange, Consultant, Hold, Slot
from backend.citizens.tables import Citizen
from backend.console.tables import ConsoleRole, ConsoleUser
from backend.corrections.tables import Correction
from backend.db import Base
from backend.handover.tables import CallRequest, DeskMessage, Handover, HandoverEvent
from backend.outreach.tables import ContactWish, OutreachMessage
from backend.placements.tables import Placement, PlacementEvent
from backend.privacy.tables import RightsRequest
from backend.reviews.tables import ConversationNote, ConversationReview, ConversationTag
from backend.transcripts.tables import (
    Conversation,
    ConversationEvent,
    ConversationFlag,
    ConversationRating,
    ConversationTurn,
    SmsDelivery,
)

Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""Rows by the name of their table, in the order in which they came to be."""

FORMAT = "digispor-export-1"
_OF_CONVERSATION: tuple[tuple[type[Any], str], ...] = (
    (ConversationTurn, "position"),
    (ConversationEvent, "position"),
    (ConversationFlag, "raised_at"),
    (ConversationRating, "rated_at"),
    (SmsDelivery, "reference"),
    (Correction, "made_at"),
    (ConversationNote, "written_at"),
    (ConversationReview, "conversation_id"),
    (ConversationTag, "tag"),
    (ContactWish, "said_at"),
    (RightsRequest, "made_at"),
    (Handover, "asked_at"),
    (DeskMessage, "number"),
    (CallRequest, "asked_at"),
)
# Searched in and found by, and no more than what stands beside them.
_DOUBLES = frozenset({"folded_text", "phone_index"})


class HoldingsReader:
    """Reads what there is within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def read(self, conversation_id: str) -> Rows:
        """Everything about the citizen of a conversation."""
        of_it = {table: table.conversation_id == conversation_id for table, _ in _OF_CONVERSATION}
        found: Rows = {
            "citizens": await self._rows(Citizen, Citizen.conversation_id == conversation_id, "created_at"),
            "conversations": await self._rows(Conversation, Conversation.id == conversation_id, "id"),
        }
        for table, order in _OF_CONVERSATION:
            found[table.__tablename__] = await self._rows(table, of_it[table], order)
        for event in found["conversation_events"]:
            event["data"] = json.loads(event["data"])
        for citizen in list(found["citizens"]):
            found |= await self._of_citizen(str(citizen["id"]))
        handovers = select(Handover.id).where(Handover.conversation_id == conversation_id)
        found["handover_events"] = await self._rows(
            HandoverEvent, HandoverEvent.handover_id.in_(handovers), "position"
        )
        found["outreach_messages"] = await self._messages(conversation_id)
        found["readers"] = await self._readers(conversation_id)
        return found

    async def _of_citizen(self, citizen_id: str) -> Rows:
        assessments = select(Assessment.id).where(Assessment.citizen_id == citizen_id)
        placements = select(Placement.id).where(Placement.citizen_id == citizen_id)
        bookings = select(Booking.id).where(Booking.citizen_id == citizen_id)
        meetings = select(Booking.slot_id).where(Booking.citizen_id == citizen_id)
        changed = select(BookingChange.slot_id).where(BookingChange.booking_id.in_(bookings))
        held = select(Hold.slot_id).where(Hold.citizen_id == citizen_id)
        times = or_(Slot.id.in_(meetings), Slot.id.in_(changed), Slot.id.in_(held))
        consultants = select(Slot.consultant_id).where(times)
        return {
            "assessments": await self._rows(Assessment, Assessment.id.in_(assessments), "created_at"),
            "assessment_answers": await self._rows(
                AssessmentAnswer, AssessmentAnswer.assessment_id.in_(assessments), "created_at"
            ),
            "placements": await self._rows(Placement, Placement.id.in_(placements), "created_at"),
            "placement_events": await self._rows(
                PlacementEvent, PlacementEvent.placement_id.in_(placements), "created_at"
            ),
            "bookings": await self._rows(Booking, Booking.id.in_(bookings), "created_at"),
            "booking_changes": await self._rows(BookingChange, BookingChange.booking_id.in_(bookings), "at"),
            "holds": await self._rows(Hold, Hold.citizen_id == citizen_id, "created_at"),
            "slots": await self._rows(Slot, times, "starts_at"),
            "consultants": await self._rows(Consultant, Consultant.id.in_(consultants), "name"),
        }

    async def _messages(self, conversation_id: str) -> list[Row]:
        of_citizen = select(Citizen.id).where(Citizen.conversation_id == conversation_id)
        bookings = select(Booking.id).where(Booking.citizen_id.in_(of_citizen))
        theirs = or_(
            OutreachMessage.conversation_id == conversation_id, OutreachMessage.booking_id.in_(bookings)
        )
        return await self._rows(OutreachMessage, theirs, "created_at")

    async def _readers(self, conversation_id: str) -> list[Row]:
        """When somebody of the staff saw or changed something, and in which role."""
        listed = cast(AuditEntry.listed, String).contains(json.dumps(conversation_id), autoescape=True)
        about = or_(AuditEntry.conversation_id == conversation_id, listed)
        entries = (
            await self._session.scalars(select(AuditEntry).where(about).order_by(AuditEntry.position))
        ).all()
        roles = await self._roles({entry.actor for entry in entries})
        return [
            {
                "at": entry.at.isoformat(),
                "action": entry.action,
                "outcome": entry.outcome,
                "roles": roles.get(entry.actor, []),
                "in_a_list": entry.conversation_id != conversation_id,
            }
            for entry in entries
        ]

    async def _roles(self, logins: set[str]) -> dict[str, list[str]]:
        found = (
            select(ConsoleUser.login, ConsoleRole.role)
            .join(ConsoleRole, ConsoleRole.user_id == ConsoleUser.id)
            .where(ConsoleUser.login.in_(logins))
        )
        roles: dict[str, set[str]] = {}
        for login, role in await self._session.execute(found):
            roles.setdefault(login, set()).add(role)
        return {login: sorted(given) for login, given in roles.items()}

    async def _rows(self, table: type[Base], which: ColumnElement[bool], order: str) -> list[Row]:
        columns = [column for column in inspect(table).columns if column.name not in _DOUBLES]
        in_order = getattr(table, order)
        rows = await self._session.execute(select(*columns).where(which).order_by(in_order))
        return [
            {column.name: _plain(value) for column, value in zip(columns, row, strict=True)} for row in rows
        ]


def as_json(conversation_id: str, rows: Rows, made_at: str) -> str:
    """The whole as one JSON document."""
    whole = {"format": FORMAT, "made_at": made_at, "conversation_id": conversation_id, **rows}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


TABLES: Sequence[str] = (
    *(table.__tablename__ for table, _ in _OF_CONVERSATION),
    *("citizens", "conversations", "assessments", "assessment_answers", "placements", "placement_events"),
    *("bookings", "booking_changes", "holds", "outreach_messages", "audit_entries", "handover_events"),
)
"""The tables with something about citizens that an export tells of."""
