"""The occasions on which a citizen is written to, each once: computed from what is stored, without I/O."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from backend.booking.tables import Booking
from backend.booking.texts import booking_label
from backend.outreach.hours import within_hours

UNFINISHED_AFTER = timedelta(hours=24)
# What could not be sent within this time is no longer news.
STALE_AFTER = timedelta(hours=6)


class OutreachKind(StrEnum):
    """Why a citizen is written to."""

    REMINDER_DAY = "reminder_day"
    REMINDER_HOURS = "reminder_hours"
    UNFINISHED = "unfinished"
    INVITATION = "invitation"
    BOOKED_BY_STAFF = "booked_by_staff"
    MOVED_BY_STAFF = "moved_by_staff"
    CANCELLED_BY_STAFF = "cancelled_by_staff"


NOTICES = frozenset(
    {OutreachKind.BOOKED_BY_STAFF, OutreachKind.MOVED_BY_STAFF, OutreachKind.CANCELLED_BY_STAFF}
)
"""What the staff have done to a meeting. The key of such a message ends with the booking's version then."""

_REMINDERS = {
    OutreachKind.REMINDER_DAY: timedelta(days=1),
    OutreachKind.REMINDER_HOURS: timedelta(hours=2),
}


@dataclass(frozen=True, slots=True)
class Occasion:
    """A reason to write to a citizen.

    Attributes:
        key: The same for the same occasion, whoever finds it.
        kind: What it is.
        due_at: When to write.
        conversation_id: To whom.
        booking_id: The booking it is about, if any.
        values: What the message is filled with.
    """

    key: str
    kind: OutreachKind
    due_at: datetime
    conversation_id: str
    booking_id: str | None = None
    values: dict[str, str] = field(default_factory=dict)

    def is_due(self, now: datetime) -> bool:
        """Whether now is the time, neither too early nor so late that it is no longer news."""
        return self.due_at <= now < self.due_at + STALE_AFTER


def reminders(booking: Booking, conversation_id: str, now: datetime) -> Iterator[Occasion]:
    """The reminders of a booking whose time is now; none of a time that has begun or was booked later."""
    if booking.status != "booked" or booking.absence_reported_at or now >= booking.slot.starts_at:
        return
    for kind, before in _REMINDERS.items():
        due_at = within_hours(booking.slot.starts_at - before)
        # The slot is part of the key: a booking that is moved has a new time to be reminded of.
        key = f"{kind}:{booking.id}:{booking.slot_id}"
        occasion = Occasion(
            key, kind, due_at, conversation_id, booking.id, {"time": booking_label(booking.slot)}
        )
        if occasion.is_due(now) and booking.updated_at <= due_at < booking.slot.starts_at:
            yield occasion


def unfinished(assessment_id: str, conversation_id: str, last_word_at: datetime) -> Occasion:
    """A citizen has left the questions and not come back for a day."""
    due_at = within_hours(last_word_at + UNFINISHED_AFTER)
    key = f"{OutreachKind.UNFINISHED}:{assessment_id}"
    return Occasion(key, OutreachKind.UNFINISHED, due_at, conversation_id)
