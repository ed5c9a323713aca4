"""Written dates in a folded Danish text: "den 3. december", "3/12", "fra den 1. til den 4. december"."""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta

import dateparser

from bot.nlu.danish_time.vocabulary import WEEKDAY_NAMES
from bot.nlu.danish_time.weekdays import LIMIT_BEFORE_DAY
from bot.nlu.danish_time.wish import DaySpan

MONTHS = "jan feb mar apr maj jun jul aug sep okt nov dec".split()
MONTH = (
    r"(?P<month>jan(?:uar)?|feb(?:ruar)?|mar(?:ts)?|apr(?:il)?|maj|juni|jun(?=\.)|juli|jul(?=\.)|"
    r"aug(?:ust)?|sep(?:t|tember)?|"
    r"okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = "|".join(WEEKDAY_NAMES)
_NAMED_DATE = re.compile(rf"\b(?P<day>\d{{1,2}})\.?\s*{MONTH}(?:\s+(?P<year>\d{{4}}))?")
_NUMBER_DATE = re.compile(
    r"(?<![\w.])(?P<lead>den |d\.? ?)?(?P<day>\d{1,2})(?P<separator>[/.-])(?P<month>\d{1,2})"
    r"(?:[/.-](?P<year>\d{2,4}))?\b\.?(?!\d)"
)
_DAY_OF_MONTH = re.compile(
    rf"\b(?:den|d\.?|(?:{_WEEKDAY})(?= \d\d?\.(?!\d)))\s*(?P<day>\d{{1,2}})(?:\.|"
    r"\b)(?!\s*[/.-]?\d)(?!\s*tiden)"
)
# The first day of "3. og 4. december", "1.-4. december": its month comes with the last one.
_SHARED_MONTH = re.compile(
    rf"(?<![\w/.])(?P<day>\d{{1,2}})\.?(?=\s?(?:og|eller|til|-|–)\s?(?:den |d\. )?\d{{1,2}}\.? ?{MONTH})"
)
_LINK = re.compile(
    rf"\.?\s*(?:til(?: og med)?|-|–|og|eller)\s*(?:den|d\.?)?\s*(?:{_WEEKDAY})?\s*(?:den|d\.?)?\s*"
)
_CLOCK_MINUTES = frozenset({"00", "05", "10", "15", "20", "25", "30", "35", "40", "45", "50", "55"})
_LIMIT = re.compile(rf"{LIMIT_BEFORE_DAY}\s*(?:{_WEEKDAY})?\s*(?:den|d\.?)?\s*$")
LAST_DAY_INCLUDED = frozenset({"senest", "til og med", "ikke efter", "ikke senere end", "indtil"})
LIMITS_FROM = frozenset({"efter", "tidligst", "fra", "fra og med", "ikke før", "ikke tidligere end", "først"})


def written_dates(text: str, today: date) -> DaySpan | None:
    """Gives the span of the written dates, or None when there are none."""
    found = _dates(text, today)
    if not found:
        return None
    spans: list[DaySpan] = []
    previous_end = 0
    for match, day in found:
        joined = spans and _LINK.fullmatch(text[previous_end : match.start()])
        if joined and spans[-1].first and spans[-1].first <= day:
            spans[-1] = DaySpan(spans[-1].first, day)
        else:
            spans.append(limited(_LIMIT.search(text[: match.start()]), DaySpan(day, day)))
        previous_end = match.end()
    if all(span.first and span.last for span in spans):
        return DaySpan(min(s.first for s in spans if s.first), max(s.last for s in spans if s.last))
    narrowed = DaySpan()
    for span in spans:
        narrowed = narrowed.within_if_any(span)
    return narrowed


def limited(limit: re.Match[str] | None, said: DaySpan) -> DaySpan:
    """Gives the days before, until, from or after those said, as the word before them has it."""
    word = limit["limit"] if limit else None
    day = timedelta(days=1)
    if word == "efter":
        return DaySpan(said.last and said.last + day, None)
    if word in LIMITS_FROM:
        return DaySpan(said.first, None)
    if word in LAST_DAY_INCLUDED:
        return DaySpan(None, said.last)
    return DaySpan(None, said.first and said.first - day) if word else said


def _dates(text: str, today: date) -> list[tuple[re.Match[str], date]]:
    found: dict[int, tuple[re.Match[str], date]] = {}
    for pattern in (_SHARED_MONTH, _NAMED_DATE, _NUMBER_DATE, _DAY_OF_MONTH):
        for match in pattern.finditer(text):
            day = _date(match, today)
            if day is not None and match.start("day") not in found:
                found[match.start("day")] = (match, day)
    return [found[start] for start in sorted(found)]


def _date(match: re.Match[str], today: date) -> date | None:
    groups = match.groupdict()
    day, month, year = groups["day"], groups.get("month"), groups.get("year")
    if "separator" in groups and _reads_as_clock(match):
        return None
    if month is None:
        return _coming_day_of_month(int(day), today)
    if not month.isdigit():
        month = str(MONTHS.index(month[:3]) + 1)
    # The evening before lets today itself count as a coming date.
    base = datetime.combine(today, time()) - timedelta(seconds=1)
    parsed = dateparser.parse(
        f"{day}/{month}/{year}" if year else f"{day}/{month}",
        languages=["da"],
        settings={
            "DATE_ORDER": "DMY",
            "PREFER_DATES_FROM": "future",
            "RELATIVE_BASE": base,
            "REQUIRE_PARTS": ["day", "month"],
        },
    )
    return parsed.date() if parsed else None


def _reads_as_clock(match: re.Match[str]) -> bool:
    """Tells 10.30 (a time) from 3.12. (a date), and 10-12 (hours) from 3/12."""
    if match["lead"] or match["separator"] == "/" or match["year"]:
        return False
    if match["separator"] == "-":
        return True
    return match["month"] in _CLOCK_MINUTES or bool(re.search(r"\bkl\s*$", match.string[: match.start()]))


def _coming_day_of_month(day: int, today: date) -> date | None:
    month = today.replace(day=1)
    for _ in range(12):
        last = monthrange(month.year, month.month)[1]
        if day <= last and month.replace(day=max(day, 1)) >= today:
            return month.replace(day=day) if day else None
        month += timedelta(days=last)
    return None
