"""From answers to percent and band, as DigCompSAT scores: the mean of the answers over the highest possible.

Percent are whole and rounded down, and all arithmetic is exact. The published bands (JRC123226, annex 8) have
whole limits and leave open what lies between 29 and 30 or between 47 and 48. Rounding down settles it: a band
begins exactly where its lower limit is reached, and the percent shown never contradicts the band.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from backend.assessment.item_bank import ItemBank
from backend.assessment.responses import ADVANCED, History

Band = Literal["low", "foundation", "intermediate", "advanced"]

# Lower limits in percent. Second pilot of DigCompSAT: Low 0-29, Foundation 30-47, Intermediate 48-80,
# Advanced 81-100.
_LOWER_LIMITS: tuple[tuple[int, Band], ...] = (
    (81, "advanced"),
    (48, "intermediate"),
    (30, "foundation"),
    (0, "low"),
)


@dataclass(frozen=True, slots=True)
class AreaScore:
    """One area's result; percent and band are None when nothing in the area was answered."""

    area: int
    name: str
    percent: int | None
    band: Band | None


def share(values: Sequence[int]) -> Fraction:
    """The exact share of the highest possible sum, 0 to 1.

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError("no answers, no share")
    return Fraction(sum(values), ADVANCED * len(values))


def percent_of(values: Sequence[int]) -> int | None:
    """Whole percent of the highest possible, rounded down; None without answers."""
    return int(100 * share(values)) if values else None


def band_of(percent: int | None) -> Band | None:
    """The DigCompSAT band of a percent; None without one.

    Raises:
        ValueError: The percent is not between 0 and 100.
    """
    if percent is None:
        return None
    if not 0 <= percent <= 100:
        raise ValueError(f"{percent} percent is outside 0-100")
    return next(band for limit, band in _LOWER_LIMITS if percent >= limit)


def values_by_area(history: History, bank: ItemBank) -> dict[int, list[int]]:
    """The real answers of each of the five areas."""
    values: dict[int, list[int]] = {area: [] for area in sorted(bank.areas)}
    for response in history:
        if response.value is not None:
            values[bank.item(response.item_id).area].append(response.value)
    return values


def area_scores(history: History, bank: ItemBank) -> tuple[AreaScore, ...]:
    """The result of each area, in the order of the areas."""
    scores = []
    for area, values in values_by_area(history, bank).items():
        percent = percent_of(values)
        scores.append(AreaScore(area, bank.areas[area].name, percent, band_of(percent)))
    return tuple(scores)
