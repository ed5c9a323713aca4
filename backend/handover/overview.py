"""What the desk's pages show of several conversations at once."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.citizens.tables import Citizen
from backend.handover.ownership import HandoverState
from backend.handover.tables import DeskMessage, EventKind, Handover, HandoverEvent
from backend.teams.scope import TeamScope
from backend.transcripts.rasa_events import Speaker
from backend.transcripts.tables import Conversation, ConversationTurn


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
        counted = count_unanswered().where(Handover.owner == login, self._within_scope)
        return {row.conversation_id: row.unanswered for row in await self._session.execute(counted)}

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


def count_unanswered() -> Select[str, str | None, str, int]:
    """How much the citizens wrote since a person last wrote in their conversation: of those with an owner."""
    answered_at = (
        select(func.max(DeskMessage.created_at))
        .where(DeskMessage.conversation_id == Handover.conversation_id, DeskMessage.author.is_not(None))
        .correlate(Handover)
        .scalar_subquery()
    )
    return (
        select(
            Conversation.team_id,
            Handover.owner,
            Handover.conversation_id,
            func.count().label("unanswered"),
        )
        .join(Conversation, Conversation.id == Handover.conversation_id)
        .join(ConversationTurn, ConversationTurn.conversation_id == Handover.conversation_id)
        .where(
            Handover.state == HandoverState.TAKEN,
            ConversationTurn.speaker == Speaker.CITIZEN,
            ConversationTurn.occurred_at > func.coalesce(answered_at, Handover.asked_at),
        )
        .group_by(Conversation.team_id, Handover.owner, Handover.conversation_id)
    )
