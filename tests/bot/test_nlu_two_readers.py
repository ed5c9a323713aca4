"""What reading one message costs beside the size of what was learnt."""

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix, random

from bot.nlu.two_readers import Examples, Settings, TwoReaders

CLASSES, WORDS, MESSAGES = 8, 20_000, 160


def test_what_was_saved_is_nearly_as_sure_as_what_was_learnt(tmp_path: Path) -> None:
    """The file holds half the digits; what it says may differ by a thousandth."""
    rng = np.random.default_rng(1)
    classes = np.arange(MESSAGES) % CLASSES
    vectors = (rng.normal(size=(MESSAGES, 16)) + 3 * np.eye(CLASSES, 16)[classes]).astype(np.float32)
    counts = csr_matrix(rng.random((MESSAGES, 40)) + np.eye(CLASSES, 40)[classes], dtype=np.float32)
    everyone = np.arange(MESSAGES)
    learnt = TwoReaders.trained_on(Examples(counts, vectors, everyone, classes, everyone), Settings())
    learnt.save(tmp_path)
    loaded = TwoReaders.load(tmp_path).confidences(counts, vectors)
    assert loaded[everyone, classes].mean() > 0.9
    assert np.allclose(loaded, learnt.confidences(counts, vectors), atol=1e-3)
    assert (loaded.argmax(axis=1) == classes).mean() > 0.9


@pytest.mark.parametrize("alone", [0, CLASSES - 1])
def test_a_class_of_a_single_message_is_learnt_beside_the_others(alone: int) -> None:
    """What is held back to find the weights may hold all there is of a class, so a half lacks it."""
    rng = np.random.default_rng(1)
    classes = np.arange(MESSAGES) % CLASSES
    classes = np.append(classes[classes != alone], alone)
    vectors = (rng.normal(size=(len(classes), 16)) + 3 * np.eye(CLASSES, 16)[classes]).astype(np.float32)
    counts = csr_matrix(rng.random((len(classes), 40)) + np.eye(CLASSES, 40)[classes], dtype=np.float32)
    everyone = np.arange(len(classes))
    for seed in range(4):
        settings = Settings(seed=seed)
        readers = TwoReaders.trained_on(Examples(counts, vectors, everyone, classes, everyone), settings)
        assert (readers.confidences(counts, vectors).argmax(axis=1) == classes).mean() > 0.9


def test_a_class_whose_messages_have_no_vector_moves_no_other() -> None:
    rng = np.random.default_rng(1)
    classes = np.arange(MESSAGES) % CLASSES
    everyone = np.arange(MESSAGES)
    with_vector = everyone[classes != 0]
    vectors = (rng.normal(size=(MESSAGES, 16)) + 3 * np.eye(CLASSES, 16)[classes]).astype(np.float32)
    counts = csr_matrix(rng.random((MESSAGES, 40)) + np.eye(CLASSES, 40)[classes], dtype=np.float32)
    examples = Examples(counts, vectors[with_vector], with_vector, classes, everyone)
    readers = TwoReaders.trained_on(examples, Settings())
    right = readers.confidences(counts, vectors).argmax(axis=1) == classes
    assert right[with_vector].mean() > 0.9


@pytest.mark.parametrize("digits", [np.float32, np.float64])
def test_reading_a_message_copies_no_weights(digits: type[np.floating[Any]], tmp_path: Path) -> None:
    """The weights of a real model fill some 80 MB: copied for each message they took two thirds of a turn."""
    counts = csr_matrix(random(MESSAGES, WORDS, density=0.01, random_state=1), dtype=np.float32)
    classes = np.arange(MESSAGES) % CLASSES
    everyone = np.arange(MESSAGES)
    TwoReaders.trained_on(Examples(counts, None, everyone, classes, everyone), Settings()).save(tmp_path)
    readers = TwoReaders.load(tmp_path)
    tracemalloc.start()
    readers.confidences(counts[0].astype(digits), None)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < CLASSES * WORDS * np.dtype(np.float32).itemsize / 4
