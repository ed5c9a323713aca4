"""Which item comes next, and when it is enough.

Pure functions of the history: the same answers in the same order give the same result, every time.
"""

import hashlib
from typing import Protocol

from backend.assessment.ability import Measure
from backend.assessment.item_bank import Item, ItemBank
from backend.assessment.numbers import Vector
from backend.assessment.outcome import Outcome
from backend.assessment.parameters import load_parameters
from backend.assessment.placement import propose
from backend.assessment.responses import History, answered
from backend.assessment.rule import ProposalRule
from backend.assessment.stopping import (
    ENOUGH_ANSWERS,
    MAX_ASKED,
    is_certain,
    is_curtailed,
    out_of_reach,
)

# Items that tell at least this share of what the most telling one does are as good, so no item is worn out.
# Once the track is certain there is less to gain, and answers about every item can be collected.
_AS_TELLING = 0.85
_AS_TELLING_ONCE_CERTAIN = 0.4


class Engine(Protocol):
    """Chooses items and proposes a track. It remembers nothing: everything follows from the history."""

    @property
    def version(self) -> str:
        """Names the rule, to be stored with every result."""

    @property
    def bank_version(self) -> str:
        """Names the items and their parameters, to be stored with every result."""

    def next_item(self, history: History, seed: str) -> str | None:
        """The id of the item to ask after a history (the first after an empty one); None at the end.

        Args:
            history: The answers so far.
            seed: Names the assessment; among equally good items different assessments get different ones.
        """

    def at_most_left(self, history: History) -> int:
        """An upper bound on how many items come after the current one; it never rises."""

    def outcome(self, history: History) -> Outcome:
        """The result of the answers so far; with too few of them one without a track."""


class AdaptiveEngine:
    """Asks what tells most about the track, and stops when it is certain.

    The first item is an easy one. Every area is asked about before any is asked about twice, and again while
    it has no answer among the first seven; then an area never comes twice in a row. Within that, the item
    with the most Fisher information at the cut score is chosen, or at the estimate once the track is certain.
    """

    def __init__(self, bank: ItemBank, rule: ProposalRule) -> None:
        self._bank = bank
        self._rule = rule
        parameters = load_parameters(rule.item_parameters)
        self._parameters_version = parameters.version
        self._measure = Measure(bank, parameters, rule.cut_percent / 100)

    @property
    def version(self) -> str:
        """Names the method and the settings that decide."""
        rule = self._rule
        return f"adaptive-1/{rule.cut_percent}/{rule.required_certainty:g}/{rule.borderline_below:g}"

    @property
    def bank_version(self) -> str:
        """Names the items and their parameters."""
        return f"{self._bank.version}/{self._parameters_version}"

    def next_item(self, history: History, seed: str) -> str | None:
        """The id of the item to ask after a history; None at the end.

        Raises:
            KeyError: The history names an item that is not in the bank.
        """
        weights = self._measure.weights(history)
        if self._is_over(history, weights):
            return None
        candidates = self._as_telling(self._balanced(history), weights)
        return min(candidates, key=lambda item: _place(seed, item.id)).id

    def at_most_left(self, history: History) -> int:
        """An upper bound on how many items come after the current one: all the places that are left."""
        over = self._is_over(history, self._measure.weights(history))
        return 0 if over else MAX_ASKED - len(history) - 1

    def outcome(self, history: History) -> Outcome:
        """The result of the answers so far."""
        return propose(history, self._measure, self._rule)

    def _is_over(self, history: History, weights: Vector) -> bool:
        if len(history) >= MAX_ASKED or out_of_reach(history):
            return True
        if answered(history) < ENOUGH_ANSWERS:
            return False
        certain = is_certain(self._measure, weights, self._rule.required_certainty)
        return certain or is_curtailed(self._measure, history, weights)

    def _as_telling(self, items: list[Item], weights: Vector) -> list[Item]:
        """Of some items the one that tells most, and those that tell about as much."""
        certain = is_certain(self._measure, weights, self._rule.required_certainty)
        if certain:
            telling = self._measure.information_at(self._measure.ability(weights).mean)
            share = _AS_TELLING_ONCE_CERTAIN
        else:
            telling = self._measure.information_at_cut
            share = _AS_TELLING
        own = [telling[self._measure.index[item.id]] for item in items]
        return [item for item, told in zip(items, own, strict=True) if told >= share * max(own)]

    def _balanced(self, history: History) -> list[Item]:
        """The items not asked yet that may come now, for an even picture of the areas."""
        asked = {response.item_id for response in history}
        waiting = [item for item in self._bank.items if item.id not in asked]
        if not history:
            easiest = min(item.difficulty_rank for item in waiting)
            return [item for item in waiting if item.difficulty_rank == easiest]
        if missing := self._missing_areas(history):
            return [item for item in waiting if item.area in missing] or waiting
        last = self._bank.item(history[-1].item_id).area
        return [item for item in waiting if item.area != last]

    def _missing_areas(self, history: History) -> set[int]:
        """The areas that must come now: not asked yet or, among the first seven, asked without an answer."""
        asked = {self._bank.item(response.item_id).area for response in history}
        if unasked := set(self._bank.areas) - asked:
            return unasked
        if len(history) >= ENOUGH_ANSWERS:
            return set()
        known = {self._bank.item(r.item_id).area for r in history if r.value is not None}
        return set(self._bank.areas) - known


def _place(seed: str, item_id: str) -> bytes:
    """The place of an item in the order of an assessment: a shuffle that is the same on every run."""
    return hashlib.blake2b(f"{seed}/{item_id}".encode(), digest_size=8).digest()
