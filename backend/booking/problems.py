"""Why something cannot be booked, moved or cancelled."""

from backend.problems import Conflict


class SlotTaken(Conflict):
    """Someone else has the slot, or it is no longer offered."""

    slug, title = "slot-taken", "The slot is not free any more"


class HoldExpired(Conflict):
    """The hold has ended, or it ran out and the slot is gone."""

    slug, title = "hold-expired", "The slot is no longer held"


class BookingExists(Conflict):
    """The citizen has a coming booking already; it can be moved."""

    slug, title = "booking-exists", "The citizen already has a coming booking"


class NoticePeriodPassed(Conflict):
    """It is too late to move or cancel; an absence can be reported."""

    slug, title = "notice-period-passed", "It is too late to move or cancel the booking"


class AlreadyCancelled(Conflict):
    """The booking is cancelled."""

    slug, title = "already-cancelled", "The booking is already cancelled"
