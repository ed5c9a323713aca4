"""Finds and stores what citizens are sent, and whether they want to be."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.assessment.tables import OPEN, Assessment
from backend.booking.tables import Booking, Slot
from backend.citizens.tables import Citizen
from backend.db import insert_if_absent, new_id
from backend.handover.ownership import HandoverState
from backend.handover.tables import Handover
from backend.outreach.occasions import Occasion
from backend.outreach.tables import ON_THE_WAY, ContactWish, OutreachChannel, OutreachMessage, OutreachState
from backend.teams.scope import TeamScope
from backend.transcripts.tables import Conversation

SMS = "sms"


class ContactWishRepository:
    """The stored wishes."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, conversation_id: str) -> ContactWish | None:
        """The newest word of a citizen, None when there is none."""
        return await self._session.get(ContactWish, conversation_id)

    async def for_change(self, conversation_id: str, wanted: bool, said_at: datetime) -> ContactWish:
        """The newest word of a citizen, locked; the given one where there was none."""
        row = {"conversation_id": conversation_id, "wanted": wanted, "said_at": said_at}
        await insert_if_absent(self._session, ContactWish, row)
        found = select(ContactWish).where(ContactWish.conversation_id == conversation_id).with_for_update()
        return (await self._session.scalars(found)).one()


class OutreachRepository:
    """The stored messages, and what gives occasion to them. Only those who write by SMS are written to."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def coming_bookings(self, start: datetime, end: datetime) -> Sequence[tuple[Booking, str]]:
        """Bookings that begin between two moments, each with its citizen's conversation."""
        statement = (
            select(Booking, Citizen.conversation_id)
            .join(Citizen, Citizen.id == Booking.citizen_id)
            .join(Slot, Slot.id == Booking.slot_id)
            .where(Citizen.channel == SMS, Booking.status == "booked")
            .where(Slot.starts_at > start, Slot.starts_at < end)
        )
        return [(booking, conversation) for booking, conversation in await self._session.execute(statement)]

    async def left_assessments(
        self, since: datetime, before: datetime
    ) -> Sequence[tuple[str, str, datetime]]:
        """Open assessments of citizens whose latest word, which is given too, was between two moments."""
        statement = (
            select(Assessment.id, Conversation.id, Conversation.last_citizen_turn_at)
            .join(Citizen, Citizen.id == Assessment.citizen_id)
            .join(Conversation, Conversation.id == Citizen.conversation_id)
            .where(Citizen.channel == SMS, Assessment.status.in_(OPEN))
            .where(Conversation.last_citizen_turn_at > since, Conversation.last_citizen_turn_at <= before)
        )
        return [(a, c, at) for a, c, at in await self._session.execute(statement) if at is not None]

    async def add_if_absent(
        self,
        occasion: Occasion,
        now: datetime,
        channel: OutreachChannel = OutreachChannel.SMS,
        state: OutreachState = OutreachState.WAITING,
    ) -> None:
        """Adds a message for an occasion that has none."""
        row = {
            "id": new_id(),
            "key": occasion.key,
            "kind": occasion.kind,
            "channel": channel,
            "conversation_id": occasion.conversation_id,
            "recipient": "",
            "booking_id": occasion.booking_id,
            "values": occasion.values,
            "state": state,
            "due_at": occasion.due_at,
            "created_at": now,
            "changed_at": now,
        }
        await insert_if_absent(self._session, OutreachMessage, row)

    async def is_there(self, keys: Sequence[str]) -> bool:
        """Whether there is a message with one of some keys."""
        found = select(OutreachMessage.id).where(OutreachMessage.key.in_(keys)).limit(1)
        return bool(keys) and await self._session.scalar(found) is not None

    async def invite_if_absent(
        self, key: str, phone: str, recipient: str, invited_by: str, now: datetime
    ) -> bool:
        """Adds an invitation to a number that has not been invited, and tells whether it was so."""
        row = {
            "id": new_id(),
            "key": key,
            "kind": "invitation",
            "channel": OutreachChannel.SMS,
            "phone": phone,
            "recipient": recipient,
            "values": {},
            "state": OutreachState.WAITING,
            "due_at": now,
            "created_at": now,
            "changed_at": now,
            "invited_by": invited_by,
        }
        return await insert_if_absent(self._session, OutreachMessage, row)

    async def waiting(self, channel: OutreachChannel, now: datetime, limit: int) -> Sequence[OutreachMessage]:
        """Messages by a channel whose time has come, oldest first; none while a person has the citizen."""
        with_person = exists().where(
            Handover.conversation_id == OutreachMessage.conversation_id,
            Handover.state == HandoverState.TAKEN,
        )
        statement = select(OutreachMessage).where(
            OutreachMessage.state == OutreachState.WAITING,
            OutreachMessage.due_at <= now,
            OutreachMessage.channel == channel,
            ~with_person,
        )
        ordered = statement.order_by(OutreachMessage.due_at, OutreachMessage.id).limit(limit)
        return (await self._session.scalars(ordered)).all()

    async def on_the_way(self, since: datetime, limit: int) -> Sequence[OutreachMessage]:
        """Messages handed over after a moment of which it is not known how they ended."""
        statement = select(OutreachMessage).where(
            OutreachMessage.state.in_(ON_THE_WAY), OutreachMessage.created_at > since
        )
        return (
            await self._session.scalars(statement.order_by(OutreachMessage.changed_at).limit(limit))
        ).all()

    async def get_for_change(self, message_id: str) -> OutreachMessage | None:
        """The message with an id, locked."""
        return await self._session.get(OutreachMessage, message_id, with_for_update=True)

    async def booking(self, booking_id: str) -> Booking | None:
        """The booking that a message is about."""
        return await self._session.get(Booking, booking_id)

    async def assessment_is_open(self, conversation_id: str) -> bool:
        """Whether a citizen has an assessment that is not finished."""
        statement = (
            select(Assessment.id)
            .join(Citizen, Citizen.id == Assessment.citizen_id)
            .where(Citizen.conversation_id == conversation_id, Assessment.status.in_(OPEN))
        )
        return await self._session.scalar(statement) is not None

    async def newest(self, limit: int, scope: TeamScope) -> Sequence[OutreachMessage]:
        """The latest SMS to citizens of some teams, and to those who have not written yet."""
        within = OutreachMessage.conversation_id.is_(None) | scope.limits(Conversation.team_id)
        statement = (
            select(OutreachMessage)
            .outerjoin(Conversation, Conversation.id == OutreachMessage.conversation_id)
            .where(within, OutreachMessage.channel == OutreachChannel.SMS)
            .order_by(OutreachMessage.created_at.desc(), OutreachMessage.id)
        )
        return (await self._session.scalars(statement.limit(limit))).all()

    async def of_conversation(self, conversation_id: str) -> Sequence[OutreachMessage]:
        """The messages to one citizen, newest first."""
        statement = select(OutreachMessage).where(OutreachMessage.conversation_id == conversation_id)
        return (await self._session.scalars(statement.order_by(OutreachMessage.created_at.desc()))).all()
