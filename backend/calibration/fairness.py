"""Does an item mean the same in two groups? Differential item functioning, with mirt.

A likelihood-ratio test for each item: a graded response model for both groups with every item the same in
both, against one in which this item's slope and thresholds are each group's own. The groups may differ in
ability; that is not unfair. Holm's adjustment for testing many items.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from mirt.diagnostics import compute_dif
from mirt.diagnostics.multiple_testing import adjust_p_values
from numpy.typing import NDArray

from backend.assessment.responses import ADVANCED
from backend.calibration.answers import Answers
from backend.calibration.estimation import FEWEST_ANSWERS

# Smaller groups would only show differences so large that nobody needs a test to see them.
SMALLEST_GROUP = 100
# Fewer items are no scale on which the groups could be compared.
FEWEST_ITEMS = 5
SIGNIFICANCE = 0.05

_AT_A_TIME = 5
_TOLERANCE = 1e-3

Shown = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ItemDifference:
    """One item in two groups.

    Attributes:
        item_id: The item.
        p_value: Adjusted; not a number when the test could not be carried out.
        harder: How much harder it is in the smaller group, on the scale of ability.
    """

    item_id: str
    p_value: float
    harder: float

    @property
    def flagged(self) -> bool:
        """Whether it differs more than chance would make it."""
        return self.p_value < SIGNIFICANCE


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two groups compared.

    Attributes:
        reference: The larger group.
        focal: The smaller group.
        items: Those with enough answers in both; empty when they are too few to compare.
    """

    reference: str
    focal: str
    items: tuple[ItemDifference, ...]


def compare_groups(
    answers: Answers, groups: Sequence[str], item_ids: Sequence[str], shown: Shown
) -> list[Comparison]:
    """Compares the largest group with every other one that is large enough.

    Args:
        answers: Shape (assessments, items).
        groups: The group of each assessment.
        item_ids: Of the columns.
        shown: Told how many items are done, and of how many.
    """
    large = [name for name, size in Counter(groups).most_common() if size >= SMALLEST_GROUP]
    return [
        Comparison(
            large[0], focal, _differences(answers, np.array(groups), (large[0], focal), item_ids, shown)
        )
        for focal in large[1:]
    ]


def _differences(
    answers: Answers,
    groups: NDArray[np.str_],
    pair: tuple[str, str],
    item_ids: Sequence[str],
    shown: Shown,
) -> tuple[ItemDifference, ...]:
    counts = [(answers[groups == name] >= 0).sum(axis=0) for name in pair]
    items = np.flatnonzero(np.minimum(*counts) >= FEWEST_ANSWERS)
    if len(items) < FEWEST_ITEMS:
        return ()
    rows = np.isin(groups, pair) & (answers[:, items] >= 0).any(axis=1)
    matrix, members = answers[np.ix_(rows, items)], groups[rows]
    p_values = np.full(len(items), np.nan)
    harder = np.full(len(items), np.nan)
    for start in range(0, len(items), _AT_A_TIME):
        tested = np.arange(start, min(start + _AT_A_TIME, len(items)))
        found = compute_dif(
            matrix,
            members,
            model="GRM",
            method="likelihood_ratio",
            n_categories=ADVANCED + 1,
            tol=_TOLERANCE,
            focal_group=pair[1],
            # Without anchors mirt tests them all, each against the others.
            anchors=[int(item) for item in np.setdiff1d(np.arange(len(items)), tested)] or None,
        )
        settled = tested[found["converged"][tested]]
        p_values[settled] = found["p_value"][settled]
        harder[settled] = found["effect_size"][settled]
        shown(int(tested[-1]) + 1, len(items))
    adjusted = adjust_p_values(p_values, "holm")
    return tuple(
        ItemDifference(item_ids[int(item)], float(p_value), float(distance))
        for item, p_value, distance in zip(items, adjusted, harder, strict=True)
    )
