"""Do the answers fit together? What a consultant may want to ask about; never held against the citizen."""

from typing import Literal

import numpy as np

from backend.assessment.ability import Measure
from backend.assessment.graded_response import probabilities
from backend.assessment.responses import History, answered
from backend.assessment.stopping import ENOUGH_ANSWERS

Flag = Literal["inconsistent", "straight_lining"]

# Fewer than about one in twenty citizens who answer as the model expects lie below this.
_UNLIKELY = -1.645


def flags_of(history: History, measure: Measure) -> tuple[Flag, ...]:
    """What is odd about the answers; nothing with too few of them to tell."""
    if answered(history) < ENOUGH_ANSWERS:
        return ()
    if len({response.value for response in history if response.value is not None}) == 1:
        return ("straight_lining",)
    return ("inconsistent",) if standardised_fit(history, measure) < _UNLIKELY else ()


def standardised_fit(history: History, measure: Measure) -> float:
    """The statistic lz: how likely the answers are at the estimated ability, against what is to be expected.

    F. Drasgow, M. V. Levine and E. A. Williams, Appropriateness measurement with polychotomous item response
    models and standardized indices, British Journal of Mathematical and Statistical Psychology 38 (1985).
    About normally distributed with mean 0 and standard deviation 1; low values are unlikely answers.

    Raises:
        ValueError: There are no answers.
    """
    answers = [(measure.index[r.item_id], r.value) for r in history if r.value is not None]
    if not answers:
        raise ValueError("no answers, no fit")
    rows = [row for row, _ in answers]
    ability = measure.ability(measure.weights(history)).mean
    chances = probabilities(measure.parameters, np.array([ability]))[rows, :, 0]
    logs = np.log(chances)
    observed = logs[np.arange(len(rows)), [value for _, value in answers]].sum()
    expected = (chances * logs).sum(axis=1)
    variance = (chances * logs**2).sum(axis=1) - expected**2
    return float((observed - expected.sum()) / np.sqrt(variance.sum()))
