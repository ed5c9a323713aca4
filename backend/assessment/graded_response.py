"""Samejima's graded response model for the scale 0-3.

F. Samejima, Estimation of latent ability using a response pattern of graded scores, Psychometrika Monograph
17 (1969): the probability to answer at least k is logistic in ability, with the item's slope and its k-th
threshold.
"""

import numpy as np

from backend.assessment.numbers import Vector
from backend.assessment.parameters import ItemParameters
from backend.assessment.responses import ADVANCED


def _at_least(parameters: ItemParameters, abilities: Vector) -> Vector:
    """The probability of at least 0, 1, 2, 3 and 4, shape (items, 5, abilities)."""
    slopes = parameters.discrimination[:, None, None]
    distance = abilities[None, None, :] - parameters.thresholds[:, :, None]
    inner = 1 / (1 + np.exp(-slopes * distance))
    shape = (inner.shape[0], 1, inner.shape[2])
    return np.concatenate([np.ones(shape), inner, np.zeros(shape)], axis=1)


def probabilities(parameters: ItemParameters, abilities: Vector) -> Vector:
    """The probability of each answer, shape (items, 4, abilities)."""
    # Far out on the scale the difference of two probabilities near one underflows; it is never quite
    # impossible.
    return np.maximum(-np.diff(_at_least(parameters, abilities), axis=1), np.finfo(float).tiny)


def information(parameters: ItemParameters, abilities: Vector) -> Vector:
    """The Fisher information of each item, shape (items, abilities).

    Samejima (1969), chapter 6: the sum over the answers of the squared slope of their probability over it.
    """
    at_least = _at_least(parameters, abilities)
    slopes = parameters.discrimination[:, None, None] * at_least * (1 - at_least)
    change = -np.diff(slopes, axis=1)
    total: Vector = (change**2 / probabilities(parameters, abilities)).sum(axis=1)
    return total


def expected_share(parameters: ItemParameters, abilities: Vector) -> Vector:
    """The share of the highest possible sum to be expected over all items, 0 to 1, shape (abilities,).

    It rises strictly with ability: the test characteristic curve.
    """
    # The expectation of a count is the sum of the probabilities to reach at least each step.
    share: Vector = _at_least(parameters, abilities)[:, 1 : ADVANCED + 1].mean(axis=(0, 1))
    return share
