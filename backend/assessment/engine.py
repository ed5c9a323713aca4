"""Which item comes next, and when it is enough.

Pure functions of the history: the same answers in the same order give the same result, every time.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Protocol

from backend.assessment.item_bank import Item, ItemBank
from backend.assessment.placement import ENOUGH_ANSWERS, Outcome, propose
from backend.assessment.responses import History, Response, answered

__all__ = ["MAX_ASKED", "Engine", "FixedForm", "History", "Response"]

# Skipped items are replaced, but nobody is asked more than this.
MAX_ASKED = 15


class Engine(Protocol):
    """Chooses items and proposes a track. It remembers nothing: everything follows from the history."""

    @property
    def version(self) -> str:
        """Names the rule and the item bank, to be stored with every result."""

    def next_item(self, history: History) -> str | None:
        """The id of the item to ask after a history (the first after an empty one); None at the end."""

    def at_most_left(self, history: History) -> int:
        """An upper bound on how many items come after the current one; it never rises."""

    def outcome(self, history: History) -> Outcome:
        """The result of the answers so far; with too few of them one without a track."""


class FixedForm:
    """The bank's balanced order, the same for everyone.

    A skipped item is replaced by another of its area at the end, the easiest first. One area never comes
    twice in a row while another is left. It ends when every place is filled, after `MAX_ASKED` items, or
    once the items left cannot give answers enough for a proposal.
    """

    def __init__(self, bank: ItemBank) -> None:
        self._bank = bank

    @property
    def version(self) -> str:
        """Names the rule and the item bank."""
        return f"fixed-form-1/{self._bank.version}"

    def next_item(self, history: History) -> str | None:
        """The id of the item to ask after a history; None at the end.

        Raises:
            KeyError: The history names an item that is not in the bank.
        """
        places_left = MAX_ASKED - len(history)
        waiting = self._waiting(history)
        if not waiting or places_left == 0 or answered(history) + places_left < ENOUGH_ANSWERS:
            return None
        last_area = self._bank.item(history[-1].item_id).area if history else None
        return next((item for item in waiting if item.area != last_area), waiting[0]).id

    def at_most_left(self, history: History) -> int:
        """An upper bound on how many items come after the current one: as many as skipping could bring."""
        return 0 if self.next_item(history) is None else MAX_ASKED - len(history) - 1

    def outcome(self, history: History) -> Outcome:
        """The result of the answers so far."""
        return propose(history, self._bank)

    def _waiting(self, history: History) -> list[Item]:
        """The items still to be asked in the order of the form, replacements for skipped ones last."""
        waiting = [self._bank.item(item_id) for item_id in self._bank.form]
        reserves = {area: self._reserves(area) for area in self._bank.areas}
        for response in history:
            if response.value is None:
                waiting += islice(reserves[self._bank.item(response.item_id).area], 1)
        asked = {response.item_id for response in history}
        return [item for item in waiting if item.id not in asked]

    def _reserves(self, area: int) -> Iterator[Item]:
        """The items of an area outside the form, the easiest first."""
        spare = (item for item in self._bank.items if item.area == area and item.id not in self._bank.form)
        return iter(sorted(spare, key=lambda item: item.difficulty_rank))
