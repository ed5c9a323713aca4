"""The list of conversations: which ones fit, and what is told of each."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, exists, or_, select, true
from sqlalchemy.orm import aliased

from backend.citizens.tables import Citizen
from backend.placements.tables import Placement, PlacementEvent, PlacementEventKind, PlacementStatus
from backend.reviews.tables import ConversationReview
from backend.transcripts.tables import Conversation, ConversationFlag, ConversationReading, FlagKind


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
        channel: The channel that the citizen writes on.
        unsure: Something the citizen wrote was hard to understand.
        marked: Staff have flagged it for their colleagues.
        unread_by: The citizen has said something that this account has not been shown.
        changed_after: Something was said or flagged in a change behind this number.
    """

    folded_search: str | None = None
    active_from: datetime | None = None
    active_before: datetime | None = None
    track: str | None = None
    status: ConversationStatus | None = None
    flag: FlagKind | None = None
    concern: Concern | None = None
    channel: str | None = None
    unsure: bool = False
    marked: bool = False
    unread_by: str | None = None
    changed_after: int | None = None

    @property
    def is_of_few(self) -> bool:
        """Whether it asks for what few conversations have: what staff see to, and what has just happened."""
        return bool(self.flag or self.concern or self.marked or self.changed_after is not None)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list of conversations, which has the latest activity first."""

    last_activity_at: datetime
    conversation_id: str


NEWEST_FIRST = (Conversation.last_activity_at.desc(), Conversation.id.desc())
_IS_HANDED_OVER = and_(
    Conversation.last_paused_at.is_not(None),
    or_(
        Conversation.last_resumed_at.is_(None),
        Conversation.last_paused_at > Conversation.last_resumed_at,
    ),
)
_status = case(
    (_IS_HANDED_OVER, ConversationStatus.HANDED_OVER),
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
SUMMARIES = (
    select(Conversation, _status, Citizen, Placement)
    .outerjoin(Citizen, Citizen.conversation_id == Conversation.id)
    .outerjoin(Placement, Placement.id == _NEWEST_PLACEMENT)
)

FOUND = SUMMARIES.with_only_columns(
    Conversation.last_activity_at, Conversation.id, maintain_column_froms=True
)
"""Where a conversation stands in the list, with what can be asked of it."""


def conditions_of(wanted: ConversationFilter) -> list[ColumnElement[bool]]:
    """What holds of the conversations that fit, except what was said in them."""
    conditions: list[ColumnElement[bool]] = [_is_worth_reading()]
    if wanted.active_from:
        conditions.append(Conversation.last_activity_at >= wanted.active_from)
    if wanted.active_before:
        conditions.append(Conversation.started_at < wanted.active_before)
    if wanted.track:
        conditions.append(Placement.track == wanted.track)
    if wanted.status is ConversationStatus.HANDED_OVER:
        conditions.append(_IS_HANDED_OVER)
    elif wanted.status:
        conditions.append(_status == wanted.status)
    if wanted.concern:
        conditions.append(_has_concern(wanted.concern))
    if wanted.flag:
        flagged = select(ConversationFlag.conversation_id)
        is_open = ConversationFlag.kind == wanted.flag, ConversationFlag.acknowledged_at.is_(None)
        conditions.append(Conversation.id.in_(flagged.where(*is_open)))
    if wanted.marked:
        marked = select(ConversationReview.conversation_id).where(ConversationReview.flagged_at.is_not(None))
        conditions.append(Conversation.id.in_(marked))
    if wanted.changed_after is not None:
        conditions.append(Conversation.last_change > wanted.changed_after)
    if wanted.channel:
        conditions.append(Conversation.channel == wanted.channel)
    if wanted.unsure:
        conditions.append(Conversation.was_unsure == true())
    if wanted.unread_by:
        conditions.append(_is_unread_by(wanted.unread_by))
    return conditions


def _has_concern(concern: Concern) -> ColumnElement[bool]:
    """That the newest placement gives it. Few placements do, so conversations are looked up from these."""
    any_placement = aliased(Placement)
    of_any = select(Citizen.conversation_id).join(any_placement, any_placement.citizen_id == Citizen.id)
    found = of_any.where(_gives_concern(any_placement, concern))
    return and_(Conversation.id.in_(found), _gives_concern(Placement, concern))


def _gives_concern(placement: type[Placement], concern: Concern) -> ColumnElement[bool]:
    if concern is Concern.BORDERLINE:
        return and_(placement.borderline, placement.status == PlacementStatus.PROPOSED)
    # Each step raises the version by one and is numbered by it, so the newest step has the version's number.
    is_the_newest_step = exists().where(
        PlacementEvent.placement_id == placement.id,
        PlacementEvent.sequence == placement.version,
        PlacementEvent.kind == PlacementEventKind.DISPUTED,
    )
    return and_(placement.disputed, is_the_newest_step)


def _is_worth_reading() -> ColumnElement[bool]:
    """A citizen who only opened the chat has said nothing to read, unless somebody is to look anyway."""
    return or_(
        Conversation.last_citizen_turn_at.is_not(None),
        exists().where(ConversationFlag.conversation_id == Conversation.id),
    )


def _is_unread_by(reader_id: str) -> ColumnElement[bool]:
    has_read = exists().where(
        ConversationReading.reader_id == reader_id,
        ConversationReading.conversation_id == Conversation.id,
        ConversationReading.citizen_turn >= Conversation.last_citizen_turn,
    )
    return and_(Conversation.last_citizen_turn.is_not(None), ~has_read)
