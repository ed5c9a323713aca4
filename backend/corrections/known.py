"""What the assistant is taught already: the examples in data/nlu, and how a new one fits in with them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from backend.settings import PROJECT_ROOT

DATA = PROJECT_ROOT / "data" / "nlu"
DOMAIN = PROJECT_ROOT / "domain.yml"
OWN_FILE = "corrections.yml"
"""Where the approved corrections are written to."""
# Share of three-letter pieces in common. From it on, two sentences say the same in the same words.
_ALIKE = 0.75
_MOST_ALIKE = 3
_MARK = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True, slots=True)
class Example:
    """An example as it stands in a file, with its marks of entities."""

    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Fit:
    """How a new example fits in with the known ones.

    Attributes:
        same: The same words under the same intent.
        conflicts: The same words under other intents.
        alike: Almost the same words, the most alike first.
    """

    same: bool
    conflicts: list[Example]
    alike: list[Example]


class Known:
    """The known examples."""

    def __init__(self, examples: Iterable[Example]) -> None:
        self.examples = tuple(examples)
        self._by_words: dict[str, list[Example]] = defaultdict(list)
        for example in self.examples:
            self._by_words[plain(example.text)].append(example)
        self._pieces = {words: _pieces(words) for words in self._by_words}

    def __contains__(self, text: str) -> bool:
        return plain(text) in self._by_words

    def count_by_intent(self) -> Counter[str]:
        """How many examples each intent has."""
        return Counter(example.intent for example in self.examples)

    def fit(self, text: str, intent: str) -> Fit:
        """How an example would fit in."""
        words = plain(text)
        same_words = self._by_words.get(words, [])
        return Fit(
            any(example.intent == intent for example in same_words),
            [example for example in same_words if example.intent != intent],
            self._alike(words),
        )

    def _alike(self, words: str) -> list[Example]:
        pieces = _pieces(words)
        scored = [
            (score, other)
            for other, theirs in self._pieces.items()
            if other != words and (score := 2 * len(pieces & theirs) / (len(pieces) + len(theirs))) >= _ALIKE
        ]
        best = sorted(scored, key=lambda one: (-one[0], one[1]))[:_MOST_ALIKE]
        return [self._by_words[other][0] for _, other in best]


def plain(text: str) -> str:
    """Small letters without marks and punctuation, as long as that leaves anything."""
    unmarked = _MARK.sub(r"\1", text).lower()
    words = "".join(letter if letter.isalnum() else " " for letter in unmarked).split()
    return " ".join(words) or unmarked


def read_examples(path: Path) -> list[Example]:
    """The examples of one file of training data."""
    blocks: list[Mapping[str, Any]] = yaml.safe_load(path.read_text("utf-8")).get("nlu") or []
    return [
        Example(line.strip().removeprefix("-").strip(), block["intent"])
        for block in blocks
        if "intent" in block
        for line in block["examples"].splitlines()
        if line.strip()
    ]


def read_known(directory: Path = DATA, *, without: str = "") -> Known:
    """The examples of a directory, read again when a file has changed.

    Args:
        directory: Where the files are.
        without: Name of a file that is left out.
    """
    files = [path for path in sorted(directory.glob("*.yml")) if path.name != without]
    return _read_all(tuple((path, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=4)
def _read_all(stamped: tuple[tuple[Path, int], ...]) -> Known:
    return Known(example for path, _ in stamped for example in read_examples(path))


@lru_cache(maxsize=1)
def entity_names() -> tuple[str, ...]:
    """The entities that the assistant knows."""
    entities = yaml.safe_load(DOMAIN.read_text("utf-8"))["entities"]
    return tuple(one if isinstance(one, str) else next(iter(one)) for one in entities)


def _pieces(words: str) -> frozenset[str]:
    padded = f" {words} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))
