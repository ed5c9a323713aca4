"""The section of docs/evaluation.md about the assessment, and its picture."""

from pathlib import Path

import matplotlib as mpl
import numpy as np

from benchmarks.assessment.citizens import CARELESS, DIFFICULTY_SD, DISCRIMINATION_RANGE
from benchmarks.assessment.fairness import SKIPPED_BY_SMS, Fairness
from benchmarks.assessment.figures import Precision, Summary, WrongSide
from benchmarks.report import PICTURES, percent, table

mpl.use("svg")
from matplotlib import pyplot as plt

PICTURE = PICTURES / "assessment.svg"

_SECTION = """# How well the short assessment places people

Written by `make bench-assessment`. {count} simulated citizens, ability with mean 0 and standard deviation 1,
answered the whole bank of {items} items; each form asked some of these items. "As the whole bank" compares
the proposed track with the one that all {items} answers lead to. The cut score lies at an ability of
{cut:.2f}; {below} of the citizens lie below it. These are figures about the rule, not about people: no
citizen has been measured yet.

## If the items are as the bank believes

{believed}

## If they are not

Difficulties are off by a standard deviation of {difficulty_sd}, slopes by a factor of {low_factor} to
{high_factor}, and {careless} of the answers are given without reading. The scoring does not know.

{perturbed}

![Wrong proposals and questions asked, by ability](img/{picture})

## Who is placed wrongly

Share of citizens whose proposal lies on the wrong side of the cut, by how far their true ability is from it
(in standard deviations). In brackets: wrong and not called borderline. Adaptive form, items as believed.

{wrong}

## How exact the estimate is

What the engine says of its own uncertainty, and how far it really was from the truth.

{precision}

## What must not matter

{fairness_count} citizens each.

{fairness}
"""


def section(
    *,
    count: int,
    items: int,
    cut: float,
    below: float,
    believed: dict[str, Summary],
    perturbed: dict[str, Summary],
    wrong: list[WrongSide],
    precise: list[Precision],
    fair: Fairness,
    fairness_count: int,
) -> str:
    """The section in Markdown."""
    low_factor, high_factor = DISCRIMINATION_RANGE
    return _SECTION.format(
        count=f"{count:,}",
        items=items,
        cut=cut,
        below=percent(below),
        believed=_summaries(believed),
        perturbed=_summaries(perturbed),
        difficulty_sd=DIFFICULTY_SD,
        low_factor=low_factor,
        high_factor=high_factor,
        careless=percent(CARELESS),
        picture=PICTURE.name,
        wrong=_wrong(wrong),
        precision=_precision(precise),
        fairness_count=f"{fairness_count:,}",
        fairness=_fairness(fair),
    )


def _summaries(summaries: dict[str, Summary]) -> str:
    head = [
        "form",
        "clear proposals as the whole bank",
        "all proposals as the whole bank",
        "borderline",
        "questions, mean",
        "90th percentile",
        "same when asked again",
    ]
    return table(
        head,
        [
            [
                name,
                percent(s.clear_agreement),
                percent(s.agreement),
                percent(s.borderline),
                f"{s.items:.2f}",
                f"{s.items_90:.0f}",
                percent(s.retest),
            ]
            for name, s in summaries.items()
        ],
    )


def _between(low: float, high: float) -> str:
    if np.isinf(low):
        return f"under {high:g}"
    return f"over {low:g}" if np.isinf(high) else f"{low:g} to {high:g}"


def _wrong(rows: list[WrongSide]) -> str:
    return table(
        ["distance from the cut", "false Spor 1", "false Spor 2"],
        [
            [
                _between(row.nearest, row.farthest),
                f"{percent(row.false_foundation)} ({percent(row.clear_false_foundation)})",
                f"{percent(row.false_pilot)} ({percent(row.clear_false_pilot)})",
            ]
            for row in rows
        ],
    )


def _precision(rows: list[Precision]) -> str:
    return table(
        ["ability", "citizens", "standard error, as stated", "error, as it was"],
        [
            [_between(r.lowest, r.highest), str(r.citizens), f"{r.standard_error:.2f}", f"{r.error:.2f}"]
            for r in rows
        ],
    )


def _fairness(fair: Fairness) -> str:
    rows = [
        ["same answers in another order: same proposal", percent(fair.order)],
        ["other questions, answered by the same citizen: same proposal", percent(fair.questions)],
        ["Spor 2 proposed, every question answered (web)", percent(fair.web)],
        [f"Spor 2 proposed, {percent(SKIPPED_BY_SMS)} of the questions skipped (SMS)", percent(fair.sms)],
        *[
            [f"Spor 2 proposed to equally able citizens: {name}", percent(s)]
            for name, s in fair.personas.items()
        ],
    ]
    return table(["", "share"], rows)


def draw(
    abilities: np.ndarray, wrong: dict[str, np.ndarray], asked: dict[str, np.ndarray], cut: float
) -> Path:
    """Draws wrong proposals and questions asked by ability, and gives the picture's path.

    Args:
        abilities: Middles of the bins, shape (bins,).
        wrong: By form, the share on the wrong side of the cut, shape (bins,).
        asked: By form, the mean number of questions, shape (bins,).
        cut: The cut score.
    """
    mpl.rcParams["svg.hashsalt"] = "digispor"
    figure, (upper, lower) = plt.subplots(2, 1, sharex=True, figsize=(8, 6), layout="constrained")
    for name, style in zip(wrong, ("-", "--", ":", "-."), strict=False):
        upper.plot(abilities, 100 * wrong[name], style, color="black", label=name)
        lower.plot(abilities, asked[name], style, color="black", label=name)
    for axes in (upper, lower):
        axes.axvline(cut, color="grey", linewidth=0.8)
    upper.set_ylabel("wrong track, percent")
    lower.set_ylabel("questions asked, mean")
    lower.set_xlabel("true ability (the line is the cut score)")
    upper.legend()
    PICTURE.parent.mkdir(exist_ok=True)
    figure.savefig(PICTURE, metadata={"Date": None})
    return PICTURE
