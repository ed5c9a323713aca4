"""Whether the proposal depends on what it must not depend on."""

from dataclasses import dataclass

import numpy as np

from backend.assessment.ability import Measure
from backend.assessment.engine import Engine
from backend.assessment.placement import decide
from backend.assessment.rule import ProposalRule
from benchmarks.assessment.citizens import Citizens, answers_of
from benchmarks.assessment.simulation import Progress, assess, history_of

# Equally able on the whole, but not in the same areas: deviations of the five areas, sum zero.
PERSONAS = {
    "the same in all areas": (0.0, 0.0, 0.0, 0.0, 0.0),
    "phone rather than computer": (0.0, 0.4, -0.5, 0.3, -0.2),
    "office rather than phone": (0.3, -0.3, 0.5, -0.2, -0.3),
    "careful, gives up early": (0.1, 0.0, 0.0, 0.4, -0.5),
}
SKIPPED_BY_SMS = 0.15


@dataclass(frozen=True)
class Fairness:
    """What was found.

    Attributes:
        order: Share of citizens whose proposal stays the same when their answers come in another order.
        questions: Share who are proposed the same by other questions, answering each as they would.
        web: Share who are proposed the pilot when every question is answered.
        sms: The same crowd, skipping questions as on a plain phone.
        personas: Share who are proposed the pilot, by persona, over the same abilities.
    """

    order: float
    questions: float
    web: float
    sms: float
    personas: dict[str, float]


def fairness(
    engine: Engine,
    measure: Measure,
    rule: ProposalRule,
    count: int,
    rng: np.random.Generator,
    progress: Progress,
) -> Fairness:
    """Lets the same citizens answer under circumstances that must not matter."""
    abilities = rng.standard_normal(count)
    crowd = Citizens(abilities, answers_of(abilities, measure.parameters, rng))
    one = assess(engine, measure, rule, crowd, "one", progress)
    other = assess(engine, measure, rule, crowd, "other", progress)
    return Fairness(
        order=_same_in_other_order(engine, measure, rule, crowd, rng, progress),
        questions=float((one.pilot == other.pilot).mean()),
        web=float(one.pilot.mean()),
        sms=_with_skips(engine, measure, rule, crowd, rng, progress),
        personas={
            name: _persona(engine, measure, rule, abilities, deviations, rng, progress)
            for name, deviations in PERSONAS.items()
        },
    )


def _same_in_other_order(
    engine: Engine,
    measure: Measure,
    rule: ProposalRule,
    crowd: Citizens,
    rng: np.random.Generator,
    progress: Progress,
) -> float:
    same = []
    for citizen, answers in enumerate(crowd.answers.tolist()):
        history = history_of(engine, answers, measure.index, f"order/{citizen}")
        shuffled = tuple(history[place] for place in rng.permutation(len(history)))
        same.append(decide(history, measure, rule).track == decide(shuffled, measure, rule).track)
        progress(1)
    return float(np.mean(same))


def _with_skips(
    engine: Engine,
    measure: Measure,
    rule: ProposalRule,
    crowd: Citizens,
    rng: np.random.Generator,
    progress: Progress,
) -> float:
    pilots = []
    for citizen, answers in enumerate(crowd.answers.tolist()):
        given = [
            None if skipped else value
            for value, skipped in zip(answers, rng.random(len(answers)) < SKIPPED_BY_SMS, strict=True)
        ]
        history = history_of(engine, given, measure.index, f"one/{citizen}")
        pilots.append(decide(history, measure, rule).track == "employer_pilot")
        progress(1)
    return float(np.mean(pilots))


def _persona(
    engine: Engine,
    measure: Measure,
    rule: ProposalRule,
    abilities: np.ndarray,
    deviations: tuple[float, ...],
    rng: np.random.Generator,
    progress: Progress,
) -> float:
    of_item = abilities[:, None] + np.array(deviations)[measure.areas - 1]
    crowd = Citizens(abilities, answers_of(of_item, measure.parameters, rng))
    return float(assess(engine, measure, rule, crowd, "persona", progress).pilot.mean())
