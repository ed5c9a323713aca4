"""Dates, weeks and months in a folded Danish text."""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta

import dateparser

from bot.nlu.danish_time.wish import DaySpan

_MONTHS = "jan feb mar apr maj jun jul aug sep okt nov dec".split()
_MONTH = (
    r"(?P<month>jan(?:uar)?|feb(?:ruar)?|mar(?:ts)?|apr(?:il)?|maj|juni?|juli?|aug(?:ust)?|sep(?:t|tember)?|"
    r"okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_NAMED_DATE = re.compile(rf"\b(?P<day>\d{{1,2}})\.?\s*{_MONTH}(?:\s+(?P<year>\d{{4}}))?")
_NUMBER_DATE = re.compile(
    r"(?<!\w)(?P<lead>den |d\.? ?)?(?P<day>\d{1,2})(?P<separator>[/.-])(?P<month>\d{1,2})"
    r"(?:[/.-](?P<year>\d{2,4}))?\b\.?"
)
_DAY_OF_MONTH = re.compile(r"\b(?:den|d\.)\s*(?P<day>\d{1,2})(?:\.|\b)(?!\s*[/.-]?\d)")
_CLOCK_MINUTES = frozenset({"00", "05", "10", "15", "20", "25", "30", "35", "40", "45", "50", "55"})

_COUNT = r"(?P<count>\d{1,2}|et par|nogle)"
_IN_DAYS = re.compile(rf"\bom {_COUNT} dage?\b")
_IN_WEEKS = re.compile(rf"\bom {_COUNT} uger?\b")
_IN_MONTHS = re.compile(r"\bom 1 måned\b|\bnæste måned\b")
_WEEK_NUMBER = re.compile(r"\buge (?P<week>\d{1,2})\b")
_WHOLE_MONTH = re.compile(rf"\bi {_MONTH}")
_AFTER = re.compile(
    r"\b(?:efter|fra(?: og med)?|tidligst|ikke før|først)\s+(?:på |om )?"
    r"(?:mandag|tirsdag|onsdag|torsdag|fredag)?\s*$"
)
_BEFORE = re.compile(
    r"\b(?:inden|før|senest|til og med|ikke efter|indtil)\s+(?:på )?"
    r"(?:mandag|tirsdag|onsdag|torsdag|fredag)?\s*$"
)
_WEEKDAY_NAMES = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_COMING_DAY = re.compile(
    rf"\b(?P<which>på|førstkommende|kommende|nu på|næste)\s+(?P<day>{'|'.join(_WEEKDAY_NAMES)})\b"
)
_NEGATED = re.compile(r"\b(?:ikke|undtagen|bortset fra|uden)\b[^,;]*$")


def understand_days(text: str, today: date) -> DaySpan:
    """Gives the days that were said, none before today. `text` is folded."""
    span = _part_of_week(text, _days(text, today))
    if span.first and span.first < today:
        span = DaySpan(today, span.last)
    return span


def _days(text: str, today: date) -> DaySpan:
    for reading in (_written_dates, _near_days, _weeks, _coming_weekday, _months):
        span = reading(text, today)
        if span is not None:
            return span
    return DaySpan()


def _written_dates(text: str, today: date) -> DaySpan | None:
    spans = [
        _directed(text, match, day)
        for pattern in (_NAMED_DATE, _NUMBER_DATE, _DAY_OF_MONTH)
        for match in pattern.finditer(text)
        if (day := _date(match, today)) is not None
    ]
    if not spans:
        return None
    if all(span.first == span.last for span in spans):
        return DaySpan(min(s.first for s in spans if s.first), max(s.last for s in spans if s.last))
    narrowed = DaySpan()
    for span in spans:
        narrowed = narrowed.within(span)
    return narrowed


def _date(match: re.Match[str], today: date) -> date | None:
    groups = match.groupdict()
    day, month, year = groups["day"], groups.get("month"), groups.get("year")
    if "separator" in groups and _reads_as_clock(match):
        return None
    if month is None:
        return _coming_day_of_month(int(day), today)
    if not month.isdigit():
        month = str(_MONTHS.index(month[:3]) + 1)
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


def _directed(text: str, match: re.Match[str], day: date) -> DaySpan:
    """Reads "efter den 3." and "inden den 10." as open spans, else the day itself."""
    before = re.sub(r"\b(?:den|d\.)\s*$", "", text[: match.start()])
    if _AFTER.search(before):
        excluded = re.search(r"\befter\s+\S*\s*$", before)
        return DaySpan(day + timedelta(days=1 if excluded else 0), None)
    if _BEFORE.search(before):
        included = re.search(r"\b(?:senest|til og med|ikke efter)\s+\S*\s*$", before)
        return DaySpan(None, day if included else day - timedelta(days=1))
    return DaySpan(day, day)


def _near_days(text: str, today: date) -> DaySpan | None:
    for phrase, offset in (("i overmorgen", 2), ("i morgen", 1), ("i dag", 0)):
        found = re.search(rf"\b{phrase}\b", text)
        if found and _NEGATED.search(text[: found.start()]):
            return DaySpan(today + timedelta(days=offset + 1), None)
        if found:
            return _directed(text, found, today + timedelta(days=offset))
    match = _IN_DAYS.search(text)
    if match:
        day = today + timedelta(days=_number(match["count"]))
        return DaySpan(day, None if match["count"] in ("et par", "nogle") else day)
    return None


def _weeks(text: str, today: date) -> DaySpan | None:
    monday = today - timedelta(days=today.weekday())
    if re.search(r"\b(?:næste uge|ugen efter|kommende uge)\b", text):
        negated = re.search(r"\bikke (?:i )?(?:næste|kommende) uge", text)
        return DaySpan(monday + timedelta(weeks=2), None) if negated else _week(monday + timedelta(weeks=1))
    if re.search(r"\b(?:denne uge|den her uge|i ugen|ugen ud)\b", text):
        negated = re.search(r"\bikke (?:i )?(?:denne|den her) uge", text)
        return DaySpan(monday + timedelta(weeks=1), None) if negated else _week(monday)
    match = _IN_WEEKS.search(text)
    if match:
        return _week(monday + timedelta(weeks=_number(match["count"])))
    if re.search(r"\bom 14 dage\b", text):
        return _week(monday + timedelta(weeks=2))
    match = _WEEK_NUMBER.search(text)
    return _numbered_week(int(match["week"]), today) if match else None


def _week(monday: date) -> DaySpan:
    return DaySpan(monday, monday + timedelta(days=6))


def _numbered_week(week: int, today: date) -> DaySpan | None:
    for year in (today.year, today.year + 1):
        try:
            span = _week(date.fromisocalendar(year, week, 1))
        except ValueError:
            continue
        if span.last and span.last >= today:
            return span
    return None


def _coming_weekday(text: str, today: date) -> DaySpan | None:
    match = _COMING_DAY.search(text)
    if not match or _NEGATED.search(text[: match.start()]):
        return None
    weekday = _WEEKDAY_NAMES.index(match["day"])
    if match["which"] == "næste":
        monday = today - timedelta(days=today.weekday())
        day = monday + timedelta(weeks=1, days=weekday)
    else:
        day = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return _directed(text, match, day)


def _months(text: str, today: date) -> DaySpan | None:
    if _IN_MONTHS.search(text):
        first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    elif re.search(r"\b(?:i )?denne måned\b|\bmåneden ud\b|\bslutningen af måneden\b", text):
        first = today.replace(day=1)
    else:
        match = _WHOLE_MONTH.search(text)
        if not match:
            return None
        month = _MONTHS.index(match["month"][:3]) + 1
        first = date(today.year + (1 if month < today.month else 0), month, 1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    if re.search(r"\b(?:slutningen|sidst|sidste halvdel)\b", text):
        return DaySpan(last.replace(day=20), last)
    if re.search(r"\b(?:starten|begyndelsen|først)\b", text):
        return DaySpan(first, first.replace(day=10))
    return DaySpan(first, last)


def _part_of_week(text: str, span: DaySpan) -> DaySpan:
    if not (span.first and span.last and (span.last - span.first).days == 6):
        return span
    if re.search(r"\b(?:sidst (?:på|i)|slutningen af|sidste halvdel)\b", text):
        return DaySpan(span.first + timedelta(days=3), span.last)
    if re.search(r"\b(?:først (?:på|i)|starten af|begyndelsen af)\b", text):
        return DaySpan(span.first, span.first + timedelta(days=1))
    return span


def _number(word: str) -> int:
    return int(word) if word.isdigit() else 2
