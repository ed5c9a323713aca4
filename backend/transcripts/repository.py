"""Finds and stores conversations, their events, turns and flags."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from backend.citizens.tables import Citizen
from backend.db import insert_if_absent
from backend.db.sealed import indexes_of
from backend.live.changes import next_change
from backend.privacy.tombstones import Tombstones
from backend.teams.scope import TeamScope
from backend.transcripts.deliveries import Delivery, DeliveryState
from backend.transcripts.listing import NEWEST_FIRST, SUMMARIES, ConversationFilter, Place, Summary
from backend.transcripts.paging import ids_of_page
from backend.transcripts.rasa_events import Speaker
from backend.transcripts.tables import (
    Conversation,
    ConversationEvent,
    ConversationFlag,
    ConversationRating,
    ConversationReading,
    ConversationTurn,
    SmsDelivery,
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
        self._dialect = session.get_bind().dialect.name
        self._scope = scope
        self._within_scope = scope.limits(Conversation.team_id)

    async def ensure_conversation(self, conversation_id: str, at: datetime) -> None:
        """Adds a conversation that began at a moment, unless it is there."""
        row = {"id": conversation_id, "started_at": at, "last_activity_at": at}
        await insert_if_absent(self._session, Conversation, row)

    async def erased_until(self, ids: Collection[str]) -> dict[str, datetime]:
        """Up to when some conversations are erased; those that are not are left out."""
        return await Tombstones(self._session).erased_until(ids)

    async def conversations_for_change(self, ids: Sequence[str]) -> dict[str, Conversation]:
        """Conversations by id, so that nobody else changes them before the transaction ends."""
        found = select(Conversation).where(Conversation.id.in_(ids)).order_by(Conversation.id)
        conversations = await self._session.scalars(found.with_for_update())
        return {conversation.id: conversation for conversation in conversations}

    async def add_new_events(self, events: Sequence[Row]) -> dict[str, int]:
        """Adds the events that are not there yet; gives their positions by event id."""
        dialect = sqlite if self._dialect == "sqlite" else postgresql
        added = ConversationEvent.event_id, ConversationEvent.position
        statement = dialect.insert(ConversationEvent).on_conflict_do_nothing().returning(*added)
        rows = await self._session.execute(statement, events)
        return {row.event_id: row.position for row in rows}

    async def add_turns(self, turns: Sequence[Row]) -> None:
        """Adds turns."""
        if turns:
            await self._session.execute(insert(ConversationTurn), turns)

    async def number_change(self, conversations: Collection[Conversation]) -> None:
        """Notes that something was said or flagged in conversations that were fetched for change."""
        if conversations:
            await self._session.flush()
            number = await next_change(self._session)
            for conversation in conversations:
                conversation.last_change = number

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

    async def turns(self, conversation_id: str, arrived_after: int = 0) -> list[ConversationTurn]:
        """What was said in a conversation and arrived behind a position, oldest first."""
        found = select(ConversationTurn).where(
            ConversationTurn.conversation_id == conversation_id, ConversationTurn.position > arrived_after
        )
        in_order = ConversationTurn.occurred_at, ConversationTurn.position
        return list(await self._session.scalars(found.order_by(*in_order)))

    async def count_turns(self, conversation_id: str, arrived_after: int) -> int:
        """How many turns of a conversation arrived behind a position."""
        found = select(func.count()).where(
            ConversationTurn.conversation_id == conversation_id, ConversationTurn.position > arrived_after
        )
        return await self._session.scalar(found) or 0

    async def turn(self, conversation_id: str, position: int) -> ConversationTurn | None:
        """The turn of a conversation with a position."""
        found = select(ConversationTurn).where(
            ConversationTurn.position == position, ConversationTurn.conversation_id == conversation_id
        )
        return await self._session.scalar(found)

    async def turns_before(
        self, conversation_id: str, turn: ConversationTurn | None, limit: int
    ) -> list[ConversationTurn]:
        """The last turns that were said before one, or of all, oldest first."""
        found = select(ConversationTurn).where(ConversationTurn.conversation_id == conversation_id)
        if turn:
            at, position = ConversationTurn.occurred_at, ConversationTurn.position
            # The first condition is for the index; the second parts those of one moment.
            found = found.where(at <= turn.occurred_at, or_(at < turn.occurred_at, position < turn.position))
        latest_first = ConversationTurn.occurred_at.desc(), ConversationTurn.position.desc()
        return [*await self._session.scalars(found.order_by(*latest_first).limit(limit))][::-1]

    async def turns_after(
        self, conversation_id: str, turn: ConversationTurn, limit: int
    ) -> list[ConversationTurn]:
        """The first turns that were said after one, oldest first."""
        at, position = ConversationTurn.occurred_at, ConversationTurn.position
        found = select(ConversationTurn).where(
            ConversationTurn.conversation_id == conversation_id,
            at >= turn.occurred_at,
            or_(at > turn.occurred_at, position > turn.position),
        )
        return list(await self._session.scalars(found.order_by(at, position).limit(limit)))

    async def next_citizen_turn_at(self, conversation_id: str, after: datetime) -> datetime | None:
        """When the citizen next said something after a moment."""
        found = select(ConversationTurn.occurred_at).where(
            ConversationTurn.conversation_id == conversation_id,
            ConversationTurn.occurred_at > after,
            ConversationTurn.speaker == Speaker.CITIZEN,
        )
        return await self._session.scalar(found.order_by(ConversationTurn.occurred_at).limit(1))

    async def actions(
        self, conversation_id: str, since: datetime | None = None, before: datetime | None = None
    ) -> list[tuple[datetime, str]]:
        """When the bot did what in a conversation, or in a stretch of it, oldest first."""
        found = select(ConversationEvent.occurred_at, ConversationEvent.name).where(
            ConversationEvent.conversation_id == conversation_id,
            ConversationEvent.kind == "action",
            ConversationEvent.name != "action_listen",
        )
        if since:
            found = found.where(ConversationEvent.occurred_at >= since)
        if before:
            found = found.where(ConversationEvent.occurred_at < before)
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

    async def readings(self, reader_id: str, conversation_ids: Sequence[str]) -> dict[str, int]:
        """Up to which citizen's turn somebody has been shown some conversations, by conversation."""
        found = select(ConversationReading.conversation_id, ConversationReading.citizen_turn).where(
            ConversationReading.reader_id == reader_id,
            ConversationReading.conversation_id.in_(conversation_ids),
        )
        return {row.conversation_id: row.citizen_turn for row in await self._session.execute(found)}

    async def note_reading(self, reader_id: str, conversation_id: str, citizen_turn: int) -> None:
        """Notes up to which citizen's turn somebody has been shown a conversation; never less than before."""
        dialect = sqlite if self._dialect == "sqlite" else postgresql
        row = {"reader_id": reader_id, "conversation_id": conversation_id, "citizen_turn": citizen_turn}
        statement = dialect.insert(ConversationReading).values(row)
        noted = statement.on_conflict_do_update(
            index_elements=["reader_id", "conversation_id"],
            set_={"citizen_turn": citizen_turn},
            where=ConversationReading.citizen_turn < citizen_turn,
        )
        await self._session.execute(noted)

    async def note_delivery(self, conversation_id: str, delivery: Delivery) -> None:
        """Notes how far an answer has come; a final state stands, whatever arrives after it."""
        dialect = sqlite if self._dialect == "sqlite" else postgresql
        row = {"conversation_id": conversation_id, **delivery.model_dump()}
        noted = (
            dialect.insert(SmsDelivery)
            .values(row)
            .on_conflict_do_update(
                index_elements=["reference"],
                set_={"state": delivery.state},
                where=SmsDelivery.state == DeliveryState.SENT,
            )
        )
        await self._session.execute(noted)

    async def deliveries(self, conversation_id: str, message_ids: Sequence[str]) -> list[SmsDelivery]:
        """How far the answers to some messages of a conversation have come."""
        found = select(SmsDelivery).where(
            SmsDelivery.conversation_id == conversation_id, SmsDelivery.message_id.in_(message_ids)
        )
        return list(await self._session.scalars(found))

    async def with_phone(self, phone: str, but: str, limit: int) -> list[Summary]:
        """Conversations other than one whose citizens told a phone number, latest activity first."""
        indexes = indexes_of(self._session, Citizen.phone.type, phone)
        found = SUMMARIES.where(Citizen.phone_index.in_(indexes), Conversation.id != but, self._within_scope)
        latest_first = Conversation.last_activity_at.desc(), Conversation.id.desc()
        rows = await self._session.execute(found.order_by(*latest_first).limit(limit))
        return [Summary(*row) for row in rows]

    async def flags(self, conversation_ids: Sequence[str]) -> list[ConversationFlag]:
        """The flags of some conversations, oldest first."""
        found = select(ConversationFlag).where(ConversationFlag.conversation_id.in_(conversation_ids))
        return list(
            await self._session.scalars(found.order_by(ConversationFlag.raised_at, ConversationFlag.id))
        )
