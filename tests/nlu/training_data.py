"""The messages in data/nlu and the held-out ones, and how alike two messages are."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from benchmarks.likeness import plain
from benchmarks.understanding import HELD_OUT, Example, examples, taught

ROOT = Path(__file__).parents[2]
# Shorter ones are too few to tell apart: "ja", "jo" and "jep" are three words, not one with a slip.
SHORTEST_NEAR_COPY = 8


@cache
def training() -> tuple[Example, ...]:
    return tuple(taught())


@cache
def held_out() -> tuple[Example, ...]:
    return tuple(examples(HELD_OUT))


def near_copies(messages: Iterable[Example]) -> list[tuple[Example, Example]]:
    """Pairs that differ by one character: replaced, put in or left out.

    Without the replaced character both texts are alike, and at the same place; without the one that was put
    in, the longer is the shorter.
    """
    seen: dict[tuple[int, str], list[Example]] = defaultdict(list)
    pairs = []
    for message in messages:
        text = plain(message.text)
        if len(text) < SHORTEST_NEAR_COPY:
            continue
        replaced = {(at, text[:at] + text[at + 1 :]) for at in range(len(text))}
        left_out = {(-1, rest) for _, rest in replaced}
        others = [other for key in replaced for other in seen[key]]
        others += [other for key in left_out for other in seen[-2, key[1]]]
        others += seen[-1, text]
        pairs += [(other, message) for other in {id(o): o for o in others}.values()]
        for key in {*replaced, *left_out, (-2, text)}:
            seen[key].append(message)
    return pairs
