"""What the desk's pages show of several conversations at once, and by what they know that there is news."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.citizens.tables import Citizen
from backend.handover.ownership import HandoverState
from backend.handover.tables import CallRequest, DeskMessage, EventKind, Handover, HandoverEvent
from backend.teams.scope import TeamScope
from backend.transcripts.rasa_events import Speaker
from backend.transcripts.tables import Conversation, ConversationTurn

Pulse = Sequence[object]
"""Differs from an earlier one when there is something new to show."""


class DeskOverview:
    """Names, unanswered messages and whispers.

    Args:
        session: The transaction.
        scope: The teams whose conversations can be found here; for everybody else they do not exist.
    """

    def __init__(self, session: AsyncSession, scope: TeamScope) -> None:
        self._session = session
        self._within_scope = scope.limits(Conversation.team_id)

    async def names(self, conversation_ids: Collection[str]) -> dict[str, str]:
        """The names of those citizens who have told theirs, by conversation."""
        told = (
            select(Conversation.id, Citizen.name)
            .join(Citizen, Citizen.conversation_id == Conversation.id)
            .where(Conversation.id.in_(conversation_ids), Citizen.name.is_not(None), self._within_scope)
        )
        return {conversation_id: name for conversation_id, name in await self._session.execute(told) if name}

    async def unanswered(self, login: str) -> dict[str, int]:
        """How much the citizens wrote in a caseworker's conversations since a person last wrote there."""
        answered_at = (
            select(func.max(DeskMessage.created_at))
            .where(DeskMessage.conversation_id == Handover.conversation_id, DeskMessage.author.is_not(None))
            .correlate(Handover)
            .scalar_subquery()
        )
        since = func.coalesce(answered_at, Handover.asked_at)
        counted = (
            select(Handover.conversation_id, func.count())
            .join(Conversation, Conversation.id == Handover.conversation_id)
            .join(ConversationTurn, ConversationTurn.conversation_id == Handover.conversation_id)
            .where(
                Handover.state == HandoverState.TAKEN,
                Handover.owner == login,
                ConversationTurn.speaker == Speaker.CITIZEN,
                ConversationTurn.occurred_at > since,
                self._within_scope,
            )
            .group_by(Handover.conversation_id)
        )
        rows = await self._session.execute(counted)
        return {row[0]: row[1] for row in rows}

    async def whispers(self, conversation_id: str) -> Sequence[HandoverEvent]:
        """What colleagues noted for each other in a conversation, oldest first."""
        found = (
            select(HandoverEvent)
            .join(Handover, Handover.id == HandoverEvent.handover_id)
            .join(Conversation, Conversation.id == Handover.conversation_id)
            .where(
                Handover.conversation_id == conversation_id,
                HandoverEvent.kind == EventKind.WHISPERED,
                self._within_scope,
            )
        )
        return (await self._session.scalars(found.order_by(HandoverEvent.position))).all()

    async def citizen_typed_at(self, conversation_id: str) -> datetime | None:
        """When the citizen was last writing in a conversation that a person has."""
        typed = (
            select(Handover.citizen_typed_at)
            .join(Conversation, Conversation.id == Handover.conversation_id)
            .where(
                Handover.conversation_id == conversation_id,
                Handover.state == HandoverState.TAKEN,
                self._within_scope,
            )
        )
        return await self._session.scalar(typed)

    async def pulse_of_lists(self, login: str) -> Pulse:
        """Of the queue, the numbers to call, and a caseworker's own conversations."""
        handovers = (
            select(Handover.id, Handover.version)
            .join(Conversation, Conversation.id == Handover.conversation_id)
            .where(Handover.state != HandoverState.CLOSED, self._within_scope)
            .order_by(Handover.id)
        )
        calls = (
            select(CallRequest.id)
            .join(Conversation, Conversation.id == CallRequest.conversation_id)
            .where(CallRequest.called_at.is_(None), self._within_scope)
            .order_by(CallRequest.id)
        )
        return [
            [list(row) for row in await self._session.execute(handovers)],
            (await self._session.scalars(calls)).all(),
            sorted((await self.unanswered(login)).items()),
        ]

    async def pulse_of_conversation(self, conversation_id: str) -> Pulse:
        """Of what was said and done in a conversation; empty when there is none to be found."""
        turns = select(func.max(ConversationTurn.position)).where(
            ConversationTurn.conversation_id == conversation_id
        )
        events = (
            select(func.max(HandoverEvent.position))
            .join(Handover, Handover.id == HandoverEvent.handover_id)
            .where(Handover.conversation_id == conversation_id)
        )
        is_found = Conversation.id == conversation_id, self._within_scope
        found = await self._session.execute(
            select(turns.scalar_subquery(), events.scalar_subquery()).where(*is_found)
        )
        said_and_done = found.one_or_none()
        if said_and_done is None:
            return []
        messages = (
            select(DeskMessage.number, DeskMessage.state)
            .where(DeskMessage.conversation_id == conversation_id)
            .order_by(DeskMessage.number)
        )
        return [*said_and_done, *(list(row) for row in await self._session.execute(messages))]
