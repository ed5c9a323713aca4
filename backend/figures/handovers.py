"""What may be told of those who asked for a person: each citizen once, by the first time they did."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from backend.danish import WEEKDAYS, local
from backend.figures.disclosure import Cell, Hidden, parts
from backend.figures.period import WEEKS, Period
from backend.figures.tables import TOGETHER, Table, part, table
from backend.handover.tables import Cause

LONG = timedelta(minutes=10)
_UNANSWERED = ("left", "call_instead", "nobody")
ENDS = ("answered", *_UNANSWERED, "waiting")
WAITS = ("soon", "long")
CAUSES = tuple(cause.value for cause in Cause)
_FIRST_HOUR, _LAST_HOUR = 8, 17
HOURS = ("early", *(str(hour) for hour in range(_FIRST_HOUR, _LAST_HOUR + 1)), "late")
DAYS = tuple(str(day) for day in range(len(WEEKDAYS)))
ASKED_WEEKS = (*(str(week) for week in range(WEEKS)), "later")


@dataclass(frozen=True, slots=True)
class Asked:
    """A citizen who asked for a person.

    Attributes:
        channel: By which they write.
        asked_at: When they asked first.
        taken_at: When somebody answered; None when nobody did.
        outcome: How it ended; None while it goes on.
        cause: Why the assistant was not enough, as the caseworker says.
    """

    channel: str
    asked_at: datetime
    taken_at: datetime | None
    outcome: str | None
    cause: str | None

    @property
    def end(self) -> str:
        """What became of it."""
        if self.taken_at is not None:
            return "answered"
        return self.outcome if self.outcome in _UNANSWERED else "waiting"

    @property
    def waited(self) -> timedelta | None:
        """How long, until somebody answered."""
        return self.taken_at - self.asked_at if self.taken_at else None


def handover_tables(wrote: Cell, asked: Sequence[Asked], period: Period) -> dict[str, Table]:
    """Every table of one channel, by name.

    Args:
        wrote: What is told of those who wrote anything, of whom these are a part.
        asked: Those who asked for a person.
        period: When their conversations began.
    """
    whole = part(wrote, len(asked))
    ends = _sorted(ENDS, whole, [one.end for one in asked])
    answered = ends.cells[ENDS.index("answered")]
    waits = [one.waited for one in asked if one.waited is not None]
    causes = [one.cause for one in asked if one.taken_at and one.cause]
    return {
        "handovers": ends,
        "handover_waits": _sorted(WAITS, answered, ["long" if waited > LONG else "soon" for waited in waits]),
        "handover_weeks": _sorted(ASKED_WEEKS, whole, [_week(one.asked_at, period) for one in asked]),
        "handover_days": _sorted(DAYS, whole, [str(local(one.asked_at).weekday()) for one in asked]),
        "handover_hours": _sorted(HOURS, whole, [_hour(one.asked_at) for one in asked]),
        "handover_causes": _sorted(CAUSES, part(answered, len(causes)), causes),
    }


def median_waits(asked: Sequence[Asked], answered: Mapping[str, Cell]) -> dict[str, float | None]:
    """How many minutes half of those who were answered waited at most, where their number is told.

    Args:
        asked: Those who asked for a person.
        answered: What is told of those who were answered, by channel and together.
    """
    told: dict[str, float | None] = {}
    for column, cell in answered.items():
        of_column = [one for one in asked if column in (one.channel, TOGETHER)]
        waits = [one.waited.total_seconds() / 60 for one in of_column if one.waited is not None]
        told[column] = None if isinstance(cell, Hidden) or not cell else median(waits)
    return told


def _sorted(codes: Sequence[str], whole: Cell, found: Sequence[str]) -> Table:
    counts = Counter(found)
    return table(codes, parts(whole, [counts[code] for code in codes]), whole)


def _week(moment: datetime, period: Period) -> str:
    return next((str(week) for week, end in enumerate(period.mondays[1:]) if moment < end), "later")


def _hour(moment: datetime) -> str:
    hour = local(moment).hour
    return "early" if hour < _FIRST_HOUR else "late" if hour > _LAST_HOUR else str(hour)
