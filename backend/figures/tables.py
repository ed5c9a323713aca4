"""One channel's tables before they are told: counts as they may be told, and what each is a part of."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.figures.disclosure import Cell, Hidden, nested

TOGETHER = "together"
"""The column for all channels."""


@dataclass(frozen=True, slots=True)
class Table:
    """One channel's counts, and for each the whole that it is a part of."""

    codes: Sequence[str]
    cells: Sequence[Cell]
    wholes: Sequence[Cell]


def table(codes: Sequence[str], cells: Sequence[Cell], whole: Cell) -> Table:
    """Counts that are parts of one whole."""
    return Table(codes, cells, [whole] * len(codes))


def part(whole: Cell, count: int) -> Cell:
    """What may be told of a part of a whole that is told elsewhere."""
    return Hidden.PROTECTING if isinstance(whole, Hidden) else nested([whole, count])[1]
