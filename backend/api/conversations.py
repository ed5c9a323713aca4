"""/conversations: what was said, for those who may read it, and flags on what somebody should look at."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from backend.api.models import WHOLE, Id, Name, QueryModel, RequestModel, ResponseModel, Text, Timestamp
from backend.api.routes import Call, Routes
from backend.api.slots import Day
from backend.assessment.rule import Track
from backend.danish import midnight
from backend.placements.tables import PlacementStatus
from backend.problems import NotFound
from backend.teams.scope import EVERY_TEAM
from backend.transcripts.listing import Concern, ConversationFilter, ConversationStatus, Place, Summary
from backend.transcripts.passages import SpokenTurn
from backend.transcripts.rasa_events import Speaker
from backend.transcripts.repository import TranscriptRepository
from backend.transcripts.service import Transcript, TranscriptService, fold
from backend.transcripts.tables import FlagKind

routes = Routes("conversations")

MAX_CONVERSATIONS = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
_MICROSECOND = timedelta(microseconds=1)


def write_cursor(place: Place) -> str:
    """The `before` that asks for the page behind a place."""
    return f"{(place.last_activity_at - _EPOCH) // _MICROSECOND}.{place.conversation_id}"


def _read_cursor(cursor: str) -> Place:
    microseconds, _, conversation_id = cursor.partition(".")
    return Place(_EPOCH + int(microseconds) * _MICROSECOND, conversation_id)


Cursor = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,16}\.[^\x00]{1,200}$")]
"""The `next` of a page of conversations."""


class ConversationQuery(QueryModel):
    """Which conversations. Days are Danish and both included: those on which the conversation went on."""

    search: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")] | None = (
        None
    )
    first_day: Day | None = Field(None, alias="from")
    last_day: Day | None = Field(None, alias="to")
    track: Track | None = None
    status: ConversationStatus | None = None
    flag: FlagKind | None = None
    concern: Literal["disputed", "borderline"] | None = None
    before: Cursor | None = None
    limit: int = Field(25, ge=1, le=MAX_CONVERSATIONS)

    def filter(self) -> ConversationFilter:
        """The conditions without the page."""
        return ConversationFilter(
            folded_search=fold(self.search) if self.search else None,
            active_from=_beginning_of(self.first_day) if self.first_day else None,
            active_before=_beginning_of(self.last_day, days_later=1) if self.last_day else None,
            track=self.track,
            status=self.status,
            flag=self.flag,
            concern=Concern(self.concern) if self.concern else None,
        )

    def place(self) -> Place | None:
        """Where the page begins, None for the first."""
        return _read_cursor(self.before) if self.before else None


def _beginning_of(day: date, days_later: int = 0) -> datetime:
    """When a Danish day begins; one at the edge of the calendar, where no conversation is, is brought in."""
    within = min(max(day, _FIRST_DAY), _LAST_DAY)
    return midnight(within + timedelta(days=days_later))


class ConversationSummary(ResponseModel):
    """A conversation, and what is known about its citizen; track and status of the newest placement."""

    id: str
    channel: str | None
    started_at: Timestamp
    last_activity_at: Timestamp
    status: ConversationStatus
    citizen_id: Id | None
    citizen_name: str | None
    placement_id: Id | None
    track: Track | None
    placement_status: PlacementStatus | None


class ConversationListed(ConversationSummary):
    """A conversation in a list, with the flags that nobody has acknowledged."""

    open_flags: list[FlagKind]


class ConversationPage(ResponseModel):
    """Conversations, latest activity first. `next` is the `before` of the next page, null on the last."""

    conversations: list[ConversationListed]
    next: str | None


class GuessOut(ResponseModel):
    """An intent that a turn might have."""

    name: str | None
    confidence: float | None


class EntityOut(ResponseModel):
    """Something that was found in a turn."""

    entity: str
    value: Any


class TurnOut(ResponseModel):
    """Something that was said.

    `button`: what a clicked button stands for; `author`: the caseworker who wrote it in the bot's place;
    `offered`: the bot's buttons.
    """

    speaker: Speaker
    at: Timestamp
    text: str
    button: str | None
    intent: str | None
    confidence: float | None
    ranking: list[GuessOut]
    entities: list[EntityOut]
    action: str | None
    author: str | None
    offered: list[str]


class FlagIn(RequestModel):
    """Why somebody should look at the conversation."""

    kind: FlagKind
    note: Text | None = None


class FlagOut(ResponseModel):
    """A flag, and who has seen to it."""

    id: Id
    conversation_id: str
    kind: FlagKind
    note: str | None
    raised_at: Timestamp
    acknowledged_by: str | None
    acknowledged_at: Timestamp | None


Rating = Annotated[int, Field(ge=1, le=5), WHOLE]
"""How content the citizen was: 1 very discontent, 5 very content."""


class RatingIn(RequestModel):
    """How content the citizen was with the conversation."""

    rating: Rating


class RatingOut(ResponseModel):
    """What is stored; the first rating of a conversation stands."""

    conversation_id: str
    rating: Rating
    rated_at: Timestamp


class ConversationOut(ConversationSummary):
    """A conversation, whole; turns and flags oldest first. `rating` is null until the citizen has told."""

    turns: list[TurnOut]
    flags: list[FlagOut]
    rating: Rating | None


def _service(call: Call) -> TranscriptService:
    return TranscriptService(TranscriptRepository(call.session, EVERY_TEAM), call.now)


@routes.get("/conversations")
async def list_conversations(call: Call, query: ConversationQuery) -> ConversationPage:
    """Conversations with something to read, latest activity first."""
    listed, following = await _service(call).find(query.filter(), query.place(), query.limit)
    return ConversationPage(
        conversations=[
            ConversationListed(**_summary(one.summary), open_flags=one.open_flags) for one in listed
        ],
        next=write_cursor(following) if following else None,
    )


@routes.get("/conversations/{conversation_id}", problems=[NotFound])
async def read_conversation(call: Call, conversation_id: Name) -> ConversationOut:
    """One conversation with every turn."""
    return _whole(await _service(call).read(conversation_id))


@routes.post("/conversations/{conversation_id}/flags", status=201)
async def flag_conversation(call: Call, conversation_id: Name, body: FlagIn) -> FlagOut:
    """Asks that somebody looks at a conversation. Its events may still be on their way."""
    return FlagOut.model_validate(await _service(call).flag(conversation_id, body.kind, body.note))


@routes.post("/conversations/{conversation_id}/rating", status=201)
async def rate_conversation(call: Call, conversation_id: Name, body: RatingIn) -> RatingOut:
    """Stores how content the citizen was. The conversation's events may still be on their way."""
    return RatingOut.model_validate(await _service(call).rate(conversation_id, body.rating))


