"""Lets simulated citizens answer a form, and notes what they are proposed."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backend.assessment.ability import Measure
from backend.assessment.engine import Engine
from backend.assessment.numbers import Vector
from backend.assessment.placement import Decision, decide
from backend.assessment.responses import History, Response
from backend.assessment.rule import ProposalRule
from benchmarks.assessment.citizens import Citizens

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Proposals:
    """What a crowd was proposed, one row a citizen.

    Attributes:
        pilot: Whether the pilot was proposed, and not the basics.
        borderline: Whether the proposal called itself borderline.
        items: How many questions were asked.
        ability: The estimate.
        standard_error: Of the estimate.
        seconds: How long choosing all the questions took, for the whole crowd.
    """

    pilot: np.ndarray
    borderline: np.ndarray
    items: np.ndarray
    ability: Vector
    standard_error: Vector
    seconds: float

    @property
    def clear(self) -> np.ndarray:
        """Whether the proposal was not borderline."""
        return ~self.borderline

    @property
    def seconds_per_question(self) -> float:
        """How long choosing a question, or finding that it is enough, took on average."""
        return self.seconds / float((self.items + 1).sum())


def history_of(engine: Engine, answers: list[int | None], index: dict[str, int], seed: str) -> History:
    """What a citizen answers until the questions end.

    Args:
        engine: Chooses the questions.
        answers: What the citizen would answer to each item of the bank; None is skipped.
        index: Where each item stands among the answers.
        seed: Names the assessment.
    """
    history: History = ()
    while (item_id := engine.next_item(history, seed)) is not None:
        history += (Response(item_id, answers[index[item_id]]),)
    return history


def assess(
    engine: Engine, measure: Measure, rule: ProposalRule, crowd: Citizens, seed: str, progress: Progress
) -> Proposals:
    """Lets each citizen answer the form."""
    rows, seconds = [], 0.0
    for citizen, answers in enumerate(crowd.answers.tolist()):
        began = time.perf_counter()
        history = history_of(engine, answers, measure.index, f"{seed}/{citizen}")
        seconds += time.perf_counter() - began
        rows.append((history, decide(history, measure, rule)))
        progress(1)
    return _gathered(rows, seconds)


def whole_bank(measure: Measure, rule: ProposalRule, crowd: Citizens, progress: Progress) -> Proposals:
    """What each citizen would be proposed after answering every item."""
    ids = [item.id for item in measure.bank.items]
    rows = []
    for citizen in range(len(crowd)):
        history = crowd.whole_history(citizen, ids)
        rows.append((history, decide(history, measure, rule)))
        progress(1)
    return _gathered(rows, 0.0)


def _gathered(rows: list[tuple[History, Decision]], seconds: float) -> Proposals:
    decisions = [decision for _, decision in rows]
    return Proposals(
        pilot=np.array([decision.track == "employer_pilot" for decision in decisions]),
        borderline=np.array([decision.borderline for decision in decisions]),
        items=np.array([len(history) for history, _ in rows]),
        ability=np.array([decision.ability.mean for decision in decisions]),
        standard_error=np.array([decision.ability.standard_error for decision in decisions]),
        seconds=seconds,
    )
