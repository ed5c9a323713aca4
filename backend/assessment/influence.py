"""Which answers counted, and which would have had to be different."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from backend.assessment.ability import Measure, normalised
from backend.assessment.item_bank import Item
from backend.assessment.numbers import Vector
from backend.assessment.responses import ADVANCED, CANNOT, INDEPENDENT, WITH_HELP, History, Response


@dataclass(frozen=True, slots=True)
class WeighedAnswer:
    """A real answer together with its item.

    Attributes:
        item: What was asked.
        value: The answer, 0 to 3.
        influence: How far the answer moved the estimated ability; negative towards the basics.
    """

    item: Item
    value: int
    influence: float


@dataclass(frozen=True, slots=True)
class Turn:
    """The fewest answers that, had they all been `value`, would have turned the proposal."""

    answers: tuple[WeighedAnswer, ...]
    value: int


def weighed_answers(history: History, measure: Measure) -> tuple[WeighedAnswer, ...]:
    """The real answers in the order given, each with what the estimate would be without it."""
    given = [(measure.bank.item(r.item_id), r.value) for r in history if r.value is not None]
    if not given:
        return ()
    log_likelihoods = _log_likelihoods(measure, [(item, value) for item, value in given])
    together = np.log(measure.weights(history))
    means = normalised(together - log_likelihoods) @ measure.nodes
    estimate = measure.ability(measure.weights(history)).mean
    return tuple(
        WeighedAnswer(item, value, float(estimate - without))
        for (item, value), without in zip(given, means, strict=True)
    )


def turn(answers: Sequence[WeighedAnswer], measure: Measure) -> Turn | None:
    """The smallest change of answers that would have turned the proposal.

    Towards the pilot, answers are thought of as "på egen hånd" or, if even all of them would not do, as
    "sikkert"; towards the basics as "med hjælp", then as "kan ikke". All sets of answers are tried, the
    smallest first; of equally small ones the one that is the least far from what was answered is taken.

    Returns:
        None when no change of this kind would do.
    """
    estimate = _weights(answers, measure) @ measure.nodes
    towards_pilot = estimate < measure.cut
    for value in (INDEPENDENT, ADVANCED) if towards_pilot else (WITH_HELP, CANNOT):
        movable = [a for a in answers if (a.value < value if towards_pilot else a.value > value)]
        if found := _smallest(answers, movable, value, measure):
            return Turn(found, value)
    return None


def _smallest(
    answers: Sequence[WeighedAnswer], movable: list[WeighedAnswer], value: int, measure: Measure
) -> tuple[WeighedAnswer, ...]:
    """The smallest set of movable answers that turns the proposal; empty when there is none."""
    if not movable:
        return ()
    weights = np.log(_weights(answers, measure))
    above = normalised(weights) @ measure.nodes >= measure.cut
    before = _log_likelihoods(measure, [(answer.item, answer.value) for answer in movable])
    change = _log_likelihoods(measure, [(answer.item, value) for answer in movable]) - before
    if (normalised(weights + change.sum(axis=0)) @ measure.nodes >= measure.cut) == above:
        return ()
    for size in range(1, len(movable) + 1):
        sets = np.array(list(combinations(range(len(movable)), size)))
        means = normalised(weights + change[sets].sum(axis=1)) @ measure.nodes
        turned = sets[(means >= measure.cut) != above]
        if len(turned):
            steps = np.array([abs(answer.value - value) for answer in movable])
            return tuple(movable[row] for row in turned[steps[turned].sum(axis=1).argmin()])
    return ()


def _weights(answers: Sequence[WeighedAnswer], measure: Measure) -> Vector:
    return measure.weights(tuple(Response(answer.item.id, answer.value) for answer in answers))


def _log_likelihoods(measure: Measure, answers: Sequence[tuple[Item, int]]) -> Vector:
    """Of each answer, shape (answers, nodes)."""
    rows = [measure.index[item.id] for item, _ in answers]
    chosen: Vector = measure.log_probabilities[rows, [value for _, value in answers]]
    return chosen
