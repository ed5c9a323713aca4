"""Tells which class a message belongs to, from its words and from its meaning, and how sure that is.

Two readers are trained on their own: a linear one on word and letter counts, which knows the phrases, and a
small neural one on sentence vectors, which knows paraphrases. Their scores are added with weights found on
messages that neither had seen (a half held back), so that what it is 80 % sure of is right 8 times in 10.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from joblib import parallel_backend
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import LinearSVC

Numbers = NDArray[np.float32]
_TINY = 1e-9
_FILE = "readers.npz"
# What each reader says to a class that it has seen nothing of: a score, and the logarithm of a likelihood.
_PLAIN_NO = -1.0
_UNTHINKABLE = -20.0


@dataclass(frozen=True)
class Examples:
    """What is learnt from.

    Attributes:
        counts: A row of word and letter counts for each message.
        vectors: A row for each message that has a sentence vector, or None when there is no encoder.
        with_vector: The rows of `counts` that have one.
        classes: The class of each message, as a number from 0.
        groups: Messages with the same number are copies of one another and never divided between learning and
            checking.
    """

    counts: csr_matrix
    vectors: Numbers | None
    with_vector: NDArray[np.int64]
    classes: NDArray[np.int64]
    groups: NDArray[np.int64]

    def only(self, rows: NDArray[np.int64]) -> Examples:
        """Those of the given rows."""
        places = np.full(len(self.classes), -1)
        places[rows] = np.arange(len(rows))
        kept = places[self.with_vector] >= 0
        return Examples(
            self.counts[rows],
            None if self.vectors is None else self.vectors[kept],
            places[self.with_vector][kept],
            self.classes[rows],
            self.groups[rows],
        )


@dataclass(frozen=True)
class Settings:
    """How the readers learn.

    Attributes:
        strictness: Inverse strength of the linear reader's regularisation (LinearSVC's C).
        care: How near its optimum the linear reader stops (LinearSVC's tol).
        hidden: Units in the one hidden layer of each of the neural reader's members.
        rounds: Times each member goes through the examples.
        committee: Members, each begun at random; what one of them sees by chance the others outweigh.
        seed: What every random draw starts from.
    """

    strictness: float = 0.3
    care: float = 0.1
    hidden: int = 256
    rounds: int = 10
    committee: int = 4
    seed: int = 7


class TwoReaders:
    """A trained pair of readers; everything it knows is in named arrays."""

    def __init__(self, arrays: dict[str, NDArray[np.float32]]) -> None:
        self._arrays = arrays

    @classmethod
    def trained_on(cls, examples: Examples, settings: Settings) -> TwoReaders:
        """Trains both readers and finds the weights that make their confidence mean what it says."""
        number = int(examples.classes.max()) + 1
        weights = _fitting_weights(examples, number, settings)
        return cls({**_learn(examples, number, settings), "weights": weights})

    @classmethod
    def load(cls, folder: Path) -> TwoReaders:
        """Reads what `save` wrote."""
        with np.load(folder / _FILE) as arrays:
            return cls({name: array.astype(np.float32) for name, array in arrays.items()})

    def save(self, folder: Path) -> None:
        """Writes everything to one file of plain arrays, the large ones with half the digits."""
        np.savez(folder / _FILE, **{name: _shortened(array) for name, array in self._arrays.items()})

    def confidences(self, counts: csr_matrix, vectors: Numbers | None) -> Numbers:
        """Gives a row of confidences, one a class, for each message.

        Without vectors (no encoder) the linear reader decides alone.
        """
        return _softmax(_weighted(_scores(self._arrays, counts, vectors), self._arrays["weights"]))


def _shortened(array: Numbers) -> NDArray[np.floating[Any]]:
    # The weights differ from message to message in the second digit, not in the fourth.
    return array.astype(np.float16) if array.ndim > 1 else array


def _learn(examples: Examples, number: int, settings: Settings) -> dict[str, NDArray[np.float32]]:
    """Trains both readers to tell `number` classes apart, those included that these examples do not show."""
    one = LinearSVC(C=settings.strictness, tol=settings.care, random_state=settings.seed)
    linear = OneVsRestClassifier(one, n_jobs=-1)
    # As liblinear wants it, so that no thread puts it in order while another reads.
    counts = csr_matrix(examples.counts, dtype=np.float64)
    counts.sum_duplicates()
    # liblinear lets go of the interpreter, so threads are enough and nothing is copied.
    with parallel_backend("threading"):
        linear.fit(counts, examples.classes)
    weights = np.vstack([each.coef_ for each in linear.estimators_]).T
    bias = np.concatenate([each.intercept_ for each in linear.estimators_])
    arrays = {
        "linear": _in_columns(weights, linear.classes_, number),
        "linear_bias": _in_columns(bias, linear.classes_, number, unseen=_PLAIN_NO),
    }
    if examples.vectors is not None:
        arrays |= _committee(examples.vectors, examples.classes[examples.with_vector], number, settings)
    # Row by row: a product of counts with columns side by side would copy all weights for every message.
    return {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in arrays.items()}


def _in_columns(
    learnt: NDArray[Any], classes: NDArray[np.int64], number: int, unseen: float = 0
) -> NDArray[Any]:
    """Gives what was learnt with a column for each of `number` classes, seen or not."""
    columns = np.full((*learnt.shape[:-1], number), unseen, dtype=learnt.dtype)
    columns[..., classes] = learnt
    return columns


def _committee(
    vectors: Numbers, classes: NDArray[np.int64], number: int, settings: Settings
) -> dict[str, Numbers]:
    """Trains the neural reader's members; gives the one wide network that says what they say on average."""
    middle, spread = vectors.mean(axis=0), vectors.std(axis=0) + _TINY
    members = [
        MLPClassifier(
            (settings.hidden,), alpha=0.1, max_iter=settings.rounds, random_state=settings.seed + place
        )
        for place in range(settings.committee)
    ]
    with warnings.catch_warnings():
        # A few rounds are meant to be enough; more learn the examples by heart.
        warnings.simplefilter("ignore", ConvergenceWarning)
        for member in members:
            member.fit((vectors - middle) / spread, classes)
    seen = members[0].classes_
    output = np.vstack([member.coefs_[1] for member in members]) / len(members)
    bias = np.mean([member.intercepts_[1] for member in members], axis=0)
    return {
        "middle": middle,
        "spread": spread,
        "hidden": np.hstack([member.coefs_[0] for member in members]),
        "hidden_bias": np.concatenate([member.intercepts_[0] for member in members]),
        "output": _in_columns(output, seen, number),
        "output_bias": _in_columns(bias, seen, number, unseen=_UNTHINKABLE),
    }


def _scores(
    arrays: dict[str, NDArray[np.float32]], counts: csr_matrix, vectors: Numbers | None
) -> list[Numbers]:
    """What each reader says: scores for the linear one, log probabilities for the neural one."""
    # With as many digits as the weights: otherwise scipy copies all of them to give them more.
    said = [np.asarray(counts.astype(np.float32) @ arrays["linear"]) + arrays["linear_bias"]]
    if vectors is not None and "hidden" in arrays:
        hidden = (vectors - arrays["middle"]) / arrays["spread"] @ arrays["hidden"] + arrays["hidden_bias"]
        output = np.maximum(hidden, 0) @ arrays["output"] + arrays["output_bias"]
        said.append(np.log(_softmax(output) + _TINY))
    return said


def _fitting_weights(examples: Examples, number: int, settings: Settings) -> NDArray[np.float32]:
    """The weights under which the half held back from a training gets the highest likelihood."""
    halves = StratifiedGroupKFold(2, shuffle=True, random_state=settings.seed)
    learnt, held_back = next(halves.split(examples.counts, examples.classes, examples.groups))
    check = examples.only(held_back)
    counts, classes = check.counts[check.with_vector], check.classes[check.with_vector]
    scores = _scores(_learn(examples.only(learnt), number, settings), counts, check.vectors)

    def surprise(weights: NDArray[np.float64]) -> float:
        right = _softmax(_weighted(scores, weights))[np.arange(len(classes)), classes]
        return float(-np.log(right + _TINY).mean())

    found = minimize(surprise, np.array([3.0, 0.4])[: len(scores)], method="Nelder-Mead")
    return np.asarray(found.x, dtype=np.float32)


def _weighted(scores: Sequence[Numbers], weights: NDArray[Any]) -> Numbers:
    # There is a weight for a reader that has nothing to read, too.
    return np.asarray(sum(weight * score for weight, score in zip(weights, scores, strict=False)))


def _softmax(scores: Numbers) -> Numbers:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
