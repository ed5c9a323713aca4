"""What a citizen wishes of a time, in Danish wall-clock time."""

from dataclasses import dataclass
from datetime import date, datetime, time

from backend.booking.tables import MeetingForm
from backend.danish import local, midnight
from backend.municipality import WEEKDAYS, Weekday


@dataclass(frozen=True)
class SlotFilter:
    """A wish about free slots; whatever is not said is open.

    Attributes:
        first_day: First day, included.
        last_day: Last day, included.
        weekdays: Only these; empty means any.
        not_weekdays: None of these.
        time_from: The meeting starts at this time of day or later.
        time_to: The meeting starts at this time of day or earlier.
        meeting_form: How to meet.
        after: The meeting starts later than this moment; continues a list.
    """

    first_day: date | None = None
    last_day: date | None = None
    weekdays: tuple[Weekday, ...] = ()
    not_weekdays: tuple[Weekday, ...] = ()
    time_from: time | None = None
    time_to: time | None = None
    meeting_form: MeetingForm | None = None
    after: datetime | None = None

    @property
    def names_a_day(self) -> bool:
        """Whether it is one certain day that is wished for."""
        return self.first_day is not None and self.first_day == self.last_day

    def begins(self) -> datetime | None:
        """A moment that no fitting slot starts before."""
        if self.first_day is None:
            return self.after
        begins = midnight(self.first_day)
        return max(begins, self.after) if self.after else begins

    def is_over(self, starts_at: datetime) -> bool:
        """Whether no slot that starts then or later can fit."""
        return self.last_day is not None and local(starts_at).date() > self.last_day

    def accepts(self, starts_at: datetime, meeting_form: MeetingForm) -> bool:
        """Whether a slot fits the wish."""
        start = local(starts_at)
        weekday = WEEKDAYS[start.weekday()]
        # Both ends are whole minutes as people say them, so seconds do not count.
        clock = start.time().replace(second=0, microsecond=0)
        return (
            (self.first_day is None or self.first_day <= start.date())
            and (self.last_day is None or start.date() <= self.last_day)
            and (not self.weekdays or weekday in self.weekdays)
            and weekday not in self.not_weekdays
            and (self.time_from is None or self.time_from <= clock)
            and (self.time_to is None or clock <= self.time_to)
            and (self.meeting_form is None or self.meeting_form == meeting_form)
            and (self.after is None or self.after < starts_at)
        )
