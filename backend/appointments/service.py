"""What the staff do to a citizen's meeting: the change and its notice are stored together or not at all.

The rules and the claim on a slot are the citizen's own (`backend.booking.service`). A form that is sent again
does nothing again: what it asks for is found to be done.
"""

from backend.booking.problems import BookingExists
from backend.booking.service import BookingService
from backend.booking.tables import Booking, ChangeKind
from backend.citizens.service import CitizenService
from backend.citizens.tables import Citizen
from backend.outreach.notices import NoticeService
from backend.outreach.occasions import OutreachKind
from backend.problems import NotFound


class AppointmentService:
    """Books, moves and cancels, and has the citizen told.

    Args:
        bookings: In the caseworker's name.
        citizens: What is known of them.
        notices: What they are told.
    """

    def __init__(self, bookings: BookingService, citizens: CitizenService, notices: NoticeService) -> None:
        self._bookings = bookings
        self._citizens = citizens
        self._notices = notices

    async def book(
        self, citizen: Citizen, slot_id: str, *, booking_id: str, name: str, phone: str, words: str
    ) -> Booking:
        """Books a free slot.

        Args:
            citizen: For whom.
            slot_id: Which slot.
            booking_id: What the booking will be known by: the same form brings the same id again.
            name: Who comes.
            phone: Where they can be called, in E.164.
            words: What the citizen is told besides.

        Raises:
            NotFound: There is no such slot.
            SlotTaken: Someone else has it, or it is not offered.
            BookingExists: The citizen has a coming booking, or the form was sent before with another slot.
        """
        for earlier in await self._locked_bookings(citizen):
            if earlier.id == booking_id:
                if earlier.changes[0].slot_id != slot_id:
                    raise BookingExists
                return earlier
        if await self._bookings.coming(citizen.id):
            raise BookingExists
        hold = await self._bookings.hold(citizen.id, slot_id)
        booking = await self._bookings.book(hold.id, name=name, phone=phone, booking_id=booking_id)
        await self._citizens.update(citizen.id, name=name, phone=phone)
        await self._notices.give(OutreachKind.BOOKED_BY_STAFF, citizen, booking, words)
        return booking

    async def move(
        self, citizen: Citizen, booking_id: str, slot_id: str, *, version: int, words: str
    ) -> Booking:
        """Moves a citizen's booking to a free slot.

        Args:
            citizen: Whose.
            booking_id: Which booking.
            slot_id: Where to.
            version: The version that the caseworker saw.
            words: What the citizen is told besides.

        Raises:
            NotFound: The citizen has no such booking, or there is no such slot.
            AlreadyCancelled: The booking is cancelled.
            VersionConflict: It was changed since the caseworker saw it.
            NoticePeriodPassed: It is too late.
            SlotTaken: Someone else has the slot, or it is not offered.
        """
        booking = await self._own(citizen, booking_id)
        if _is_done(booking, version, "moved", slot_id):
            return booking
        await self._bookings.changeable(booking_id, version)
        hold = await self._bookings.hold(citizen.id, slot_id)
        await self._bookings.move(booking_id, hold_id=hold.id, version=version)
        await self._notices.give(OutreachKind.MOVED_BY_STAFF, citizen, booking, words)
        return booking

    async def cancel(
        self, citizen: Citizen, booking_id: str, *, version: int, reason: str, words: str
    ) -> Booking:
        """Cancels a citizen's booking.

        Args:
            citizen: Whose.
            booking_id: Which booking.
            version: The version that the caseworker saw.
            reason: Why, for the staff.
            words: What the citizen is told besides.

        Raises:
            NotFound: The citizen has no such booking.
            AlreadyCancelled: Somebody else has cancelled it.
            VersionConflict: It was changed since the caseworker saw it.
            NoticePeriodPassed: It is too late.
        """
        booking = await self._own(citizen, booking_id)
        if _is_done(booking, version, "cancelled", booking.slot_id):
            return booking
        await self._bookings.cancel(booking_id, version=version, reason=reason)
        await self._notices.give(OutreachKind.CANCELLED_BY_STAFF, citizen, booking, words)
        return booking

    async def _locked_bookings(self, citizen: Citizen) -> list[Booking]:
        # Read only now, as whoever had the lock before may have changed them.
        await self._bookings.lock(citizen.id)
        return list(await self._bookings.history(citizen.id))

    async def _own(self, citizen: Citizen, booking_id: str) -> Booking:
        for booking in await self._locked_bookings(citizen):
            if booking.id == booking_id:
                return booking
        raise NotFound("The citizen has no such booking")


def _is_done(booking: Booking, version: int, kind: ChangeKind, slot_id: str) -> bool:
    """Whether the very next change after a version was this one, made by the staff: the form came before."""
    return any(
        change.version == version + 1
        and (change.kind, change.actor, change.slot_id) == (kind, "caseworker", slot_id)
        for change in booking.changes
    )
