"""What reading one message costs beside the size of what was learnt."""

import tracemalloc
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, random

from bot.nlu.two_readers import Examples, Settings, TwoReaders

CLASSES, WORDS, MESSAGES = 8, 20_000, 160


def test_reading_a_message_copies_no_weights(tmp_path: Path) -> None:
    """The weights of a real model fill some 80 MB: copied for each message they took two thirds of a turn."""
    counts = csr_matrix(random(MESSAGES, WORDS, density=0.01, random_state=1), dtype=np.float32)
    classes = np.arange(MESSAGES) % CLASSES
    everyone = np.arange(MESSAGES)
    TwoReaders.trained_on(Examples(counts, None, everyone, classes, everyone), Settings()).save(tmp_path)
    readers = TwoReaders.load(tmp_path)
    tracemalloc.start()
    readers.confidences(counts[0], None)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < CLASSES * WORDS * np.dtype(np.float32).itemsize / 4
