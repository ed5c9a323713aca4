"""Estimates slopes and thresholds from answers: Bayes modal marginal estimation with mirt.

R. J. Mislevy, Bayes modal estimation in item response models, Psychometrika 51 (1986). Each item has a prior
of its own: log-normal on the slope around the one judged for it, normal on each threshold around the one of
its level. Ability keeps mean 0 and standard deviation 1, so the scale is that of the prior. Which items were
asked follows from the answers to those before, all of which are in the data, so that items not asked may be
treated as missing at random.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from mirt.diagnostics import compute_itemfit
from mirt.estimation import MixedFormatEMEstimator
from mirt.estimation.priors import LogNormalPrior, NormalPrior, Prior
from mirt.models import GradedResponseModel, MixedItemModel
from mirt.results.fit_result import FitResult

from backend.assessment.item_bank import ItemBank
from backend.assessment.numbers import Vector
from backend.assessment.parameters import Estimate, ItemParameters, Parameters
from backend.assessment.responses import ADVANCED
from backend.calibration.answers import Answers

# With about fifty answers the standard error of a threshold is down to half the prior's standard deviation:
# from there on the answers say more than the judgement does.
FEWEST_ANSWERS = 50
# Outside this a slope says that the item measures something else, or repeats another one.
SLOPES = (0.4, 4.0)
# Thresholds nearer each other than this leave no room for the answer between them.
SMALLEST_STEP = 0.1

_ANSWERS = ADVANCED + 1
_TOLERANCE = 1e-3

Kept = Literal["few answers", "thresholds", "slope"]


class NotConverged(Exception):
    """The estimation did not settle; its numbers must not be used."""


@dataclass(frozen=True, slots=True)
class ItemEstimate:
    """What came of one item.

    Attributes:
        item_id: The item.
        answers: How many there are.
        before: Slope and three thresholds in the file in use, shape (4,).
        after: The same from now on, shape (4,).
        standard_errors: Of the new ones; zero for an item that was kept, shape (4,).
        infit: The weighted mean square of the answers' residuals: 1 is as expected, above it more noise.
        kept: Why the item keeps what it had; None when it was estimated.
    """

    item_id: str
    answers: int
    before: Vector
    after: Vector
    standard_errors: Vector
    infit: float
    kept: Kept | None

    def as_parameter(self) -> Estimate:
        """The estimate as a file of parameters holds it."""
        slope, low, middle, high = (round(float(value), 4) for value in self.after)
        return Estimate(discrimination=slope, thresholds=(low, middle, high), answers=self.answers)


def estimate(bank: ItemBank, base: Parameters, answers: Answers) -> list[ItemEstimate]:
    """Estimates every item with enough answers, in the order of the bank.

    Args:
        bank: The items.
        base: The parameters in use. What they hold as measured is not the prior: the same answers would count
            twice. An item that is not estimated keeps it, though.
        answers: Shape (assessments, items).

    Raises:
        NotConverged: The estimation did not settle.
    """
    counts = (answers >= 0).sum(axis=0)
    before = _rows(ItemParameters.of_bank(bank, base))
    judged = _rows(ItemParameters.of_bank(bank, base.model_copy(update={"estimates": {}})))
    kept: list[Kept | None] = ["few answers" if count < FEWEST_ANSWERS else None for count in counts]
    while True:
        fit = _fit(before, judged, base, answers, [reason is None for reason in kept])
        after = _rows_of(fit)
        doubts = [reason or _doubt(row) for reason, row in zip(kept, after, strict=True)]
        if doubts == kept:
            break
        # What an odd item was given has coloured the others, so they are estimated again without it.
        kept = doubts
    errors = _standard_errors(fit)
    infit = compute_itemfit(fit, answers, statistics=["infit"])["infit"]
    return [
        ItemEstimate(
            item_id=item.id,
            answers=int(counts[row]),
            before=before[row],
            after=after[row],
            standard_errors=errors[row],
            infit=float(infit[row]),
            kept=kept[row],
        )
        for row, item in enumerate(bank.items)
    ]


class _ThresholdsPrior(NormalPrior):
    """Independent normal priors of an item's thresholds, each around its own mean."""

    def __init__(self, means: Vector, sd: float) -> None:
        super().__init__(0.0, sd)
        self._means = means

    def log_pdf(self, x: Vector) -> Vector:
        return np.asarray(super().log_pdf(self._distances(x)))

    def grad_log_pdf(self, x: Vector) -> Vector:
        return np.asarray(super().grad_log_pdf(self._distances(x)))

    def _distances(self, x: Vector) -> Vector:
        # mirt gives all thresholds of the item at once, or else the two ends of one's range, to see that they
        # are possible at all; for that any mean will do.
        return x - (self._means if x.shape == self._means.shape else self._means.mean())


def _fit(before: Vector, judged: Vector, base: Parameters, answers: Answers, free: list[bool]) -> FitResult:
    # A component for each item, because mirt has priors by component and not by item.
    model = MixedItemModel([(_item_model(row), [number]) for number, row in enumerate(before)])
    priors: dict[str, Prior] = {}
    masks = {}
    for name, row, is_free in zip(model.component_names, judged, free, strict=True):
        if is_free:
            priors[f"{name}.discrimination"] = LogNormalPrior(np.log(row[0]), base.discrimination_sd)
            priors[f"{name}.thresholds"] = _ThresholdsPrior(row[1:], base.difficulty_sd)
        else:
            masks[f"{name}.discrimination"] = np.zeros(1, dtype=bool)
            masks[f"{name}.thresholds"] = np.zeros((1, ADVANCED), dtype=bool)
    model.set_free_parameter_masks(masks)
    estimator = MixedFormatEMEstimator(tol=_TOLERANCE, item_priors=priors)
    result: FitResult = estimator.fit(model, answers, start="model")
    if not result.converged:
        raise NotConverged
    return result


def _item_model(row: Vector) -> GradedResponseModel:
    model = GradedResponseModel(1, _ANSWERS)
    model.set_parameters(discrimination=row[:1], thresholds=row[None, 1:])
    return model


def _doubt(row: Vector) -> Kept | None:
    if not SLOPES[0] <= row[0] <= SLOPES[1]:
        return "slope"
    return "thresholds" if np.diff(row[1:]).min() < SMALLEST_STEP else None


def _rows(parameters: ItemParameters) -> Vector:
    return np.column_stack([parameters.discrimination, parameters.thresholds])


def _rows_of(fit: FitResult) -> Vector:
    return _by_item(fit.model.parameters)


def _standard_errors(fit: FitResult) -> Vector:
    return _by_item(fit.standard_errors)


def _by_item(values: Mapping[str, Vector]) -> Vector:
    """Slope and thresholds of each item, which mirt lists in the order of the components."""
    slopes = [value for name, value in values.items() if name.endswith(".discrimination")]
    thresholds = [value[0] for name, value in values.items() if name.endswith(".thresholds")]
    return np.hstack([np.array(slopes), np.array(thresholds)])
