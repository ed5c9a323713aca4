"""Which messages say the same in the same words, so that none is learnt from and measured on at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.understanding import Example
from bot.nlu.folding import fold

# Cosine of the three-letter pieces of two messages. Above it they say the same in the same words.
TOO_ALIKE = 0.85


def plain(text: str) -> str:
    """Small letters without punctuation, as long as that leaves anything."""
    words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    return " ".join(words) or text


def folded(text: str) -> str:
    """The plain text, however its letters were typed."""
    return fold(plain(text))


def pieces() -> TfidfVectorizer:
    """Counts the three-letter pieces of messages, so that the product of two rows is their likeness."""
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), use_idf=False, preprocessor=folded)


def families(messages: Sequence[Example]) -> NDArray[np.int64]:
    """Gives messages of an intent the same number when they are too alike, or both are to a third."""
    counted = pieces().fit_transform(message.text for message in messages)
    intents = np.array([message.intent for message in messages])
    rows, columns = [], []
    for intent in np.unique(intents):
        own = np.flatnonzero(intents == intent)
        alike = (counted[own] @ counted[own].T).tocoo()
        near = alike.data > TOO_ALIKE
        rows.append(own[alike.row[near]])
        columns.append(own[alike.col[near]])
    row, column = np.concatenate(rows), np.concatenate(columns)
    pairs = coo_matrix((np.ones(len(row)), (row, column)), shape=(len(messages), len(messages)))
    return np.asarray(connected_components(pairs, directed=False)[1], dtype=np.int64)
