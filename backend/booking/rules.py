"""The rules of time for booking: what may be offered, how long it is kept, how late it can be changed."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backend.booking.opening_hours import OpeningHours
from backend.municipality import Municipality
from backend.settings import Settings


@dataclass(frozen=True)
class BookingRules:
    """Rules of time.

    Attributes:
        opening_hours: When meetings can take place.
        hold: How long a chosen slot is kept for a citizen.
        lead: How long whoever books can at the least move or cancel again.
        notice: How long before the start a booking can be moved or cancelled at the latest.
    """

    opening_hours: OpeningHours
    hold: timedelta
    lead: timedelta
    notice: timedelta

    @classmethod
    def of(cls, settings: Settings, municipality: Municipality) -> "BookingRules":
        """The rules in force."""
        return cls(
            opening_hours=OpeningHours.of(municipality),
            hold=timedelta(minutes=settings.hold_minutes),
            lead=timedelta(minutes=settings.booking_lead_minutes),
            notice=timedelta(hours=settings.change_notice_hours),
        )

    def for_staff(self) -> "BookingRules":
        """The rules for the staff, who may change a meeting until it begins: a consultant can fall ill.

        They offer the same slots, or they would book what the citizen could not cancel.
        """
        return replace(self, lead=self.lead + self.notice, notice=timedelta(0))

    def may_offer(self, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
        """Whether a free slot may be offered: far enough ahead, and within opening hours."""
        return starts_at >= self.earliest_start(now) and self.opening_hours.contain(starts_at, ends_at)

    def earliest_start(self, now: datetime) -> datetime:
        """The earliest start that may be offered.

        A booking that can never be cancelled would be a trap, so a slot is offered only while it can be.
        """
        return now + self.notice + self.lead

    def change_deadline(self, starts_at: datetime) -> datetime:
        """The last moment, itself included, at which a booking can be moved or cancelled."""
        return starts_at - self.notice

    def may_change(self, starts_at: datetime, now: datetime) -> bool:
        """Whether a booking can still be moved or cancelled."""
        return now <= self.change_deadline(starts_at)
