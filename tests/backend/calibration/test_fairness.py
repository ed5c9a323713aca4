import numpy as np
import pytest

from backend.assessment.graded_response import probabilities
from backend.assessment.parameters import ItemParameters
from backend.calibration.fairness import compare_groups

ITEMS = ["a", "b", "c", "d", "e"]


def answers(harder_by, rng, people=300):
    """Answers of two groups to five items, the first of which is harder for the second group."""
    groups = np.array(["web", "web", "sms"] * (people // 3))
    thresholds = np.linspace(-0.5, 0.5, 5)[:, None] + np.array([-1.0, 0.0, 1.0])
    matrix = np.empty((people, 5), dtype=int)
    for row, group in enumerate(groups):
        own = thresholds.copy()
        own[0] += harder_by if group == "sms" else 0
        # The second group is also less able, which is not unfair.
        ability = rng.normal(-0.4 if group == "sms" else 0)
        chances = probabilities(ItemParameters(np.full(5, 1.8), own), np.array([ability]))[:, :, 0]
        matrix[row] = [rng.choice(4, p=chance / chance.sum()) for chance in chances]
    return matrix, list(groups)


@pytest.mark.parametrize(("harder_by", "flagged"), [(1.2, ["a"]), (0.0, [])])
def test_an_item_is_flagged_when_it_is_harder_for_a_group_and_only_then(harder_by, flagged):
    shown = []
    matrix, groups = answers(harder_by, np.random.default_rng(7))
    (found,) = compare_groups(matrix, groups, ITEMS, lambda done, of: shown.append((done, of)))
    assert (found.reference, found.focal) == ("web", "sms")
    assert [item.item_id for item in found.items if item.flagged] == flagged
    assert all(item.harder > 0.5 for item in found.items if item.flagged)
    assert shown[-1] == (5, 5)


def test_groups_that_are_too_small_are_not_compared():
    matrix, groups = answers(0.0, np.random.default_rng(7), people=297)
    assert compare_groups(matrix, groups, ITEMS, lambda *_: None) == []
