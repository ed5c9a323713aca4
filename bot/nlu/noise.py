"""A noise model for written Danish: what a hurried thumb on a phone does to a sentence.

Each message loses its capitals and its closing punctuation. In every second one æ, ø and å are written
otherwise (ae/oe/aa, or a/o/a). A message of eight characters or more gets a slip for each 25 characters, at
least one: a neighbouring key, a letter left out, doubled or swapped with the next, or a space left out. The
slips are drawn from a seeded generator.
"""

from __future__ import annotations

import random

CHARACTERS_PER_SLIP = 25
SHORTEST_WITH_SLIP = 8

_ROWS = ("qwertyuiopå", "asdfghjklæø", "zxcvbnm")
_SPELLED_OUT = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_STRIPPED = str.maketrans({"æ": "a", "ø": "o", "å": "a"})


def _neighbours() -> dict[str, str]:
    """Keys beside each other on a Danish keyboard, in the row and in the rows above and below."""
    place = {key: (row, column) for row, keys in enumerate(_ROWS) for column, key in enumerate(keys)}
    return {
        key: "".join(
            other
            for other, (r, c) in place.items()
            if other != key and abs(r - row) <= 1 and abs(c - column) <= 1
        )
        for key, (row, column) in place.items()
    }


NEIGHBOURS = _neighbours()
"""For each letter, the keys beside it."""


def _wrong_key(text: str, at: int, rng: random.Random) -> str:
    return text[:at] + rng.choice(NEIGHBOURS[text[at]]) + text[at + 1 :]


def _left_out(text: str, at: int, rng: random.Random) -> str:
    return text[:at] + text[at + 1 :]


def _doubled(text: str, at: int, rng: random.Random) -> str:
    return text[: at + 1] + text[at:]


def _swapped(text: str, at: int, rng: random.Random) -> str:
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _joined(text: str, at: int, rng: random.Random) -> str:
    space = text.find(" ", at)
    return text if space < 0 else text[:space] + text[space + 1 :]


_SLIPS = (_wrong_key, _left_out, _doubled, _swapped, _joined)


def noisy(text: str, rng: random.Random) -> str:
    """Gives the message as it might arrive from a phone.

    Args:
        text: what the citizen meant to write.
        rng: where the slips are drawn from; the same seed gives the same slips.

    Returns:
        The message with the noise that the module describes.
    """
    text = text.lower().rstrip(".!? ") or text
    if rng.random() < 0.5:
        text = text.translate(rng.choice((_SPELLED_OUT, _STRIPPED)))
    if len(text) < SHORTEST_WITH_SLIP:
        return text
    for _ in range(max(1, len(text) // CHARACTERS_PER_SLIP)):
        letters = [i for i, character in enumerate(text) if character in NEIGHBOURS]
        if letters:
            text = rng.choice(_SLIPS)(text, rng.choice(letters), rng)
    return text
