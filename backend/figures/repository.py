"""Counts conversations by what became of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.assessment.tables import OPEN, Assessment, AssessmentAnswer, AssessmentStatus
from backend.booking.tables import Booking, BookingChange
from backend.citizens.tables import Citizen
from backend.figures.handovers import Asked
from backend.figures.period import Period
from backend.handover.ownership import Reason
from backend.handover.tables import Handover
from backend.placements.tables import Placement
from backend.teams.scope import TeamScope
from backend.transcripts.rasa_events import Speaker
from backend.transcripts.tables import Conversation, ConversationRating, ConversationTurn

CHANNELS = ("web", "sms")
"""The channels that citizens write by."""
NOT_UNDERSTOOD = ("nlu_fallback", "out_of_scope")
"""What Rasa takes a turn for that it does not understand."""


@dataclass(frozen=True, slots=True)
class Journey:
    """Conversations that went the same way, and how many they are.

    Attributes:
        channel: By which the citizen writes.
        week: In which the conversation began, counted from 0 within the period.
        wrote: The citizen has written or pressed a button.
        began: They began an assessment.
        answers: In the newest one, such as they stand.
        finished: They have finished one.
        working: Their newest assessment is open and was touched lately.
        status: Of their newest placement; None without one.
        track: Of their newest placement; None with too few answers.
        borderline: It lies close to the limit between the tracks.
        booking: What became of their newest booking; None without one.
        attended: Whether they came to it, as far as somebody has marked it.
        rating: How content they were; None when they did not say.
        count: How many.
    """

    channel: str
    week: int
    wrote: int
    began: int
    answers: int
    finished: int
    working: int
    status: str | None
    track: str | None
    borderline: bool | None
    booking: str | None
    attended: bool | None
    rating: int | None
    count: int


class FigureRepository:
    """The conversations that began in a period.

    Args:
        session: The transaction.
        scope: The teams whose conversations are counted.
        period: When they began.
    """

    def __init__(self, session: AsyncSession, scope: TeamScope, period: Period) -> None:
        self._session = session
        self.period = period
        self._counted = and_(
            Conversation.started_at >= period.start,
            Conversation.started_at < period.end,
            Conversation.channel.in_(CHANNELS),
            scope.limits(Conversation.team_id),
        )

    async def journeys(self, worked_on_since: datetime) -> list[Journey]:
        """How many conversations went which way.

        Args:
            worked_on_since: An open assessment that nobody touched since then does not count as going on.
        """
        each = (
            select(
                Conversation.channel,
                self._week().label("week"),
                _yes(Conversation.last_citizen_turn_at.is_not(None)).label("wrote"),
                _yes(Assessment.id.is_not(None)).label("began"),
                _ANSWERS.label("answers"),
                _yes(_HAS_FINISHED).label("finished"),
                _yes(and_(Assessment.status.in_(OPEN), Assessment.updated_at >= worked_on_since)).label(
                    "working"
                ),
                Placement.status,
                Placement.track,
                Placement.borderline,
                _BOOKING.label("booking"),
                Booking.attended,
                ConversationRating.rating,
            )
            .outerjoin(Citizen, Citizen.conversation_id == Conversation.id)
            .outerjoin(Assessment, Assessment.id == _newest(Assessment))
            .outerjoin(Placement, Placement.id == _newest(Placement))
            .outerjoin(Booking, Booking.id == _newest(Booking))
            .outerjoin(ConversationRating, ConversationRating.conversation_id == Conversation.id)
            .where(self._counted)
            .subquery()
        )
        counted = select(*each.c, func.count().label("count")).group_by(*each.c)
        return [Journey(**row._mapping) for row in await self._session.execute(counted)]

    async def turns(self) -> dict[str, tuple[int, int]]:
        """By channel how often citizens said something, and how often it was not understood."""
        missed = or_(ConversationTurn.intent.is_(None), ConversationTurn.intent.in_(NOT_UNDERSTOOD))
        counted = (
            select(Conversation.channel, func.count(), func.sum(_yes(missed)))
            .join(ConversationTurn, ConversationTurn.conversation_id == Conversation.id)
            .where(self._counted, ConversationTurn.speaker == Speaker.CITIZEN)
            .group_by(Conversation.channel)
        )
        rows = await self._session.execute(counted)
        return {channel: (said, missed) for channel, said, missed in rows if channel}

    async def asked_for_person(self) -> list[Asked]:
        """Who asked for a person, each citizen once, by the first time they did."""
        found = (
            select(Conversation.id, Conversation.channel, Handover)
            .join(Handover, Handover.conversation_id == Conversation.id)
            .where(self._counted, Handover.reason != Reason.STEPPED_IN)
            .order_by(Handover.asked_at.desc(), Handover.id.desc())
        )
        first = {id: (channel, handover) for id, channel, handover in await self._session.execute(found)}
        return [
            Asked(channel or "", one.asked_at, one.taken_at, one.outcome, one.cause)
            for channel, one in first.values()
        ]

    def _week(self) -> ColumnElement[int]:
        ends = enumerate(self.period.mondays[1:])
        return case(*((Conversation.started_at < end, week) for week, end in ends))


def _yes(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _newest(table: type[Assessment] | type[Placement] | type[Booking]) -> ColumnElement[str]:
    return (
        select(table.id)
        .where(table.citizen_id == Citizen.id)
        .order_by(table.created_at.desc(), table.id.desc())
        .limit(1)
        .correlate(Citizen)
        .scalar_subquery()
    )


_ANSWERS = (
    select(func.count())
    .select_from(AssessmentAnswer)
    .where(AssessmentAnswer.assessment_id == Assessment.id, AssessmentAnswer.withdrawn_at.is_(None))
    .correlate(Assessment)
    .scalar_subquery()
)
_of_citizen = Assessment.__table__.alias()
_HAS_FINISHED = exists().where(
    _of_citizen.c.citizen_id == Citizen.id, _of_citizen.c.status == AssessmentStatus.FINISHED
)
_BOOKING = case(
    (Booking.status == "cancelled", "cancelled"),
    # Who told of it and came all the same was there, and who told of it afterwards had not told beforehand.
    (and_(Booking.absence_reported_at.is_not(None), Booking.attended.is_(None)), "absence"),
    (exists().where(BookingChange.booking_id == Booking.id, BookingChange.kind == "moved"), "moved"),
    (Booking.id.is_not(None), "booked"),
)
