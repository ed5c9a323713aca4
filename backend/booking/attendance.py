"""Whether a citizen came to a meeting, as a caseworker marks it. Nothing follows from a mark by itself."""

from datetime import datetime

from backend.booking.history import BookingHistory
from backend.booking.repository import BookingRepository
from backend.booking.tables import Booking, ChangeKind
from backend.problems import Conflict, NotFound, VersionConflict

_KINDS: dict[bool, ChangeKind] = {True: "met", False: "not_met"}


class NotToBeMarked(Conflict):
    """The meeting has not begun, or it is cancelled, or the citizen said beforehand that they cannot come."""

    slug, title = "not-to-be-marked", "The meeting cannot be marked like that"


def may_mark(booking: Booking, *, attended: bool, now: datetime) -> bool:
    """Whether a meeting can be marked as met or as not met.

    Whoever cancelled, or told before it began that they cannot come, has not stayed away.
    """
    if booking.status == "cancelled" or now < booking.slot.starts_at:
        return False
    reported = booking.absence_reported_at
    return attended or reported is None or reported >= booking.slot.starts_at


class AttendanceService:
    """Marks meetings. A later mark takes the place of an earlier one; the history keeps both.

    Args:
        bookings: Where they are stored.
        now: The present moment.
        caseworker: The name of whoever marks.
    """

    def __init__(self, bookings: BookingRepository, now: datetime, caseworker: str) -> None:
        self._bookings = bookings
        self._now = now
        self._changes = BookingHistory(bookings, now, caseworker)

    async def mark(self, citizen_id: str, booking_id: str, *, attended: bool, version: int) -> Booking:
        """Marks a citizen's meeting. The same mark again changes nothing.

        Args:
            citizen_id: Whose meeting.
            booking_id: Which one.
            attended: Whether they came.
            version: The version that the caseworker saw.

        Raises:
            NotFound: The citizen has no such booking.
            VersionConflict: It has changed since the caseworker saw it.
            NotToBeMarked: See `may_mark`.
        """
        await self._bookings.lock_citizen(citizen_id)
        booking = await self._bookings.booking(booking_id)
        if booking is None or booking.citizen_id != citizen_id:
            raise NotFound("The citizen has no such booking")
        if booking.attended is attended:
            return booking
        if booking.version != version:
            raise VersionConflict
        if not may_mark(booking, attended=attended, now=self._now):
            raise NotToBeMarked
        booking.attended = attended
        await self._changes.record(booking, _KINDS[attended])
        return booking
