"""When there are answers enough.

Three ways to stop: the track is certain, no answers to come could change it, or the citizen has been asked
enough.
"""

import numpy as np

from backend.assessment.ability import Measure, normalised
from backend.assessment.numbers import Vector
from backend.assessment.responses import ADVANCED, CANNOT, History, answered

# A proposal from fewer real answers would say more about chance than about the citizen.
ENOUGH_ANSWERS = 7
# Nobody is asked more than this, skipped questions included.
MAX_ASKED = 15


def out_of_reach(history: History) -> bool:
    """Whether too few questions are left for a proposal."""
    return answered(history) + MAX_ASKED - len(history) < ENOUGH_ANSWERS


def certainty(measure: Measure, weights: Vector) -> float:
    """How probable it is that the ability lies on the same side of the cut score as its estimate."""
    above = measure.above_cut(weights)
    return above if measure.ability(weights).mean >= measure.cut else 1 - above


def is_certain(measure: Measure, weights: Vector, required: float) -> bool:
    """Wald's sequential probability ratio test at the cut score.

    Both hypotheses, an ability above or below the cut, are composite; each is weighted by the citizens'
    distribution, as Wald's method of weight functions has it (A. Wald, Sequential Analysis, 1947, chapter
    4). The ratio of the two weighted likelihoods times the prior odds is the posterior odds, and the bounds
    are required / (1 - required) and its inverse.
    """
    above = measure.above_cut(weights)
    return max(above, 1 - above) >= required


def is_curtailed(measure: Measure, history: History, weights: Vector) -> bool:
    """Whether no answers to the questions left can change the track.

    The worst that the rest can do is bounded from node to node: answers of "kan ikke" lower the logarithm of
    the likelihood ratio of two neighbouring abilities the most, and no more items can come than there are
    places left. A posterior that falls faster everywhere has a lower mean, so if even that mean stays on its
    side of the cut, so does every possible one.
    """
    above = measure.ability(weights).mean >= measure.cut
    places = MAX_ASKED - len(history)
    asked = [measure.index[response.item_id] for response in history]
    answer = CANNOT if above else ADVANCED
    steps = np.diff(np.delete(measure.log_probabilities[:, answer, :], asked, axis=0), axis=1)
    # The `places` strongest steps between each two nodes; of "kan ikke" all are negative, of "sikkert"
    # positive.
    strongest = np.sort(steps if above else -steps, axis=0)[:places].sum(axis=0)
    worst = np.concatenate([[0.0], np.cumsum(strongest if above else -strongest)])
    mean = measure.ability(normalised(np.log(weights) + worst)).mean
    return (mean >= measure.cut) == above
