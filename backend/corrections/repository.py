"""Finds and stores corrections: within some teams for caseworkers, without citizens for trainers."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.booking.tables import Booking
from backend.citizens.tables import Citizen
from backend.corrections.tables import Correction, CorrectionStatus
from backend.teams.scope import TeamScope
from backend.transcripts.tables import Conversation, ConversationEvent, ConversationTurn

_TOLD = ("user", "action", "active_loop", "slot")


class CorrectionRepository:
    """The corrections of conversations.

    Args:
        session: The transaction.
        scope: The teams whose conversations can be found here; for everybody else they do not exist.
    """

    def __init__(self, session: AsyncSession, scope: TeamScope) -> None:
        self._session = session
        self._within_scope = scope.limits(Conversation.team_id)

    async def turn(self, conversation_id: str, position: int) -> ConversationTurn | None:
        """A citizen's turn."""
        return await self._session.scalar(self._turn(conversation_id, position))

    async def turn_for_change(self, conversation_id: str, position: int) -> ConversationTurn | None:
        """A citizen's turn, so that nobody else corrects it before the transaction ends."""
        one = self._turn(conversation_id, position)
        return await self._session.scalar(one.with_for_update(of=ConversationTurn))

    async def of_turn(self, position: int) -> Correction | None:
        """The correction of a turn, so that nobody else changes it before the transaction ends."""
        found = select(Correction).where(Correction.turn == position)
        return await self._session.scalar(found.with_for_update())

    async def of_conversation(self, conversation_id: str) -> dict[int, Correction]:
        """The corrections of a conversation by the position of their turns."""
        found = select(Correction).join(Conversation, Conversation.id == Correction.conversation_id)
        of_one = found.where(Conversation.id == conversation_id, self._within_scope)
        return {correction.turn: correction for correction in await self._session.scalars(of_one)}

    async def of_turns(self, positions: Sequence[int]) -> dict[int, Correction]:
        """The corrections of some turns by their positions."""
        found = select(Correction).join(Conversation, Conversation.id == Correction.conversation_id)
        of_these = found.where(Correction.turn.in_(positions), self._within_scope)
        return {correction.turn: correction for correction in await self._session.scalars(of_these)}

    async def names(self, conversation_id: str) -> list[str]:
        """The names that a conversation's citizen has told."""
        own = select(Citizen.name).where(
            Citizen.conversation_id == conversation_id, Citizen.name.is_not(None)
        )
        booked = (
            select(Booking.citizen_name)
            .join(Citizen, Citizen.id == Booking.citizen_id)
            .where(Citizen.conversation_id == conversation_id)
        )
        names = [*await self._session.scalars(own), *await self._session.scalars(booked)]
        return [name for name in names if name]

    async def add(self, correction: Correction) -> None:
        """Adds a correction."""
        self._session.add(correction)
        await self._session.flush()

    async def remove(self, correction: Correction) -> None:
        """Takes a correction back."""
        await self._session.delete(correction)

    async def told_events(self, conversation_id: str) -> list[ConversationEvent]:
        """What a test of a conversation is made from, oldest first."""
        found = select(ConversationEvent).join(
            Conversation, Conversation.id == ConversationEvent.conversation_id
        )
        of_one = found.where(
            Conversation.id == conversation_id, self._within_scope, ConversationEvent.kind.in_(_TOLD)
        )
        in_order = ConversationEvent.occurred_at, ConversationEvent.position
        return list(await self._session.scalars(of_one.order_by(*in_order)))

    def _turn(self, conversation_id: str, position: int) -> Select[ConversationTurn]:
        found = select(ConversationTurn).join(
            Conversation, Conversation.id == ConversationTurn.conversation_id
        )
        return found.where(
            Conversation.id == conversation_id,
            self._within_scope,
            ConversationTurn.position == position,
            ConversationTurn.speaker == "citizen",
        )


class TrainingRepository:
    """The corrections by themselves: masked texts, and nothing of whom they came from."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def with_status(self, status: CorrectionStatus) -> Sequence[Correction]:
        """Corrections, oldest first."""
        found = select(Correction).where(Correction.status == status)
        return (await self._session.scalars(found.order_by(Correction.made_at, Correction.id))).all()

    async def for_change(self, correction_id: str) -> Correction | None:
        """A correction, so that nobody else changes it before the transaction ends."""
        return await self._session.get(Correction, correction_id, with_for_update=True)

    async def count_by_intent(self, status: CorrectionStatus) -> dict[str, int]:
        """How many corrections there are with a status, by the intent they would teach."""
        counted = select(Correction.intent, func.count()).where(Correction.status == status)
        rows = await self._session.execute(counted.group_by(Correction.intent))
        return {row[0]: row[1] for row in rows}
