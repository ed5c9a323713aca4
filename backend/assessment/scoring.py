"""From ability to percent and band.

A percent says how much of the highest possible someone of that ability would reach over the whole bank, so
two citizens who were asked different questions are compared by the same yardstick, and so are two areas.
Percent are whole and rounded down: a band begins exactly where its lower limit is reached, and the percent
shown never contradicts the band.
"""

from dataclasses import dataclass
from math import floor
from typing import Literal

from backend.assessment.ability import Ability, Measure
from backend.assessment.responses import History

Band = Literal["low", "foundation", "intermediate", "advanced"]

# Lower limits in percent. Second pilot of DigCompSAT (JRC123226, annex 8): Low 0-29, Foundation 30-47,
# Intermediate 48-80, Advanced 81-100.
_LOWER_LIMITS: tuple[tuple[int, Band], ...] = (
    (81, "advanced"),
    (48, "intermediate"),
    (30, "foundation"),
    (0, "low"),
)


@dataclass(frozen=True, slots=True)
class AreaScore:
    """One area's result; nothing is said of an area in which nothing was answered.

    Attributes:
        area: Number of the area, 1 to 5.
        name: Its Danish name.
        percent: Whole percent of the highest possible.
        band: The DigCompSAT band of the percent.
        low: The percent at one standard error below the estimate.
        high: The percent at one standard error above it. About two citizens in three lie between the two.
    """

    area: int
    name: str
    percent: int | None
    band: Band | None
    low: int | None = None
    high: int | None = None


def percent_at(measure: Measure, ability: float) -> int:
    """Whole percent of the highest possible over the whole bank, rounded down."""
    # Rounded first: the cut score's own share must not fall below it by a rounding error.
    return floor(round(100 * measure.share_at(ability), 6))


def band_of(percent: int) -> Band:
    """The DigCompSAT band of a percent.

    Raises:
        ValueError: The percent is not between 0 and 100.
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"{percent} percent is outside 0-100")
    return next(band for limit, band in _LOWER_LIMITS if percent >= limit)


def area_scores(history: History, measure: Measure) -> tuple[AreaScore, ...]:
    """The result of each area, in the order of the areas."""
    answered = {measure.bank.item(r.item_id).area for r in history if r.value is not None}
    return tuple(
        _area_score(measure, area, measure.ability(measure.area_weights(history, area)))
        if area in answered
        else AreaScore(area, measure.bank.areas[area].name, None, None)
        for area in sorted(measure.bank.areas)
    )


def _area_score(measure: Measure, area: int, ability: Ability) -> AreaScore:
    percent = percent_at(measure, ability.mean)
    return AreaScore(
        area=area,
        name=measure.bank.areas[area].name,
        percent=percent,
        band=band_of(percent),
        low=percent_at(measure, ability.mean - ability.standard_error),
        high=percent_at(measure, ability.mean + ability.standard_error),
    )
