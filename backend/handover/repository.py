"""Finds and stores handovers, their events and messages, and who is at the desk."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.assessment.tables import OPEN, Assessment, AssessmentAnswer
from backend.booking.tables import Booking, Slot
from backend.citizens.tables import Citizen
from backend.db import insert_if_absent, new_id
from backend.handover.ownership import HandoverState, Outcome, Ownership, Reason
from backend.handover.tables import (
    CallRequest,
    DeskMessage,
    DeskPresence,
    Handover,
    HandoverEvent,
    MessageState,
)
from backend.teams.scope import TeamScope
from backend.transcripts.tables import Conversation


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a citizen that a person should be told.

    Attributes:
        answers: How many questions of the open or latest assessment are answered; None without one.
        finished: Whether that assessment is finished.
        meeting: The coming booking, if any.
    """

    answers: int | None
    finished: bool
    meeting: Booking | None


def ownership_of(handover: Handover) -> Ownership:
    """Where a stored handover stands."""
    stored = {field.name: getattr(handover, field.name) for field in fields(Ownership)}
    stored["state"], stored["reason"] = HandoverState(handover.state), Reason(handover.reason)
    stored["outcome"] = handover.outcome and Outcome(handover.outcome)
    return Ownership(**stored)


class HandoverRepository:
    """The stored handovers.

    Args:
        session: The transaction.
        scope: The teams whose conversations can be found here; for everybody else they do not exist.
    """

    def __init__(self, session: AsyncSession, scope: TeamScope) -> None:
        self._session = session
        self._within_scope = scope.limits(Conversation.team_id)

    # Handovers

    async def team_of(self, conversation_id: str) -> str | None:
        """The team of a conversation; None when there is none to be found."""
        found = select(Conversation.team_id).where(Conversation.id == conversation_id, self._within_scope)
        return await self._session.scalar(found)

    async def open(self, conversation_id: str, *, for_change: bool = False) -> Handover | None:
        """The open handover of a conversation; for a change nobody else changes it before the end."""
        found = self._handovers(
            Handover.conversation_id == conversation_id, Handover.state != HandoverState.CLOSED
        )
        return await self._session.scalar(_locked(found) if for_change else found)

    async def get(self, handover_id: str, *, for_change: bool = False) -> Handover | None:
        """The handover with an id; for a change nobody else changes it before the end."""
        found = self._handovers(Handover.id == handover_id)
        return await self._session.scalar(_locked(found) if for_change else found)

    async def of_conversation(self, conversation_id: str) -> Sequence[Handover]:
        """The handovers of a conversation, oldest first."""
        found = self._handovers(Handover.conversation_id == conversation_id)
        return (await self._session.scalars(found.order_by(Handover.asked_at, Handover.id))).all()

    async def add_if_absent(
        self, conversation_id: str, ownership: Ownership, *, passed_on: str, position: int
    ) -> bool:
        """Adds a handover, unless an open one is there, and tells whether it did."""
        row = {
            **asdict(ownership),
            "id": new_id(),
            "conversation_id": conversation_id,
            "version": 1,
            "passed_on": passed_on,
            "asked_position": position,
        }
        return await insert_if_absent(self._session, Handover, row)

    async def with_teams(self, *states: HandoverState) -> list[tuple[Handover, str]]:
        """The handovers in some states, each with the team of its conversation."""
        found = (
            select(Handover, Conversation.team_id)
            .join(Conversation, Conversation.id == Handover.conversation_id)
            .where(Handover.state.in_(states), self._within_scope)
        )
        return [(handover, team) for handover, team in await self._session.execute(found)]

    async def note_typing(self, conversation_id: str, now: datetime) -> None:
        """Notes that the citizen is writing, where a person has the conversation."""
        noted = update(Handover).where(
            Handover.conversation_id == conversation_id, Handover.state == HandoverState.TAKEN
        )
        await self._session.execute(
            noted.values(citizen_typed_at=now).execution_options(synchronize_session=False)
        )

    async def answered(self, team_id: str, since: datetime, limit: int) -> Sequence[Handover]:
        """The latest handovers in a team for which a citizen waited and was answered."""
        found = self._handovers(
            Conversation.team_id == team_id,
            Handover.taken_at > since,
            Handover.reason.not_in([Reason.STEPPED_IN, Reason.CRISIS]),
            Handover.asked_position > 0,
        )
        return (await self._session.scalars(found.order_by(Handover.taken_at.desc()).limit(limit))).all()

    def _handovers(self, *conditions: ColumnElement[bool]) -> Select[Handover]:
        joined = select(Handover).join(Conversation, Conversation.id == Handover.conversation_id)
        return joined.where(*conditions, self._within_scope)

    # Events

    async def note(self, handover_id: str, at: datetime, kind: str, **more: Any) -> None:
        """Adds an event."""
        self._session.add(HandoverEvent(handover_id=handover_id, at=at, kind=kind, **more))
        await self._session.flush()

    async def is_done(self, key: str | None) -> bool:
        """Whether the request with a key has been carried out."""
        found = select(HandoverEvent.position).where(HandoverEvent.key == key)
        return key is not None and await self._session.scalar(found) is not None

    async def events(self, handover_id: str) -> Sequence[HandoverEvent]:
        """What happened in a handover, oldest first."""
        found = select(HandoverEvent).where(HandoverEvent.handover_id == handover_id)
        return (await self._session.scalars(found.order_by(HandoverEvent.position))).all()

    # Messages

    async def add_message(self, handover: Handover, now: datetime, **content: Any) -> DeskMessage:
        """Adds a message behind the conversation's others. The handover must be locked."""
        highest = select(func.max(DeskMessage.number)).where(
            DeskMessage.conversation_id == handover.conversation_id
        )
        message = DeskMessage(
            handover_id=handover.id,
            conversation_id=handover.conversation_id,
            number=(await self._session.scalar(highest) or 0) + 1,
            state=MessageState.WAITING,
            attempts=0,
            next_attempt_at=now,
            created_at=now,
            changed_at=now,
            **{"values": {}, "only_if": "always", **content},
        )
        self._session.add(message)
        await self._session.flush()
        return message

    async def message_by_key(self, key: str) -> DeskMessage | None:
        """The message that a request with a key has made."""
        return await self._session.scalar(select(DeskMessage).where(DeskMessage.key == key))

    async def message_for_change(self, message_id: str) -> DeskMessage | None:
        """The message with an id, locked."""
        found = (
            select(DeskMessage)
            .join(Conversation, Conversation.id == DeskMessage.conversation_id)
            .where(DeskMessage.id == message_id, self._within_scope)
        )
        return await self._session.scalar(found.with_for_update(of=DeskMessage))

    async def messages(self, conversation_id: str) -> Sequence[DeskMessage]:
        """The messages of a conversation, in order."""
        found = (
            select(DeskMessage)
            .join(Conversation, Conversation.id == DeskMessage.conversation_id)
            .where(DeskMessage.conversation_id == conversation_id, self._within_scope)
        )
        return (await self._session.scalars(found.order_by(DeskMessage.number))).all()

    async def next_to_say(self, now: datetime, limit: int) -> Sequence[DeskMessage]:
        """The first waiting message of each conversation, where its time has come, oldest first."""
        firsts = (
            select(DeskMessage.conversation_id, func.min(DeskMessage.number).label("number"))
            .where(DeskMessage.state == MessageState.WAITING)
            .group_by(DeskMessage.conversation_id)
            .subquery()
        )
        found = (
            select(DeskMessage)
            .join(
                firsts,
                (firsts.c.conversation_id == DeskMessage.conversation_id)
                & (firsts.c.number == DeskMessage.number),
            )
            .where(DeskMessage.next_attempt_at <= now)
            .order_by(DeskMessage.created_at, DeskMessage.id)
        )
        return (await self._session.scalars(found.limit(limit))).all()

    async def has_to_say(self, conversation_id: str) -> bool:
        """Whether a message waits to be said in a conversation."""
        found = select(DeskMessage.id).where(
            DeskMessage.conversation_id == conversation_id, DeskMessage.state == MessageState.WAITING
        )
        return await self._session.scalar(found.limit(1)) is not None

    async def unreported(self, channel: str, since: datetime, limit: int) -> Sequence[DeskMessage]:
        """Messages that a channel was handed after a moment, and of which no report has come."""
        found = select(DeskMessage).where(
            DeskMessage.state == MessageState.SENT,
            DeskMessage.channel == channel,
            DeskMessage.changed_at > since,
        )
        return (await self._session.scalars(found.order_by(DeskMessage.changed_at.desc()).limit(limit))).all()

    # The desk

    async def presences(self) -> Sequence[DeskPresence]:
        """Everybody who is known at the desk, by name."""
        found = select(DeskPresence).order_by(DeskPresence.name, DeskPresence.login)
        return (await self._session.scalars(found)).all()

    async def presence(self, login: str) -> DeskPresence | None:
        """Somebody at the desk."""
        return await self._session.get(DeskPresence, login)

    async def be_present(self, login: str, row: dict[str, Any]) -> None:
        """Stores where somebody at the desk stands."""
        if not await insert_if_absent(self._session, DeskPresence, {"login": login, **row}):
            changed = update(DeskPresence).where(DeskPresence.login == login).values(**row)
            await self._session.execute(changed.execution_options(synchronize_session=False))

    # Numbers to call

    async def add_call_request(self, conversation_id: str, phone: str, now: datetime) -> CallRequest:
        """Adds a number to call; one that waits already in the conversation is replaced."""
        waiting = select(CallRequest).where(
            CallRequest.conversation_id == conversation_id, CallRequest.called_at.is_(None)
        )
        request = (await self._session.scalars(waiting.with_for_update())).first()
        if request is None:
            request = CallRequest(conversation_id=conversation_id, asked_at=now)
            self._session.add(request)
        request.phone = phone
        await self._session.flush()
        return request

    async def call_requests(self) -> Sequence[CallRequest]:
        """The numbers that nobody has called yet, oldest first."""
        found = (
            select(CallRequest)
            .join(Conversation, Conversation.id == CallRequest.conversation_id)
            .where(CallRequest.called_at.is_(None), self._within_scope)
        )
        return (await self._session.scalars(found.order_by(CallRequest.asked_at, CallRequest.id))).all()

    async def call_request_for_change(self, request_id: str) -> CallRequest | None:
        """The wish to be called with an id, locked."""
        found = (
            select(CallRequest)
            .join(Conversation, Conversation.id == CallRequest.conversation_id)
            .where(CallRequest.id == request_id, self._within_scope)
        )
        return await self._session.scalar(found.with_for_update(of=CallRequest))

    # What a person should be told

    async def facts(self, conversation_id: str, now: datetime) -> Facts:
        """What is known of a conversation's citizen."""
        of_citizen = Citizen.conversation_id == conversation_id
        assessment = await self._session.scalar(
            select(Assessment)
            .join(Citizen, Citizen.id == Assessment.citizen_id)
            .where(of_citizen)
            .order_by(Assessment.created_at.desc(), Assessment.id)
            .limit(1)
        )
        answers = None
        if assessment is not None:
            given = select(func.count()).where(
                AssessmentAnswer.assessment_id == assessment.id,
                AssessmentAnswer.withdrawn_at.is_(None),
                AssessmentAnswer.response.is_not(None),
            )
            answers = await self._session.scalar(given) or 0
        meeting = await self._session.scalar(
            select(Booking)
            .join(Citizen, Citizen.id == Booking.citizen_id)
            .join(Slot, Slot.id == Booking.slot_id)
            .where(of_citizen, Booking.status == "booked", Slot.ends_at > now)
            .limit(1)
        )
        return Facts(answers, assessment is not None and assessment.status not in OPEN, meeting)


def _locked(found: Select[Handover]) -> Select[Handover]:
    """The same, locked and as it is now: what was read before may have changed since."""
    return found.with_for_update(of=Handover).execution_options(populate_existing=True)
