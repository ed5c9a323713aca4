"""Undoes typing slips, as far as a small vocabulary can tell.

A sentence encoder has learnt from correct text, and a slip moves its vector far. The words that citizens are
known to use are few, so an unknown word is most often one of them with a slip: written without æ, ø and å,
with a letter wrong, left out, doubled or swapped with the next, or run together with its neighbour. What is
corrected is only ever read by the encoder, never shown or stored.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from bot.nlu.folding import fold

SHORTEST_CORRECTED = 4
SHORTEST_HALF = 2
_WORD = re.compile(r"[^\W\d_]+")


def count_words(texts: Iterable[str]) -> dict[str, int]:
    """Counts the words of texts in small letters; those met only once are no vocabulary."""
    counted = Counter(word for text in texts for word in _WORD.findall(text.lower()))
    return {word: times for word, times in counted.items() if times > 1}


class Spelling:
    """A vocabulary that words can be corrected to.

    Args:
        vocabulary: How often each word, in small letters, was met; of two candidates the commoner one wins.
    """

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._known = frozenset(vocabulary)
        self._commonest: dict[str, str] = {}
        for word in sorted(vocabulary, key=lambda word: (vocabulary[word], word)):
            self._commonest[fold(word)] = word
        self._times = {folded: vocabulary[word] for folded, word in self._commonest.items()}
        # Words that are one slip apart have a rest in common, themselves included.
        self._with_letter_less: dict[str, set[str]] = defaultdict(set)
        for folded in self._commonest:
            for rest in _rests(folded):
                self._with_letter_less[rest].add(folded)

    def corrected(self, text: str) -> str:
        """Gives the text in small letters with unknown words put right where that is possible."""
        return _WORD.sub(lambda word: self._correct(word[0]), text.lower())

    def _correct(self, word: str) -> str:
        folded = fold(word)
        if word in self._known:
            return word
        if folded in self._commonest:
            return self._commonest[folded]
        if len(folded) < SHORTEST_CORRECTED:
            return word
        return self._nearest(folded) or self._split(folded) or word

    def _nearest(self, folded: str) -> str | None:
        candidates = {near for rest in _rests(folded) for near in self._with_letter_less.get(rest, ())}
        near = [candidate for candidate in candidates if one_slip_apart(candidate, folded)]
        best = max(near, key=lambda candidate: (self._times[candidate], candidate), default=None)
        return best and self._commonest[best]

    def _split(self, folded: str) -> str | None:
        """Two known words in one, the rarer of them as common as can be."""
        cuts = range(SHORTEST_HALF, len(folded) - SHORTEST_HALF + 1)
        halves = [(folded[:cut], folded[cut:]) for cut in cuts]
        known = [pair for pair in halves if all(half in self._commonest for half in pair)]
        best = max(known, key=lambda pair: min(self._times[half] for half in pair), default=None)
        return best and " ".join(self._commonest[half] for half in best)


def one_slip_apart(one: str, other: str) -> bool:
    """Tells whether leaving out, putting in, replacing or swapping a letter makes one word the other."""
    if len(one) < len(other):
        one, other = other, one
    if len(one) == len(other):
        wrong = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        if len(wrong) == 2:
            first, second = wrong
            return second == first + 1 and one[first : second + 1] == other[first : second + 1][::-1]
        return len(wrong) == 1
    return len(one) == len(other) + 1 and other in _shorter(one)


def _rests(word: str) -> Iterator[str]:
    yield word
    yield from _shorter(word)


def _shorter(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))
