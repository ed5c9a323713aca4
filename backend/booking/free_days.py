"""Free times day by day, with whom each is: for the staff, who book for a citizen."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, datetime

from backend.booking.repository import BookingRepository
from backend.booking.rules import BookingRules
from backend.booking.slot_filter import SlotFilter
from backend.booking.tables import Consultant, Slot
from backend.danish import local

DAYS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A Danish day with free slots, by start."""

    day: date
    slots: list[Slot]


@dataclass(frozen=True, slots=True)
class FreeDays:
    """Some days with free slots, and the first day with free slots after them; None when there is none."""

    days: list[FreeDay]
    following: date | None


class FreeDayReader:
    """Finds what may be offered, by the same rules as citizens are offered times.

    Args:
        bookings: Where slots are stored.
        rules: The rules in force.
        now: The present moment.
    """

    def __init__(self, bookings: BookingRepository, rules: BookingRules, now: datetime) -> None:
        self._bookings = bookings
        self._rules = rules
        self._now = now

    async def read(self, first_day: date | None = None, consultant_id: str | None = None) -> FreeDays:
        """The first days that have free slots.

        Args:
            first_day: None before this day.
            consultant_id: Only this consultant's.
        """
        wish = SlotFilter(first_day=first_day)
        earliest = max(self._rules.earliest_start(self._now), wish.begins() or self._now)
        days: list[FreeDay] = []
        async with aclosing(self._bookings.free_slots(earliest, self._now)) as slots:
            async for slot in slots:
                if consultant_id not in (None, slot.consultant_id) or not self._may_offer(slot):
                    continue
                day = local(slot.starts_at).date()
                if not days or days[-1].day != day:
                    if len(days) == DAYS_SHOWN:
                        return FreeDays(days, day)
                    days.append(FreeDay(day, []))
                days[-1].slots.append(slot)
        return FreeDays(days, None)

    async def slot(self, slot_id: str) -> Slot | None:
        """A slot that can be had at this moment; None when it is taken, or not offered."""
        wanted = await self._bookings.slot(slot_id)
        if wanted is None or not self._may_offer(wanted):
            return None
        async with aclosing(self._bookings.free_slots(wanted.starts_at, self._now)) as slots:
            async for slot in slots:
                if slot.id == slot_id or slot.starts_at > wanted.starts_at:
                    return slot if slot.id == slot_id else None
        return None

    async def consultants(self) -> Sequence[Consultant]:
        """With whom there can be free slots, by name."""
        return await self._bookings.consultants()

    def _may_offer(self, slot: Slot) -> bool:
        return self._rules.may_offer(slot.starts_at, slot.ends_at, self._now)
