"""What may be told of a count, so that no group of one to four citizens can be known.

A count of one to four is never told. Neither is one from which such a group follows: as the difference of
two counts of which one is part of the other, or as what is missing when parts are taken from their whole.
The rule is about what is shown together. It does not know what somebody has kept from another day.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

SMALLEST_GROUP = 5
"""The smallest group that is told of."""
_LARGEST_SMALL = SMALLEST_GROUP - 1


class Hidden(StrEnum):
    """Why a count is not told."""

    SMALL = "small"
    """It is one to four."""
    PROTECTING = "protecting"
    """A group of one to four would follow from it."""


Cell = int | Hidden
"""A count as it may be told."""


def tells_nobody(count: int) -> bool:
    """Whether a count is of nobody or of a group that is large enough."""
    return count == 0 or count >= SMALLEST_GROUP


def nested(counts: Iterable[int]) -> list[Cell]:
    """What may be told of groups each of which is part of the one before, such as the steps of a way.

    The differences of what is told are groups, too: those who came no further.
    """
    told: list[Cell] = []
    latest: int | None = None
    for count in counts:
        if not tells_nobody(count):
            told.append(Hidden.SMALL)
        elif latest is not None and not tells_nobody(latest - count):
            told.append(Hidden.PROTECTING)
        else:
            told.append(count)
            latest = count
    return told


def parts(whole: Cell, counts: Sequence[int]) -> list[Cell]:
    """What may be told of the parts of a whole that is told elsewhere.

    Where a part is too small, so many of the next smallest are hidden with it that it may still be anything
    from one to four. Where there are not enough of them, nothing is told of any part.

    Args:
        whole: What is told of all parts together. When that is hidden, its parts are.
        counts: The parts, each citizen in one.
    """
    nothing: list[Cell] = [Hidden.PROTECTING] * len(counts)
    if isinstance(whole, Hidden):
        return nothing
    small = {place for place, count in enumerate(counts) if not tells_nobody(count)}
    large = sorted((count, place) for place, count in enumerate(counts) if count >= SMALLEST_GROUP)
    protecting: set[int] = set()
    while small and not _is_open([counts[place] for place in small], [counts[place] for place in protecting]):
        if len(protecting) == len(large):
            return nothing
        protecting.add(large[len(protecting)][1])
    return [
        Hidden.SMALL if place in small else Hidden.PROTECTING if place in protecting else count
        for place, count in enumerate(counts)
    ]


def together(cells: Sequence[Cell]) -> Cell:
    """The sum of counts, which is told only where each of them is: so it tells nothing more."""
    told = [cell for cell in cells if not isinstance(cell, Hidden)]
    return sum(told) if len(told) == len(cells) else Hidden.PROTECTING


def share(part: Cell, whole: Cell) -> float | None:
    """A part of a whole as a share of one; None where either is hidden or either side of it is too small."""
    if isinstance(part, Hidden) or isinstance(whole, Hidden) or whole < SMALLEST_GROUP:
        return None
    return part / whole if tells_nobody(part) and tells_nobody(whole - part) else None


def _is_open(small: Sequence[int], protecting: Sequence[int]) -> bool:
    """Whether each small count may be one as well as four, for all that their known sum tells."""
    total, others = sum(small) + sum(protecting), len(small) - 1
    may_be_four = total - _LARGEST_SMALL >= others + SMALLEST_GROUP * len(protecting)
    may_be_one = bool(protecting) or total - 1 <= _LARGEST_SMALL * others
    return may_be_one and may_be_four
