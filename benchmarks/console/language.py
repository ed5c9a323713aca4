"""Danish to fill turns with: words as unevenly common as words are, and what the bot really says."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import yaml

from benchmarks.report import ROOT

NLU = ROOT / "data" / "nlu"
DOMAIN = ROOT / "domain.yml"
# The commonest words of Danish, commonest first.
COMMONEST = (
    "det er jeg og ikke at du en i har på så til som de der vi kan med for den men et af var "
    "om hvad mig ja skal han vil nej man hvor nu være min godt gør bare kun op hun få dig sig eller "
    "fra kom gå noget hvis når da også mit alle meget her vel selv lige ved tak ind ud mere"
).split()
WORDS = 50_000
# Zipf's law as Mandelbrot mended it: the very first words are not quite as common as the plain law has it.
_SHIFT = 2.7
_WORD = re.compile(r"[a-zæøå]{2,}")
_LONGEST_PART = 9
_SENT_BY_THE_CHANNEL = "open_chat"
_MEAN_WORDS = 8


@dataclass(frozen=True, slots=True)
class Saying:
    """Something the bot says, and the titles of the buttons below it."""

    name: str
    text: str
    buttons: tuple[str, ...]


class Language:
    """What citizens and the bot say.

    Attributes:
        words: Every word, commonest first.
        sayings: What the bot says.
        intents: What citizens may mean.
    """

    def __init__(self) -> None:
        domain = yaml.safe_load(DOMAIN.read_text("utf-8"))
        self.sayings = list(_sayings(domain["responses"]))
        intents = [i if isinstance(i, str) else next(iter(i)) for i in domain["intents"]]
        self.intents = [intent for intent in intents if intent != _SENT_BY_THE_CHANNEL]
        self.words = _words([*(path.read_text("utf-8") for path in sorted(NLU.glob("*.yml"))), str(domain)])
        weights = 1 / (np.arange(len(self.words)) + 1 + _SHIFT)
        self._cumulated = np.cumsum(weights / weights.sum())

    def typed(self, rng: np.random.Generator, count: int) -> list[str]:
        """Messages as citizens type them, most of them short."""
        lengths = rng.geometric(1 / _MEAN_WORDS, count)
        numbers = np.searchsorted(self._cumulated, rng.random(int(lengths.sum())))
        words = [self.words[min(number, len(self.words) - 1)] for number in numbers]
        ends = np.cumsum(lengths)
        return [" ".join(words[end - length : end]) for end, length in zip(ends, lengths, strict=True)]


def _sayings(responses: dict[str, list[dict[str, Any]]]) -> list[Saying]:
    found = []
    for name, variants in responses.items():
        for variant in variants:
            if variant.get("text") and "channel" not in variant:
                buttons = tuple(button["title"] for button in variant.get("buttons", ()))
                found.append(Saying(name, variant["text"], buttons))
    return found


def _words(texts: list[str]) -> list[str]:
    """Common words, then those of our own texts, then compounds of them until there are enough."""
    counted: dict[str, int] = {}
    for text in texts:
        for word in _WORD.findall(text.lower()):
            counted[word] = counted.get(word, 0) + 1
    own = sorted(counted.keys() - set(COMMONEST), key=lambda word: (-counted[word], word))
    words = dict.fromkeys([*COMMONEST, *own])
    parts = [word for word in own if 4 <= len(word) <= _LONGEST_PART]
    for distance in range(1, len(parts)):
        for first, second in zip(parts, parts[distance:], strict=False):
            words.setdefault(first + second)
            if len(words) >= WORDS:
                return list(words)
    return list(words)
