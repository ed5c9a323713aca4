"""What can be done with slots, holds and bookings."""

from collections.abc import Sequence
from contextlib import aclosing
from datetime import datetime

from backend.booking.history import BookingHistory
from backend.booking.problems import (
    AlreadyCancelled,
    BookingExists,
    HoldExpired,
    NoticePeriodPassed,
    SlotTaken,
)
from backend.booking.repository import BookingRepository
from backend.booking.rules import BookingRules
from backend.booking.slot_filter import SlotFilter
from backend.booking.slot_page import OFFERED_A_DAY, SlotPage
from backend.booking.tables import Booking, BookingStatus, ChangeKind, Hold, Slot
from backend.db import new_id
from backend.problems import NotFound, VersionConflict
from backend.teams.scope import TeamScope

# What can happen to a booking without its becoming another meeting.
_NO_OTHER_MEETING: frozenset[ChangeKind] = frozenset({"absence", "met", "not_met"})


class BookingService:
    """Offers free slots, and holds, books, moves and cancels them.

    Changes by one citizen wait for each other (`lock_citizen`); citizens meet only in the claim on a slot.

    Args:
        bookings: Where they are stored.
        rules: The rules in force.
        now: The present moment.
        caseworker: The name of whoever makes the changes; None for the citizen.
    """

    def __init__(
        self,
        bookings: BookingRepository,
        rules: BookingRules,
        now: datetime,
        caseworker: str | None = None,
    ) -> None:
        self._bookings = bookings
        self._rules = rules
        self._now = now
        self._changes = BookingHistory(bookings, now, caseworker)

    async def free_slots(self, wish: SlotFilter, limit: int, shown: Sequence[str] = ()) -> SlotPage:
        """The first free slots that fit a wish, by start: two a day at most, unless the wish names the day.

        Args:
            wish: What fits.
            limit: How many at most.
            shown: Ids of slots that the citizen has seen already; the page goes on after them.
        """
        earliest = max(self._rules.earliest_start(self._now), wish.begins() or self._now)
        a_day = limit if wish.names_a_day else OFFERED_A_DAY
        page = SlotPage(limit, a_day=a_day, shown=await self._bookings.slots(shown))
        async with aclosing(self._bookings.free_slots(earliest, self._now)) as slots:
            async for slot in slots:
                if page.is_done or wish.is_over(slot.starts_at):
                    break
                if wish.accepts(slot.starts_at, slot.meeting_form) and self._may_offer(slot):
                    page.take(slot)
        return page

    async def lock(self, citizen_id: str) -> None:
        """Makes other changes of a citizen's holds and bookings wait until this transaction ends."""
        await self._bookings.lock_citizen(citizen_id)

    async def hold(self, citizen_id: str, slot_id: str) -> Hold:
        """Keeps a slot for a citizen for some minutes, in place of one they held before.

        Raises:
            NotFound: There is no such citizen or slot.
            SlotTaken: Someone else has it, or it is not offered.
        """
        if not await self._bookings.lock_citizen(citizen_id):
            raise NotFound("There is no such citizen")
        slot = await self._bookings.slot(slot_id)
        if slot is None:
            raise NotFound("There is no such slot")
        if not self._may_offer(slot):
            raise SlotTaken("The slot is not offered any more")
        await self._bookings.end_open_hold(citizen_id, self._now)
        hold = Hold(
            citizen_id=citizen_id, slot=slot, created_at=self._now, expires_at=self._now + self._rules.hold
        )
        await self._bookings.add(hold)
        # Claiming before freeing: two citizens who swap their held slots are refused, not deadlocked.
        if not await self._bookings.claim(slot, hold, self._now):
            raise SlotTaken
        await self._bookings.drop_ended_claims(citizen_id)
        return hold

    async def release(self, hold_id: str) -> None:
        """Gives a held slot back; does nothing when the hold has ended already.

        Raises:
            NotFound: There is no such hold.
        """
        hold = await self._locked_hold(hold_id)
        if hold.ended_at is None:
            await self._end(hold)

    async def book(self, hold_id: str, *, name: str, phone: str, booking_id: str | None = None) -> Booking:
        """Books the held slot. A hold that ran out still does while nobody else has the slot.

        Args:
            hold_id: The hold.
            name: Who comes.
            phone: Where they can be called, in E.164.
            booking_id: What the booking will be known by; a new id unless told.

        Raises:
            NotFound: There is no such hold.
            BookingExists: The citizen has a coming booking.
            HoldExpired: The hold has ended, or it ran out and the slot is gone.
        """
        hold = await self._locked_hold(hold_id)
        if await self.coming(hold.citizen_id):
            raise BookingExists
        booking = Booking(
            id=booking_id or new_id(),
            citizen_id=hold.citizen_id,
            slot=hold.slot,
            status="booked",
            version=0,
            citizen_name=name,
            citizen_phone=phone,
            created_at=self._now,
            updated_at=self._now,
        )
        await self._bookings.add(booking)
        await self._take(hold, booking)
        await self._changes.record(booking, "booked")
        return booking

    async def move(self, booking_id: str, *, hold_id: str, version: int) -> Booking:
        """Moves a booking to the held slot and frees its old one.

        Raises:
            NotFound: There is no such booking, or no such hold of the same citizen.
            AlreadyCancelled: The booking is cancelled.
            VersionConflict: The booking was changed since that version.
            NoticePeriodPassed: It is too late.
            HoldExpired: The hold has ended, or it ran out and the slot is gone.
        """
        booking = await self.changeable(booking_id, version)
        hold = await self._bookings.hold(hold_id)
        if hold is None or hold.citizen_id != booking.citizen_id:
            raise NotFound("The citizen has no such hold")
        await self._bookings.free_booked_slot(booking)
        await self._take(hold, booking)
        booking.slot = hold.slot
        # That they could not come was said of the old time.
        booking.absence_reported_at = None
        await self._changes.record(booking, "moved")
        return booking

    async def cancel(self, booking_id: str, *, version: int, reason: str | None) -> Booking:
        """Cancels a booking and frees its slot.

        Raises:
            NotFound: There is no such booking.
            AlreadyCancelled: It is cancelled.
            VersionConflict: It was changed since that version.
            NoticePeriodPassed: It is too late.
        """
        booking = await self.changeable(booking_id, version)
        booking.status = "cancelled"
        await self._bookings.free_booked_slot(booking)
        await self._changes.record(booking, "cancelled", reason)
        return booking

    async def changeable(self, booking_id: str, version: int) -> Booking:
        """A booking that can be moved or cancelled, with its citizen locked.

        Raises:
            NotFound: There is no such booking.
            AlreadyCancelled: It is cancelled.
            VersionConflict: It was changed since that version.
            NoticePeriodPassed: It is too late.
        """
        booking = await self._standing(booking_id, version)
        if not self._rules.may_change(booking.slot.starts_at, self._now):
            raise NoticePeriodPassed
        return booking

    async def report_absence(
        self, booking_id: str, *, version: int, reason: str | None, said_at: datetime | None = None
    ) -> Booking:
        """Stores for the staff that the citizen cannot come ("afbud"); the booking stays.

        Args:
            booking_id: The booking.
            version: The version that the citizen knew.
            reason: Why.
            said_at: When they said it, where that was earlier. It counts from then, also when somebody has
                marked meanwhile that they stayed away.

        Raises:
            NotFound: There is no such booking.
            AlreadyCancelled: It is cancelled.
            VersionConflict: It was changed since that version.
        """
        booking = await self._standing(booking_id, version, may_be_marked=said_at is not None)
        told_at = min(max(said_at or self._now, booking.created_at), self._now)
        earlier = booking.absence_reported_at
        if earlier is not None and earlier <= told_at and said_at is not None:
            return booking
        booking.absence_reported_at = min(earlier or told_at, told_at)
        if booking.attended is False and booking.absence_reported_at < booking.slot.starts_at:
            # Who told beforehand has not stayed away.
            booking.attended = None
        await self._changes.record(booking, "absence", reason)
        return booking

    async def get(self, booking_id: str) -> Booking:
        """The booking with an id.

        Raises:
            NotFound: There is none.
        """
        booking = await self._bookings.booking(booking_id)
        if booking is None:
            raise NotFound("There is no such booking")
        return booking

    async def of_citizen(self, citizen_id: str, status: BookingStatus | None) -> Sequence[Booking]:
        """A citizen's bookings by start; those "booked" are those still to come."""
        if status == "booked":
            return await self.coming(citizen_id)
        return await self._bookings.bookings(citizen_id, status)

    async def coming(self, citizen_id: str) -> Sequence[Booking]:
        """A citizen's bookings that stand and are not over, by start."""
        standing = await self._bookings.bookings(citizen_id, "booked")
        return [booking for booking in standing if booking.slot.ends_at > self._now]

    async def history(self, citizen_id: str) -> Sequence[Booking]:
        """A citizen's bookings for the staff, latest first, with all that happened to each in `changes`."""
        return await self._bookings.bookings_with_changes(citizen_id)

    async def unseen_reports(self, scope: TeamScope) -> Sequence[tuple[Booking, str]]:
        """Bookings that a scope's citizens cancelled or cannot come to, and nobody has said to have seen.

        They stay until somebody has, also when the meeting is over, so that none is overlooked.
        """
        return await self._bookings.unseen_reports(scope)

    async def see_to(self, booking_id: str, scope: TeamScope, *, version: int, by: str) -> None:
        """Notes that somebody has seen what the citizen reported up to a version. The first stands.

        Raises:
            NotFound: There is no such booking, or not in this scope.
            VersionConflict: The booking has not come to that version.
        """
        booking, _ = await self.meeting(booking_id, scope)
        if version > booking.version:
            raise VersionConflict
        if version > booking.seen_version:
            booking.seen_version, booking.seen_by, booking.seen_at = version, by, self._now

    async def meetings(
        self, begins: datetime, ends: datetime, scope: TeamScope
    ) -> Sequence[tuple[Booking, str]]:
        """A scope's bookings that start within a span, also cancelled ones, with the conversation."""
        return await self._bookings.meetings(begins, ends, scope)

    async def meeting(self, booking_id: str, scope: TeamScope) -> tuple[Booking, str]:
        """A booking of a scope's citizen with its conversation.

        Raises:
            NotFound: There is none, or not in this scope.
        """
        found = await self._bookings.meeting(booking_id, scope)
        if found is None:
            raise NotFound("There is no such booking")
        return found

    def _may_offer(self, slot: Slot) -> bool:
        return self._rules.may_offer(slot.starts_at, slot.ends_at, self._now)

    async def _locked_hold(self, hold_id: str) -> Hold:
        citizen_id = await self._bookings.citizen_of_hold(hold_id)
        if citizen_id is not None:
            await self._bookings.lock_citizen(citizen_id)
        # Read only now, as whoever had the lock before may have ended it.
        hold = await self._bookings.hold(hold_id)
        if hold is None:
            raise NotFound("There is no such hold")
        return hold

    async def _standing(self, booking_id: str, version: int, *, may_be_marked: bool = False) -> Booking:
        citizen_id = await self._bookings.citizen_of_booking(booking_id)
        if citizen_id is not None:
            await self._bookings.lock_citizen(citizen_id)
        booking = await self.get(booking_id)
        if booking.status == "cancelled":
            raise AlreadyCancelled
        if booking.version != version and not (
            may_be_marked and await self._bookings.changes_since(booking_id, version) <= _NO_OTHER_MEETING
        ):
            raise VersionConflict
        return booking

    async def _take(self, hold: Hold, booking: Booking) -> None:
        ran_out = hold.expires_at <= self._now
        if hold.ended_at is not None or (ran_out and not self._may_offer(hold.slot)):
            raise HoldExpired
        if not await self._bookings.claim(hold.slot, booking, self._now):
            raise HoldExpired("The hold ran out, and someone else has the slot")
        hold.ended_at = self._now
        await self._bookings.give_to_team_of(hold.slot.consultant, hold.citizen_id, self._now)

    async def _end(self, hold: Hold) -> None:
        await self._bookings.end_open_hold(hold.citizen_id, self._now)
        await self._bookings.drop_ended_claims(hold.citizen_id)