def _summary(summary: Summary) -> dict[str, Any]:
    conversation, citizen, placement = summary.conversation, summary.citizen, summary.placement
    return {
        "id": conversation.id,
        "channel": conversation.channel,
        "started_at": conversation.started_at,
        "last_activity_at": conversation.last_activity_at,
        "status": summary.status,
        "citizen_id": citizen.id if citizen else None,
        "citizen_name": citizen.name if citizen else None,
        "placement_id": placement.id if placement else None,
        "track": placement.track if placement else None,
        "placement_status": placement.status if placement else None,
    }


def _whole(transcript: Transcript) -> ConversationOut:
    return ConversationOut(
        **_summary(transcript.summary),
        turns=[_turn(spoken) for spoken in transcript.turns],
        flags=[FlagOut.model_validate(flag) for flag in transcript.flags],
        rating=transcript.rating.rating if transcript.rating else None,
    )


def _turn(spoken: SpokenTurn) -> TurnOut:
    turn = spoken.turn
    return TurnOut(
        speaker=Speaker(turn.speaker),
        at=turn.occurred_at,
        text=turn.text,
        button=turn.button,
        intent=turn.intent,
        confidence=turn.confidence,
        ranking=[GuessOut(**guess) for guess in turn.ranking],
        entities=[EntityOut(**entity) for entity in turn.entities],
        action=spoken.action,
        author=turn.author,
        offered=turn.offered,
    )
