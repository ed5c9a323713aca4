"""Figures from simulated proposals."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from benchmarks.assessment.citizens import Citizens
from benchmarks.assessment.simulation import Proposals

# Distance of the true ability from the cut score, in standard deviations of the citizens.
DISTANCES = (0.0, 0.25, 0.5, 1.0, np.inf)
ABILITY_EDGES = (-np.inf, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, np.inf)


@dataclass(frozen=True)
class Summary:
    """How good a form is.

    Attributes:
        clear_agreement: Share of the clear proposals that are the whole bank's.
        agreement: Share of all proposals that are the whole bank's.
        borderline: Share of proposals that call themselves borderline.
        items: Questions asked, mean.
        items_90: Questions asked, 90th percentile.
        retest: Share of citizens who are proposed the same when they answer again, other questions included.
        milliseconds: To choose one question, mean.
    """

    clear_agreement: float
    agreement: float
    borderline: float
    items: float
    items_90: float
    retest: float
    milliseconds: float


def summary(proposals: Proposals, again: Proposals, whole: Proposals) -> Summary:
    """How good a form is, from two rounds of it and the whole bank."""
    same = proposals.pilot == whole.pilot
    return Summary(
        clear_agreement=float(same[proposals.clear].mean()),
        agreement=float(same.mean()),
        borderline=float(proposals.borderline.mean()),
        items=float(proposals.items.mean()),
        items_90=float(np.percentile(proposals.items, 90)),
        retest=float((proposals.pilot == again.pilot).mean()),
        milliseconds=1000 * proposals.seconds_per_question,
    )


@dataclass(frozen=True)
class WrongSide:
    """Wrong tracks among citizens at a distance from the cut, by their true ability.

    Attributes:
        nearest: Lower end of the distance.
        farthest: Upper end of the distance.
        false_foundation: Share of those above the cut who are proposed the basics.
        false_pilot: Share of those below the cut who are proposed the pilot.
        clear_false_foundation: The same, counting only clear proposals as wrong.
        clear_false_pilot: The same, counting only clear proposals as wrong.
    """

    nearest: float
    farthest: float
    false_foundation: float
    false_pilot: float
    clear_false_foundation: float
    clear_false_pilot: float


def wrong_sides(proposals: Proposals, crowd: Citizens, cut: float) -> list[WrongSide]:
    """Wrong tracks by distance from the cut."""
    rows = []
    for nearest, farthest in pairwise(DISTANCES):
        apart = np.abs(crowd.abilities - cut)
        near = (apart >= nearest) & (apart < farthest)
        above, below = near & (crowd.abilities >= cut), near & (crowd.abilities < cut)
        rows.append(
            WrongSide(
                nearest,
                farthest,
                float((~proposals.pilot[above]).mean()),
                float(proposals.pilot[below].mean()),
                float((~proposals.pilot & proposals.clear)[above].mean()),
                float((proposals.pilot & proposals.clear)[below].mean()),
            )
        )
    return rows


@dataclass(frozen=True)
class Precision:
    """How exact the estimate is around an ability.

    Attributes:
        lowest: Lower end of the true abilities.
        highest: Upper end.
        citizens: How many there were.
        standard_error: What the engine says of itself, mean.
        error: How far the estimates really were from the truth, root mean square.
    """

    lowest: float
    highest: float
    citizens: int
    standard_error: float
    error: float


def precision(proposals: Proposals, crowd: Citizens) -> list[Precision]:
    """Conditional standard error along the scale."""
    rows = []
    for lowest, highest in pairwise(ABILITY_EDGES):
        here = (crowd.abilities >= lowest) & (crowd.abilities < highest)
        missed = proposals.ability[here] - crowd.abilities[here]
        rows.append(
            Precision(
                lowest,
                highest,
                int(here.sum()),
                float(proposals.standard_error[here].mean()),
                float(np.sqrt((missed**2).mean())),
            )
        )
    return rows
