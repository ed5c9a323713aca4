"""How hard each item is and how sharply it tells citizens apart, in files with a version of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backend.assessment.item_bank import Item, ItemBank, Level
from backend.assessment.numbers import Vector

FOLDER = Path(__file__).parent

_Positive = Annotated[float, Field(gt=0)]
_Thresholds = tuple[float, float, float]
Sharpness = Literal["sharp", "plain", "broad"]


def _check_rising(thresholds: _Thresholds) -> None:
    if any(upper <= lower for lower, upper in pairwise(thresholds)):
        raise ValueError(f"the thresholds {thresholds} do not rise")


class Estimate(BaseModel):
    """What answers have told about one item.

    Attributes:
        discrimination: Slope of the graded response model.
        thresholds: Abilities at which half answer at least "med hjælp", "på egen hånd" and "sikkert".
        answers: How many answers it rests on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    discrimination: _Positive
    thresholds: _Thresholds
    answers: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _rise(self) -> Self:
        _check_rising(self.thresholds)
        return self


class Parameters(BaseModel):
    """What is believed about every item, from its level and, once measured, from answers.

    Attributes:
        version: Names the file; stored with every result.
        difficulty: Prior middle threshold by proficiency level.
        difficulty_sd: Standard deviation of an item's difficulty around that of its level.
        steps: Prior thresholds, counted from the difficulty.
        discrimination: Prior median slope by how sharply the item's wording tells citizens apart.
        discrimination_sd: Standard deviation of the logarithm of the slope.
        sharp: The ids of the sharp items.
        broad: The ids of the broad items; all others are plain.
        area_sd: Standard deviation of an area's ability around the ability on the whole.
        estimates: Measured items by id; the others have their prior.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")]
    difficulty: Mapping[Level, float]
    difficulty_sd: _Positive
    steps: _Thresholds
    discrimination: Mapping[Sharpness, _Positive]
    discrimination_sd: _Positive
    sharp: frozenset[str]
    broad: frozenset[str]
    area_sd: _Positive
    estimates: Mapping[str, Estimate] = {}

    @model_validator(mode="after")
    def _rise(self) -> Self:
        _check_rising(self.steps)
        return self

    def of(self, item: Item) -> tuple[float, _Thresholds]:
        """Slope and thresholds of an item.

        Raises:
            KeyError: The item's level or sharpness has no value here.
        """
        if estimate := self.estimates.get(item.id):
            return estimate.discrimination, estimate.thresholds
        low, middle, high = self.steps
        centre = self.difficulty[item.level]
        return self.discrimination[self._sharpness(item.id)], (centre + low, centre + middle, centre + high)

    def _sharpness(self, item_id: str) -> Sharpness:
        if item_id in self.sharp:
            return "sharp"
        return "broad" if item_id in self.broad else "plain"


@dataclass(frozen=True, slots=True)
class ItemParameters:
    """The parameters of a whole bank, in its order.

    Attributes:
        discrimination: Slopes, shape (items,).
        thresholds: Rising thresholds, shape (items, 3).
    """

    discrimination: Vector
    thresholds: Vector

    @classmethod
    def of_bank(cls, bank: ItemBank, parameters: Parameters) -> Self:
        """The parameters of each item of a bank."""
        slopes, thresholds = zip(*(parameters.of(item) for item in bank.items), strict=True)
        return cls(np.array(slopes), np.array(thresholds))


@cache
def load_parameters(version: str = "prior") -> Parameters:
    """The parameters of a version, read once.

    Raises:
        FileNotFoundError: There is no such version.
        pydantic.ValidationError: The file does not fit the schema, or names another version.
    """
    path = FOLDER / f"{version}.yaml"
    return Parameters.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
