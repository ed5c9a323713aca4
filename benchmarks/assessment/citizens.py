"""Simulated citizens: an ability each, and what they would answer to every item."""

from dataclasses import dataclass

import numpy as np

from backend.assessment.graded_response import probabilities
from backend.assessment.numbers import Vector
from backend.assessment.parameters import ItemParameters
from backend.assessment.responses import History, Response

DIFFICULTY_SD = 0.4
DISCRIMINATION_RANGE = (0.7, 1.3)
CARELESS = 0.1


@dataclass(frozen=True)
class Citizens:
    """A crowd of citizens.

    Attributes:
        abilities: Their true abilities, shape (citizens,).
        answers: What each would answer to each item of the bank, 0 to 3, shape (citizens, items).
    """

    abilities: Vector
    answers: np.ndarray

    def __len__(self) -> int:
        return len(self.abilities)

    def whole_history(self, citizen: int, ids: list[str]) -> History:
        """The answers of one citizen to the whole bank."""
        return tuple(map(Response, ids, self.answers[citizen].tolist()))


def answers_of(
    abilities: Vector, parameters: ItemParameters, rng: np.random.Generator, careless: float = 0.0
) -> np.ndarray:
    """Draws answers to every item.

    Args:
        abilities: Of each citizen for each item, shape (citizens, items), or one for all, shape (citizens,).
        parameters: How the items really are.
        rng: Where chance comes from.
        careless: Share of answers that are given without reading, any of the four as likely.
    """
    of_item = np.broadcast_to(
        abilities.reshape(len(abilities), -1), (len(abilities), len(parameters.thresholds))
    )
    reached = np.empty((*of_item.shape, 3))
    for item in range(of_item.shape[1]):
        own = ItemParameters(parameters.discrimination[[item]], parameters.thresholds[[item]])
        reached[:, item, :] = probabilities(own, of_item[:, item])[0, :3, :].cumsum(axis=0).T
    answers = (rng.random(of_item.shape)[:, :, None] > reached).sum(axis=2)
    anyhow = rng.integers(0, 4, answers.shape)
    return np.where(rng.random(answers.shape) < careless, anyhow, answers)


def citizens(
    count: int, parameters: ItemParameters, rng: np.random.Generator, careless: float = 0.0
) -> Citizens:
    """Draws citizens with abilities of mean 0 and standard deviation 1."""
    abilities = rng.standard_normal(count)
    return Citizens(abilities, answers_of(abilities, parameters, rng, careless))


def perturbed(parameters: ItemParameters, rng: np.random.Generator) -> ItemParameters:
    """Items that differ from what the bank believes: moved on the scale, sharper or blunter."""
    items = len(parameters.discrimination)
    return ItemParameters(
        parameters.discrimination * rng.uniform(*DISCRIMINATION_RANGE, items),
        parameters.thresholds + rng.normal(0, DIFFICULTY_SD, (items, 1)),
    )
