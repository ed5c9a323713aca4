"""When meetings can take place: the municipality's hours, without public holidays and its own closed days."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

from backend.danish import COPENHAGEN, local
from backend.municipality import WEEKDAYS, Municipality, Weekday


@cache
def _public_holidays() -> holidays.HolidayBase:
    # Fills itself year by year as dates are asked for. Store bededag ends with 2023, as the law says.
    return holidays.country_holidays("DK")


class OpeningHours:
    """Opening hours in Danish wall-clock time.

    Args:
        hours: From and to for each open weekday.
        closed_days: Days closed besides weekends and public holidays.
    """

    def __init__(
        self, hours: Mapping[Weekday, tuple[time, time]], closed_days: Collection[date] = ()
    ) -> None:
        self._hours = hours
        self._closed_days = frozenset(closed_days)

    @classmethod
    def of(cls, municipality: Municipality) -> "OpeningHours":
        """The hours that stand in the municipality's file."""
        return cls(municipality.opening_hours, municipality.closed_days)

    def on(self, day: date) -> tuple[time, time] | None:
        """From and to on a day; None when it is closed."""
        if day in self._closed_days or day in _public_holidays():
            return None
        return self._hours.get(WEEKDAYS[day.weekday()])

    def contain(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether a meeting lies within one day's hours.

        Raises:
            ValueError: A moment has no time zone.
        """
        start, end = local(starts_at), local(ends_at)
        hours = self.on(start.date())
        if hours is None or end.date() != start.date():
            return False
        opens, closes = hours
        return opens <= start.time() and end.time() <= closes

    def next_opening(self, now: datetime) -> datetime | None:
        """When it opens next, at the latest in a month; None when it does not open by then."""
        today = local(now).date()
        for day in (today + timedelta(days=ahead) for ahead in range(32)):
            hours = self.on(day)
            if hours and (opens_at := datetime.combine(day, hours[0], COPENHAGEN)) > now:
                return opens_at
        return None
