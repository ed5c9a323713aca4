"""Finds and stores conversations, their events, turns and flags."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from backend.citizens.tables import Citizen
from backend.db import insert_if_absent
from backend.live.changes import next_change
from backend.placements.tables import Placement, PlacementEvent, PlacementEventKind, PlacementStatus
from backend.teams.scope import TeamScope
from backend.transcripts.search import holds
from backend.transcripts.tables import (
    Conversation,
    ConversationEvent,
    ConversationFlag,
    ConversationRating,
    ConversationTurn,
    FlagKind,
)

Row = Mapping[str, Any]


class ConversationStatus(StrEnum):
    """Whose turn it is to act."""

    ACTIVE = "active"
    HANDED_OVER = "handed_over"
    """A person has taken over from the bot."""
    ENDED = "ended"
    """The citizen has said goodbye and nothing since."""


class Concern(StrEnum):
    """Why a caseworker should look at a placement first."""

    DISPUTED = "disputed"
    """The citizen disagrees, and nobody has decided since."""
    BORDERLINE = "borderline"
    """The answers lie close to the limit between the tracks, and nobody has decided yet."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation as it stands in a list, with what is known about its citizen.

    Attributes:
        conversation: The conversation.
        status: Whose turn it is to act.
        citizen: The citizen, once they have begun something that is stored.
        placement: The newest placement of the citizen.
    """

    conversation: Conversation
    status: ConversationStatus
    citizen: Citizen | None
    placement: Placement | None


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """Which conversations; what is left out is open.

    Attributes:
        folded_search: Words that one turn holds, or begins words with, without case.
        active_from: The conversation was active at this moment or later.
        active_before: The conversation had begun before this moment.
        track: Track of the newest placement.
        status: Whose turn it is to act.
        flag: A flag that nobody has acknowledged.
        concern: Why somebody should look at the newest placement.
        changed_after: Something was said or flagged in a change behind this number.
    """

    folded_search: str | None = None
    active_from: datetime | None = None
    active_before: datetime | None = None
    track: str | None = None
    status: ConversationStatus | None = None
    flag: FlagKind | None = None
    concern: Concern | None = None
    changed_after: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list of conversations, which has the latest activity first."""

    last_activity_at: datetime
    conversation_id: str


_status = case(
    (
        and_(
            Conversation.last_paused_at.is_not(None),
            or_(
                Conversation.last_resumed_at.is_(None),
                Conversation.last_paused_at > Conversation.last_resumed_at,
            ),
        ),
        ConversationStatus.HANDED_OVER,
    ),
    (
        Conversation.last_farewell_at >= Conversation.last_citizen_turn_at,
        ConversationStatus.ENDED,
    ),
    else_=ConversationStatus.ACTIVE,
)
_NEWEST_PLACEMENT = (
    select(Placement.id)
    .where(Placement.citizen_id == Citizen.id)
    .order_by(Placement.created_at.desc(), Placement.id.desc())
    .limit(1)
    .correlate(Citizen)
    .scalar_subquery()
)
_SUMMARIES = (
    select(Conversation, _status, Citizen, Placement)
    .outerjoin(Citizen, Citizen.conversation_id == Conversation.id)
    .outerjoin(Placement, Placement.id == _NEWEST_PLACEMENT)
)

_CONCERNS: dict[Concern, ColumnElement[bool]] = {
    # Each step raises the version by one and is numbered by it, so the newest step has the version's number.
    Concern.DISPUTED: exists().where(
        PlacementEvent.placement_id == Placement.id,
        PlacementEvent.sequence == Placement.version,
        PlacementEvent.kind == PlacementEventKind.DISPUTED,
    ),
    Concern.BORDERLINE: and_(Placement.borderline, Placement.status == PlacementStatus.PROPOSED),
}


class TranscriptRepository:
    """The stored conversations.

    Args:
        session: The transaction.
        scope: The teams whose conversations can be found here; for everybody else they do not exist.
    """

    def __init__(self, session: AsyncSession, scope: TeamScope) -> None:
        self._session = session
        self._dialect = session.get_bind().dialect.name
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
        found = _SUMMARIES.where(Conversation.id == conversation_id, self._within_scope)
        row = (await self._session.execute(found)).first()
        return Summary(*row) if row else None

    async def page(self, wanted: ConversationFilter, after: Place | None, limit: int) -> list[Summary]:
        """Conversations that fit, latest activity first, from behind a place in that order."""
        newest_first = Conversation.last_activity_at.desc(), Conversation.id.desc()
        conditions = [
            self._within_scope,
            _is_worth_reading(),
            *_conditions(wanted, self._dialect),
            *([_comes_after(after)] if after else []),
        ]
        rows = await self._session.execute(_SUMMARIES.where(*conditions).order_by(*newest_first).limit(limit))
        return [Summary(*row) for row in rows]

    async def turns(self, conversation_id: str, after: int = 0) -> list[ConversationTurn]:
        """What was said in a conversation and arrived behind a position, oldest first."""
        found = select(ConversationTurn).where(
            ConversationTurn.conversation_id == conversation_id, ConversationTurn.position > after
        )
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


def _is_worth_reading() -> ColumnElement[bool]:
    """A citizen who only opened the chat has said nothing to read, unless somebody is to look anyway."""
    return or_(
        Conversation.last_citizen_turn_at.is_not(None),
        exists().where(ConversationFlag.conversation_id == Conversation.id),
    )


def _conditions(wanted: ConversationFilter, dialect: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.folded_search:
        said = select(ConversationTurn.conversation_id).where(holds(wanted.folded_search, dialect))
        conditions.append(Conversation.id.in_(said))
    if wanted.active_from:
        conditions.append(Conversation.last_activity_at >= wanted.active_from)
    if wanted.active_before:
        conditions.append(Conversation.started_at < wanted.active_before)
    if wanted.track:
        conditions.append(Placement.track == wanted.track)
    if wanted.status:
        conditions.append(_status == wanted.status)
    if wanted.concern:
        conditions.append(_CONCERNS[wanted.concern])
    if wanted.changed_after is not None:
        conditions.append(Conversation.last_change > wanted.changed_after)
    if wanted.flag:
        is_open = ConversationFlag.kind == wanted.flag, ConversationFlag.acknowledged_at.is_(None)
        conditions.append(exists().where(ConversationFlag.conversation_id == Conversation.id, *is_open))
    return conditions


def _comes_after(place: Place) -> ColumnElement[bool]:
    return or_(
        Conversation.last_activity_at < place.last_activity_at,
        and_(
            Conversation.last_activity_at == place.last_activity_at,
            Conversation.id < place.conversation_id,
        ),
    )
