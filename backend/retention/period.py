"""A period as a municipality writes it, such as "6 måneder", and what it means in the calendar."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from backend.danish import COPENHAGEN, midnight

_WRITTEN = re.compile(r"([1-9]\d{0,2}) (dag|dage|måned|måneder|år)", re.ASCII)
_MONTHS_IN: Mapping[str, int] = {"måned": 1, "måneder": 1, "år": 12}
# Of no month in a row are there more; so many months last at least this many days.
_SHORTEST = (0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334)
_DAYS_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Period:
    """How long something is kept, in whole days of the Danish calendar.

    What is counted from any time of a day is kept that many whole days or months, and goes when the next day
    begins. So nothing is kept a shorter time than was said.

    Attributes:
        words: As it is written, and told to citizens.
        months: Months in it.
        days: Days in it.
    """

    words: str
    months: int = 0
    days: int = 0

    @classmethod
    def read(cls, words: object) -> Self:
        """Reads a period.

        Raises:
            ValueError: It is not written as a number of dage, måneder or år.
        """
        written = _WRITTEN.fullmatch(words) if isinstance(words, str) else None
        if written is None:
            raise ValueError(f'a period is written as "30 dage", "6 måneder" or "5 år", not as "{words}"')
        number, unit = int(written[1]), written[2]
        if unit in _MONTHS_IN:
            return cls(written[0], months=number * _MONTHS_IN[unit])
        return cls(written[0], days=number)

    @property
    def shortest_days(self) -> int:
        """How many days it lasts at least, whenever it begins."""
        years, months = divmod(self.months, 12)
        return years * _DAYS_A_YEAR + _SHORTEST[months] + self.days

    def due_at(self, moment: datetime) -> datetime:
        """When something goes that is counted from a moment: the beginning of a Danish day."""
        last_day = self._later(moment.astimezone(COPENHAGEN).date())
        return midnight(last_day + timedelta(days=1))

    def cutoff(self, now: datetime) -> datetime:
        """The moment that everything which is counted from before it is due."""
        return midnight(self._latest_before(now.astimezone(COPENHAGEN).date()))

    def _later(self, day: date) -> date:
        year, month = _month(day, self.months)
        return date(year, month, min(day.day, monthrange(year, month)[1])) + timedelta(days=self.days)

    def _latest_before(self, today: date) -> date:
        """The first day that is not due yet."""
        yesterday = today - timedelta(days=1 + self.days)
        year, month = _month(yesterday, -self.months)
        length = monthrange(year, month)[1]
        # Several days at the end of a long month come to the same last day of a short one.
        is_last = yesterday.day == monthrange(yesterday.year, yesterday.month)[1]
        latest = length if is_last and self.months else min(yesterday.day, length)
        return date(year, month, latest) + timedelta(days=1)

    def __str__(self) -> str:
        """As it is written."""
        return self.words

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Lets settings hold one as it is written."""
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.read(value),
            serialization=core_schema.to_string_ser_schema(),
        )


def _month(day: date, months: int) -> tuple[int, int]:
    years, month = divmod(day.month - 1 + months, 12)
    return day.year + years, month + 1
