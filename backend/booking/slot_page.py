"""A page of free slots: a choice of days, and not three times of the same morning."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from backend.booking.tables import Slot
from backend.danish import local

OFFERED_A_DAY = 2


class SlotPage:
    """Takes free slots by start until it is full, at most `a_day` of each day.

    Of slots that a citizen could not tell apart (same time, form and place), one is taken.

    Attributes:
        slots: Those on the page, by start.
        more: Whether others were left for the next pages.
    """

    def __init__(self, limit: int, *, a_day: int, shown: Iterable[Slot] = ()) -> None:
        """Creates an empty page.

        Args:
            limit: How many slots it has room for.
            a_day: How many of them may lie on the same Danish day.
            shown: Slots that the citizen has seen; neither they nor their likes are taken.
        """
        self._limit = limit
        self._a_day = a_day
        self._seen = {_looks(slot) for slot in shown}
        self._of_day: Counter[date] = Counter()
        self.slots: list[Slot] = []
        self.more = False

    @property
    def is_done(self) -> bool:
        """Whether no further slot would change anything."""
        return self.more and len(self.slots) == self._limit

    def take(self, slot: Slot) -> None:
        """Puts a slot on the page, or leaves it for the next one."""
        if _looks(slot) in self._seen:
            return
        self._seen.add(_looks(slot))
        day = local(slot.starts_at).date()
        if len(self.slots) == self._limit or self._of_day[day] == self._a_day:
            self.more = True
        else:
            self._of_day[day] += 1
            self.slots.append(slot)


def _looks(slot: Slot) -> tuple[object, ...]:
    return slot.starts_at, slot.meeting_form, slot.place
