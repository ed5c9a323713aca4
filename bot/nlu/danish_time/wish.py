"""What a person said about when they can meet."""

from dataclasses import dataclass, fields
from datetime import date, time
from typing import Any

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class DaySpan:
    """Days from `first` to `last`, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def within(self, other: "DaySpan") -> "DaySpan":
        """Gives the days that lie in both spans."""
        firsts = [day for day in (self.first, other.first) if day]
        lasts = [day for day in (self.last, other.last) if day]
        return DaySpan(max(firsts, default=None), min(lasts, default=None))

    def within_if_any(self, other: "DaySpan") -> "DaySpan":
        """Gives the days that lie in both spans, or this span when none do."""
        both = self.within(other)
        return self if both.first and both.last and both.first > both.last else both


@dataclass(frozen=True)
class ClockSpan:
    """Meetings that start at `start` or later and at `end` or earlier; None is open."""

    start: time | None = None
    end: time | None = None


@dataclass(frozen=True)
class TimeWish:
    """Filters for free slots in local wall-clock time; the fields are those of GET /slots.

    Attributes:
        days: First and last day, both included.
        weekdays: Only these, in the order Monday to Sunday; empty means any.
        not_weekdays: None of these.
        clock: When the meeting may start.
        earliest: The person wants the first free time there is.
        later: The person wants later times than those just offered.
    """

    days: DaySpan = DaySpan()
    weekdays: tuple[str, ...] = ()
    not_weekdays: tuple[str, ...] = ()
    clock: ClockSpan = ClockSpan()
    earliest: bool = False
    later: bool = False

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) != field.default for field in fields(self))

    def as_filters(self) -> dict[str, Any]:
        """Gives what was said, and nothing else, as plain values: ISO dates, "HH:MM", lists and True."""
        said: dict[str, Any] = {
            "from": self.days.first and self.days.first.isoformat(),
            "to": self.days.last and self.days.last.isoformat(),
            "weekdays": list(self.weekdays),
            "not_weekdays": list(self.not_weekdays),
            "time_from": self.clock.start and self.clock.start.strftime("%H:%M"),
            "time_to": self.clock.end and self.clock.end.strftime("%H:%M"),
            "earliest": self.earliest,
            "later": self.later,
        }
        return {name: value for name, value in said.items() if value}
