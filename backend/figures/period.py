"""The periods that figures are told for: twelve Danish weeks each, one after the other without overlap.

Two periods that overlap would tell by their difference what neither tells, so nobody chooses the days freely.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.danish import local, midnight

WEEKS = 12
PERIODS = 5
"""How many can be chosen, the latest among them: somewhat more than a year."""


@dataclass(frozen=True, slots=True)
class Period:
    """Some weeks.

    Attributes:
        mondays: When each week begins, and after the last one when the week after it does.
    """

    mondays: tuple[datetime, ...]

    @property
    def start(self) -> datetime:
        """The first moment."""
        return self.mondays[0]

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return self.mondays[-1]

    @property
    def last_day(self) -> datetime:
        """A moment of its last day."""
        return self.end - timedelta(hours=12)


def period(now: datetime, back: int = 0) -> Period:
    """The twelve weeks that end with this week, or the twelve before them, and so on.

    Args:
        now: A moment of this week.
        back: How many periods to go back.
    """
    today = local(now).date()
    this_monday = today - timedelta(days=today.weekday())
    first = this_monday - timedelta(weeks=WEEKS * (back + 1) - 1)
    # A date and a time of the wall clock, because weeks in which the clock changes are not 168 hours long.
    return Period(tuple(midnight(first + timedelta(weeks=week)) for week in range(WEEKS + 1)))
