"""From answers to an ability with its uncertainty: expected a posteriori on a quadrature grid.

R. D. Bock and R. J. Mislevy, Adaptive EAP estimation of ability in a microcomputer environment, Applied
Psychological Measurement 6 (1982). The prior is the citizens' own distribution: mean 0, standard deviation 1.
"""

from dataclasses import dataclass

import numpy as np

from backend.assessment.graded_response import expected_share, information, probabilities
from backend.assessment.item_bank import ItemBank
from backend.assessment.numbers import Vector
from backend.assessment.parameters import ItemParameters, Parameters
from backend.assessment.responses import History
from backend.assessment.rule import Track

_STEP = 0.1
_NODES_EACH_SIDE = 55
_FINE = np.linspace(-6, 6, 12001)


@dataclass(frozen=True, slots=True)
class Ability:
    """An estimated ability: mean 0 and standard deviation 1 among the citizens."""

    mean: float
    standard_error: float


class Measure:
    """The bank as a measuring instrument: its items' curves on one grid of abilities.

    The grid lies around the cut score, which is halfway between two of its nodes: so the probability mass on
    each side is that of whole nodes, and no node lies on the edge.

    Attributes:
        cut: The cut score as an ability.
        nodes: The grid, rising, shape (nodes,).
        log_probabilities: Of each answer to each item, shape (items, 4, nodes).
        information_at_cut: Fisher information of each item there, shape (items,).
    """

    def __init__(self, bank: ItemBank, parameters: Parameters, cut_share: float) -> None:
        """Prepares the curves.

        Args:
            bank: The items.
            parameters: How hard and how sharp they are.
            cut_share: The cut score: the share of the highest possible sum over the whole bank, 0 to 1.

        Raises:
            ValueError: No ability reaches that share.
        """
        self.bank = bank
        self.parameters = ItemParameters.of_bank(bank, parameters)
        self._fine_shares = expected_share(self.parameters, _FINE)
        self.cut = self._ability_at(cut_share)
        places = np.arange(-_NODES_EACH_SIDE, _NODES_EACH_SIDE) + 0.5
        self.nodes = np.asarray(self.cut + _STEP * places, dtype=np.float64)
        self.log_probabilities: Vector = np.log(probabilities(self.parameters, self.nodes))
        self.information_at_cut: Vector = information(self.parameters, np.array([self.cut]))[:, 0]
        self.index = {item.id: row for row, item in enumerate(bank.items)}
        self.areas = np.array([item.area for item in bank.items])
        self._log_prior: Vector = -(self.nodes**2) / 2
        apart = self.nodes[:, None] - self.nodes[None, :]
        spread = np.exp(-(apart**2) / (2 * parameters.area_sd**2))
        self._spread: Vector = spread / spread.sum(axis=0)

    def weights(self, history: History) -> Vector:
        """The posterior on the grid, shape (nodes,), sum 1; missing answers tell nothing."""
        rows, values = self._answers(history)
        return normalised(self._log_prior + self.log_probabilities[rows, values].sum(axis=0))

    def ability(self, weights: Vector) -> Ability:
        """Mean and standard deviation of a posterior."""
        mean = float(weights @ self.nodes)
        return Ability(mean, float(np.sqrt(weights @ (self.nodes - mean) ** 2)))

    def track_at(self, ability: float) -> Track:
        """The track of an ability: below the cut the basics, from the cut on the pilot with employers."""
        return "employer_pilot" if ability >= self.cut else "foundation"

    def above_cut(self, weights: Vector) -> float:
        """The posterior probability of an ability at or above the cut score."""
        return float(weights[_NODES_EACH_SIDE:].sum())

    def area_weights(self, history: History, area: int) -> Vector:
        """The posterior of the ability in one area, shape (nodes,), sum 1.

        The answers of the other areas say where the citizen is on the whole; an area lies around that with
        the standard deviation `area_sd`; the area's own answers do the rest. So an area with one or two
        answers is drawn towards the whole, and no answer counts twice.
        """
        own = tuple(response for response in history if self._area_of(response.item_id) == area)
        others = tuple(response for response in history if self._area_of(response.item_id) != area)
        prior = self._spread @ self.weights(others)
        rows, values = self._answers(own)
        return normalised(np.log(prior) + self.log_probabilities[rows, values].sum(axis=0))

    def information_at(self, ability: float) -> Vector:
        """Fisher information of each item at an ability, shape (items,)."""
        return information(self.parameters, np.array([ability]))[:, 0]

    def share_at(self, ability: float) -> float:
        """The share of the highest possible sum to be expected over the whole bank, 0 to 1."""
        return float(np.interp(ability, _FINE, self._fine_shares))

    def _ability_at(self, share: float) -> float:
        if not self._fine_shares[0] < share < self._fine_shares[-1]:
            raise ValueError(f"no ability gives a share of {share}")
        return float(np.interp(share, self._fine_shares, _FINE))

    def _area_of(self, item_id: str) -> int:
        return self.bank.item(item_id).area

    def _answers(self, history: History) -> tuple[list[int], list[int]]:
        answers = [(self.index[item_id], value) for item_id, value in _values(history)]
        return [row for row, _ in answers], [value for _, value in answers]


def _values(history: History) -> list[tuple[str, int]]:
    return [(response.item_id, response.value) for response in history if response.value is not None]


def normalised(log_weights: Vector) -> Vector:
    """Weights with sum 1 from their logarithms along the last axis."""
    weights = np.exp(log_weights - log_weights.max(axis=-1, keepdims=True))
    total: Vector = weights / weights.sum(axis=-1, keepdims=True)
    return total
