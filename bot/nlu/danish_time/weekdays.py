"""Weekdays in a folded Danish text."""

import re

from bot.nlu.danish_time.vocabulary import WEEKDAY_NAMES
from bot.nlu.danish_time.wish import WEEKDAYS

_NAME = "|".join(WEEKDAY_NAMES)
_DAY = re.compile(rf"\b(?P<day>{_NAME})(?:ene|en|e|s(?= (?:morgen|formiddag|eftermiddag|aften)))?\b")
_SPAN = re.compile(
    rf"\b(?P<first>{_NAME})(?:en|e)? ?(?:til(?: og med)?|-|–|"
    rf"og(?= \w+ inkl)) ?(?:på )?(?P<last>{_NAME})(?:en|e)?\b"
    rf"|\bmellem (?P<from>{_NAME}) og (?P<to>{_NAME})\b"
)
LIMIT_BEFORE_DAY = (
    r"\b(?P<limit>senest|inden|før|ikke senere end|ikke efter|til og med|indtil|efter|tidligst|"
    r"fra og med|fra|ikke før|"
    r"ikke tidligere end|først)(?: (?:på|om))?"
)
"""Words before a day that make it the end or the beginning of the days that are wished."""
LIMITING_DAY = re.compile(rf"{LIMIT_BEFORE_DAY} (?P<day>{_NAME})\b(?! ?(?:til|-|–))(?! og \w+dag)")
_WORKDAYS = re.compile(r"\b(?:hverdage(?:ne)?|(?:en|på|alle) hverdag)\b")
_WEEKEND = re.compile(r"(?<!efter )(?<!inden )(?<!før )\bweekend(?:en|er)?\b")


def understand_weekdays(text: str) -> tuple[str, ...]:
    """Gives the weekdays that are named, in the order of the week. `text` is folded."""
    named: set[str] = set()
    text = LIMITING_DAY.sub(" ", text)
    for match in _SPAN.finditer(text):
        first, last = (
            WEEKDAY_NAMES.index(match[a] or match[b]) for a, b in (("first", "from"), ("last", "to"))
        )
        named.update(WEEKDAYS[(first + step) % 7] for step in range((last - first) % 7 + 1))
    named.update(WEEKDAYS[WEEKDAY_NAMES.index(match["day"])] for match in _DAY.finditer(text))
    if _WEEKEND.search(text):
        named.update(WEEKDAYS[5:])
    if _WORKDAYS.search(text):
        named.update(WEEKDAYS[:5])
    return tuple(day for day in WEEKDAYS if day in named)
