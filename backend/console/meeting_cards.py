"""A meeting as pages show it: how it stands, what can be done to it, and whether the citizen was told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from backend.booking.attendance import may_mark
from backend.booking.rules import BookingRules
from backend.booking.tables import Booking
from backend.console.appointment_words import TOLD, WAITS_FOR_CHAT, WROTE_SINCE
from backend.outreach.notices import TEXT
from backend.outreach.occasions import NOTICES
from backend.outreach.tables import OutreachChannel, OutreachMessage, OutreachState

MeetingState = Literal["booked", "cancelled", "absence", "met", "not_met"]


@dataclass(frozen=True, slots=True)
class MeetingCard:
    """A meeting.

    Attributes:
        booking: The booking.
        state: How it stands.
        can_change: Whether it can be moved or cancelled.
        can_be_met: Whether it can be marked as met.
        can_be_not_met: Whether it can be marked as not met.
        notice: What the citizen was last told of it by the staff; None when nothing.
        told: Whether they have been told, in a sentence.
    """

    booking: Booking
    state: MeetingState
    can_change: bool
    can_be_met: bool
    can_be_not_met: bool
    notice: str | None = None
    told: str | None = None


def state_of(booking: Booking) -> MeetingState:
    """How a meeting stands: cancelled, or met or not, or reported that the citizen cannot come, or booked."""
    if booking.status == "cancelled":
        return "cancelled"
    if booking.attended is not None:
        return "met" if booking.attended else "not_met"
    return "absence" if booking.absence_reported_at else "booked"


class MeetingCards:
    """Makes cards.

    Args:
        rules: The rules of time in force.
        now: The present moment.
        outreach: What the citizen has been sent, newest first.
        wrote_at: When the citizen last wrote.
    """

    def __init__(
        self,
        rules: BookingRules,
        now: datetime,
        outreach: Iterable[OutreachMessage] = (),
        wrote_at: datetime | None = None,
    ) -> None:
        self._rules = rules
        self._now = now
        self._outreach = outreach
        self._wrote_at = wrote_at

    def of(self, bookings: Iterable[Booking]) -> Sequence[MeetingCard]:
        """A card for each meeting."""
        return [self.card(booking) for booking in bookings]

    def card(self, booking: Booking) -> MeetingCard:
        """The card of a meeting."""
        message = next(
            (one for one in self._outreach if one.booking_id == booking.id and one.kind in NOTICES), None
        )
        return MeetingCard(
            booking,
            state_of(booking),
            can_change=booking.status == "booked"
            and self._rules.may_change(booking.slot.starts_at, self._now),
            can_be_met=may_mark(booking, attended=True, now=self._now),
            can_be_not_met=may_mark(booking, attended=False, now=self._now),
            notice=message.values.get(TEXT) if message else None,
            told=self._told(message) if message else None,
        )

    def _told(self, message: OutreachMessage) -> str:
        if message.channel == OutreachChannel.WEB:
            if message.state == OutreachState.WAITING:
                return WAITS_FOR_CHAT
            if (
                message.state == OutreachState.IN_CHAT
                and self._wrote_at
                and self._wrote_at > message.changed_at
            ):
                return WROTE_SINCE
        return TOLD[message.state]
