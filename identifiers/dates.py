"""Dates in front of four digits: of birth, or of a meeting that is wanted."""

import datetime
import re

_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
# Nobody is offered a time further ahead.
_AHEAD = datetime.timedelta(days=550)
_OPENS, _CLOSES = 7, 18

_ONE = r"(?<!\d)(?P<day>\d{1,2})"
_SEPARATED = rf"{_ONE}\s?[./\-]\s?(?P<month>\d{{1,2}})\s?[./\-]\s?(?P<year>\d{{4}}|\d{{2}})(?!\d)"
_COMPACT = r"(?<!\d)(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d{4}|\d\d)(?!\d)"
_SPELT = rf"{_ONE}\.?\s*(?P<name>{'|'.join(_MONTHS)})[a-zæøå]*\.?\s*(?P<year>\d{{4}}|\d{{2}})(?!\d)"
_SPACED = r"(?<!\d)(?<!\d\s)(?P<day>\d\d)\s(?P<month>\d\d)\s(?P<year>\d{4}|\d\d)(?![\s./\-]?\d)"
DATES = tuple(re.compile(form, re.IGNORECASE) for form in (_SEPARATED, _COMPACT, _SPELT, _SPACED))
"""A date with its year, as people write it."""


def is_birth_date(day: int, month: int) -> bool:
    """Tells whether a CPR number can begin so; replacement numbers have 60 added to the day."""
    if not 1 <= month <= 12:
        return False
    return 1 <= day <= _DAYS_IN_MONTH[month - 1] or 61 <= day <= 60 + _DAYS_IN_MONTH[month - 1]


def can_be_born_on(date: re.Match[str]) -> bool:
    """Tells whether a match of `DATES` is a date that a CPR number can begin with."""
    return is_birth_date(int(date["day"]), _month(date)) and date["year"][:-2] in ("", "18", "19", "20")


def is_coming(date: re.Match[str], today: datetime.date) -> bool:
    """Tells whether a match of `DATES` is a day on which a meeting can be wanted."""
    year = int(date["year"])
    try:
        day = datetime.date(year if year > 99 else 2000 + year, _month(date), int(date["day"]))
    except ValueError:
        return False
    return today <= day <= today + _AHEAD


def reads_as_time(digits: str) -> bool:
    """Tells whether four digits read as a time at which people meet."""
    hour, minute = int(digits[:2]), int(digits[2:])
    return _OPENS <= hour <= _CLOSES and minute < 60 and minute % 5 == 0


def _month(date: re.Match[str]) -> int:
    named = date.groupdict().get("name")
    return _MONTHS.index(named.lower()) + 1 if named else int(date["month"])
