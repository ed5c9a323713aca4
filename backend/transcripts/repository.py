"""Finds and stores conversations, their events, turns and flags."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from backend.db import insert_if_absent
from backend.teams.scope import TeamScope
from backend.transcripts.listing import NEWEST_FIRST, SUMMARIES, ConversationFilter, Place, Summary
from backend.transcripts.paging import ids_of_page
from backend.transcripts.tables import (
    Conversation,
    ConversationEvent,
    ConversationFlag,
    ConversationRating,
    ConversationTurn,
)

Row = Mapping[str, Any]


class TranscriptRepository:
    """The stored conversations.

    Args:
        session: The transaction.
        scope: The teams whose conversations can be found here; for everybody else they do not exist.
    """

    def __init__(self, session: AsyncSession, scope: TeamScope) -> None:
        self._session = session
        self._scope = scope
        self._within_scope = scope.limits(Conversation.team_id)

    async def ensure_conversation(self, conversation_id: str, at: datetime) -> None:
        """Adds a conversation that began at a moment, unless it is there."""
        row = {"id": conversation_id, "started_at": at, "last_activity_at": at}
        await insert_if_absent(self._session, Conversation, row)

    async def conversations_for_change(self, ids: Sequence[str]) -> dict[str, Conversation]:
        """Conversations by id, so that nobody else changes them before the transaction ends."""
        found = select(Conversation).where(Conversation.id.in_(ids)).order_by(Conversation.id)
        conversations = await self._session.scalars(found.with_for_update())
        return {conversation.id: conversation for conversation in conversations}

    async def add_new_events(self, events: Sequence[Row]) -> dict[str, int]:
        """Adds the events that are not there yet; gives their positions by event id."""
        dialect = sqlite if self._session.get_bind().dialect.name == "sqlite" else postgresql
        added = ConversationEvent.event_id, ConversationEvent.position
        statement = dialect.insert(ConversationEvent).on_conflict_do_nothing().returning(*added)
        rows = await self._session.execute(statement, events)
        return {row.event_id: row.position for row in rows}

    async def add_turns(self, turns: Sequence[Row]) -> None:
        """Adds turns."""
        if turns:
            await self._session.execute(insert(ConversationTurn), turns)

    async def add_flag(self, flag: ConversationFlag) -> None:
        """Adds a flag."""
        self._session.add(flag)
        await self._session.flush()

    async def flag_for_change(self, flag_id: str) -> ConversationFlag | None:
        """The flag with an id, so that nobody else changes it before the transaction ends."""
        found = select(ConversationFlag).join(
            Conversation, Conversation.id == ConversationFlag.conversation_id
        )
        of_flag = found.where(ConversationFlag.id == flag_id, self._within_scope)
        return await self._session.scalar(of_flag.with_for_update(of=ConversationFlag))

    async def summary(self, conversation_id: str) -> Summary | None:
        """One conversation."""
        found = SUMMARIES.where(Conversation.id == conversation_id, self._within_scope)
        row = (await self._session.execute(found)).first()
        return Summary(*row) if row else None

    async def page(self, wanted: ConversationFilter, after: Place | None, limit: int) -> list[Summary]:
        """Conversations that fit, latest activity first, from behind a place in that order."""
        ids = await ids_of_page(self._session, wanted, self._scope, after, limit)
        # They are of the scope's teams. Asked for these again, SQLite would rather go through a whole team.
        found = SUMMARIES.where(Conversation.id.in_(ids)).order_by(*NEWEST_FIRST)
        rows = await self._session.execute(found)
        return [Summary(*row) for row in rows]

    async def turns(self, conversation_id: str) -> list[ConversationTurn]:
        """What was said in a conversation, oldest first."""
        found = select(ConversationTurn).where(ConversationTurn.conversation_id == conversation_id)
        in_order = ConversationTurn.occurred_at, ConversationTurn.position
        return list(await self._session.scalars(found.order_by(*in_order)))

    async def actions(self, conversation_id: str) -> list[tuple[datetime, str]]:
        """When the bot did what in a conversation, oldest first."""
        found = select(ConversationEvent.occurred_at, ConversationEvent.name).where(
            ConversationEvent.conversation_id == conversation_id,
            ConversationEvent.kind == "action",
            ConversationEvent.name != "action_listen",
        )
        in_order = ConversationEvent.occurred_at, ConversationEvent.position
        return [(at, name) for at, name in await self._session.execute(found.order_by(*in_order)) if name]

    async def ensure_rating(self, conversation_id: str, rating: int, at: datetime) -> ConversationRating:
        """Adds a conversation's rating, unless it has one; gives the one it has."""
        row = {"conversation_id": conversation_id, "rating": rating, "rated_at": at}
        await insert_if_absent(self._session, ConversationRating, row)
        return await self._session.get_one(ConversationRating, conversation_id)

    async def rating(self, conversation_id: str) -> ConversationRating | None:
        """A conversation's rating."""
        return await self._session.get(ConversationRating, conversation_id)

    async def flags(self, conversation_ids: Sequence[str]) -> list[ConversationFlag]:
        """The flags of some conversations, oldest first."""
        found = select(ConversationFlag).where(ConversationFlag.conversation_id.in_(conversation_ids))
        return list(
            await self._session.scalars(found.order_by(ConversationFlag.raised_at, ConversationFlag.id))
        )
