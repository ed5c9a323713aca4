"""Days, weeks and months in a folded Danish text."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from bot.nlu.danish_time.dates import MONTH, MONTHS, limited, written_dates
from bot.nlu.danish_time.vocabulary import WEEKDAY_NAMES
from bot.nlu.danish_time.weekdays import LIMIT_BEFORE_DAY, LIMITING_DAY
from bot.nlu.danish_time.wish import DaySpan

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_NEAR_DAYS = (
    (r"\bi overmorgen\b", 2),
    (r"\bi morgen\b", 1),
    (r"\bi dag\b(?! (?:ledig|uden))|\bi (?:eftermiddag|formiddag|aften)\b", 0),
)
_COUNT = r"(?P<count>\d{1,2}|en|et par|nogle(?: få)?)"
_IN_DAYS = re.compile(rf"\bom {_COUNT} dage?\b")
_IN_WEEKS = re.compile(rf"\bom {_COUNT} uger?\b")
_WITHIN = re.compile(
    r"\b(?:(?:inden for|løbet af|de)(?: de| den)?(?: næste| kommende|"
    rf" første)?) {_COUNT} (?P<unit>dage?|uger?)\b"
)
_WITHIN_A_WEEK = re.compile(r"\b(?:inden for|i løbet af) (?:en|1|den næste|den kommende) uge\b")
_FULL_WEEKS = (
    (r"\bugen efter næste\b|\bnæste uge igen\b", 2),
    (r"\b(?:næste uge|ugen efter|(?:den )?kommende uge)\b", 1),
    (
        r"\b(?:denne uge|den her uge|i ugen|i løbet af ugen|resten af ugen|ugen (?:er )?(?:ud|omme)|"
        r"inden ugen)\b",
        0,
    ),
    (r"\bresten af ugen\b", 0),
)
_WEEK_NUMBER = re.compile(
    r"\buge (?P<week>\d{1,2})(?:\s*(?:og|eller|til|-|–)\s*(?:uge )?(?P<last>\d{1,2})\b(?![.:/]))?"
)
_WHOLE_MONTH = re.compile(
    r"\b(?P<lead>i|til|hele|inden|før|efter|fra|midt i|starten af|slutningen af|begyndelsen af|"
    rf"engang i) {MONTH}"
)
# "Maj" is a name, too, and "til september" is said of other things than meetings.
_BARE_MONTH = re.compile(
    r"(?<![\d.] )(?<!til )(?<!siden )(?<!forrige )(?<!sidste )\b(?P<month>januar|februar|april|august|"
    r"september|oktober|november|"
    r"december)\b(?! \d{4})(?P<lead>)"
)
_PUT_OFF = re.compile(r"\b(?:vent|flyt|ryk|skub|skyd|udsæt|udskyd|først|gem)\w*\b")
_NEXT_MONTH = re.compile(r"\bom (?:1|en) måned\b|\bnæste måned\b|\bkommende måned\b")
_THIS_MONTH = re.compile(
    r"\bdenne måned\b|\bmåneden ud\b|\b(?:slutningen|resten) af måneden\b|\bsidst på måneden\b"
)
_COMING_DAY = re.compile(
    rf"\b(?P<which>på|førstkommende|kommende|nu på|næste)\s+(?P<day>{'|'.join(WEEKDAY_NAMES)})\b"
    rf"(?: (?:eller|og) (?:på )?(?P<other>{'|'.join(WEEKDAY_NAMES)})\b)?"
)
_LIMIT = re.compile(rf"{LIMIT_BEFORE_DAY}\s*(?:i )?$")
_OR_LATER = re.compile(r" (?:eller senere|og frem\w*)\b")
_WEEKEND_LIMIT = re.compile(r"\b(?P<limit>efter|inden|før) weekenden?\b")
_BETWEEN_FEASTS = re.compile(r"\bmellem jul og nytår\b|\bimellem jul og nytår\b")
# From the eve to the last holiday; "inden nytår" still lets the last working day of the year count.
_FEASTS = re.compile(
    r"\b(?P<limit>inden|før|efter|ikke før|tidligst efter|først efter) (?P<feast>jul|julen|nytår)\b"
)
_NEXT_YEAR = re.compile(r"\b(?:i det nye år|efter årsskiftet)\b")
_LATE = re.compile(r"\b(?:sidst (?:på|i)|slutningen|sidste halvdel|sidste del)\b")
_EARLY = re.compile(r"\b(?:først (?:på|i)|starten|begyndelsen|første halvdel)\b")
_MIDDLE = re.compile(r"\b(?:midt (?:på|i)|midten)\b")


def understand_days(text: str, today: date) -> DaySpan:
    """Gives the days that were said, none before today. `text` is folded."""
    span = _days(text, today)
    limit = LIMITING_DAY.search(text)
    if limit and not written_dates(text, today):
        first = span.first if span.first and span.last and span.last - span.first == 6 * _DAY else None
        day = (first or today + _DAY) + (
            (WEEKDAY_NAMES.index(limit["day"]) - (first or today + _DAY).weekday()) % 7
        ) * _DAY
        span = limited(limit, DaySpan(day, day)).within(span if first else DaySpan())
    if span.first and span.first < today:
        span = DaySpan(today, span.last)
    return span


def refused_days(text: str, today: date) -> DaySpan:
    """Gives the days after a day, a week or a month that a folded text refuses.

    A single written date cannot be left out of a span: it is passed over.
    "Bortrejst til den 10." leaves what follows.
    """
    dates = written_dates(text, today)
    if dates:
        away_until = re.search(r"\b(?:til|indtil) (?:og med )?(?:den|d\.)", text)
        return DaySpan(dates.last, None) if away_until else DaySpan()
    for reading in (_near_days, _weeks, _months):
        span = reading(text, today)
        if span and span.first and span.last:
            return DaySpan(span.last + _DAY, None)
    return DaySpan()


def _days(text: str, today: date) -> DaySpan:
    for reading in (written_dates, _near_days, _feasts, _weeks, _coming_weekday, _months):
        span = reading(text, today)
        if span is not None:
            return span
    return DaySpan()


def _near_days(text: str, today: date) -> DaySpan | None:
    spans = [
        limited(_LIMIT.search(text[: match.start()]), DaySpan(today + offset * _DAY, today + offset * _DAY))
        for phrase, offset in _NEAR_DAYS
        if (match := re.search(phrase, text))
    ]
    if spans and all(span.first and span.last for span in spans):
        return DaySpan(min(s.first for s in spans if s.first), max(s.last for s in spans if s.last))
    if spans:
        return spans[0]
    within = _WITHIN.search(text)
    if within and within["count"] != "en":
        return DaySpan(today, today + _number(within["count"]) * (_WEEK if "uge" in within["unit"] else _DAY))
    if _WITHIN_A_WEEK.search(text):
        return DaySpan(today, today + _WEEK)
    match = _IN_DAYS.search(text)
    if match:
        day = today + _number(match["count"]) * _DAY
        return DaySpan(day, day if match["count"].isdigit() else None)
    return None


def _feasts(text: str, today: date) -> DaySpan | None:
    year = today.year + (today > date(today.year, 12, 26))
    if _BETWEEN_FEASTS.search(text):
        return DaySpan(date(year, 12, 27), date(year, 12, 31))
    match = _FEASTS.search(text)
    if match and match["feast"] == "nytår":
        new_year = date(today.year + 1, 1, 1)
        return (
            DaySpan(None, new_year - _DAY) if match["limit"] in ("inden", "før") else DaySpan(new_year, None)
        )
    if match:
        before = match["limit"] in ("inden", "før")
        return DaySpan(None, date(year, 12, 23)) if before else DaySpan(date(year, 12, 27), None)
    return DaySpan(date(today.year + 1, 1, 1), None) if _NEXT_YEAR.search(text) else None


def _weeks(text: str, today: date) -> DaySpan | None:
    for match, span in _said_weeks(text, today):
        limit = _LIMIT.search(text[: match.start()])
        if _OR_LATER.match(text[match.end() :]):
            return DaySpan(span.first, None)
        return limited(limit, span) if limit and limit["limit"] != "først" else _part_of_week(text, span)
    monday = today - today.weekday() * _DAY
    weekend = _WEEKEND_LIMIT.search(text)
    if weekend:
        return limited(weekend, DaySpan(monday + 5 * _DAY, monday + 6 * _DAY))
    if re.search(r"\b(?:på|i|af|slutningen|begyndelsen|starten|midten)(?: f)? ugen\b", text):
        span = _part_of_week(text, _week(monday))
        if span.last and span.last <= today:
            span = _part_of_week(text, _week(monday + _WEEK))
        return span if span != _week(monday) else None
    return None


def _said_weeks(text: str, today: date) -> Iterator[tuple[re.Match[str], DaySpan]]:
    monday = today - today.weekday() * _DAY
    for phrase, ahead in _FULL_WEEKS:
        match = re.search(phrase, text)
        if match and not (
            ahead == 0
            and re.search(r"\b(?:midt|midten|starten|begyndelsen|først|sidst|slutningen)\b", text)
            and "denne" not in match[0]
            and "her" not in match[0]
        ):
            yield match, _week(monday + ahead * _WEEK)
    match = _IN_WEEKS.search(text)
    if match:
        yield match, _week(monday + _number(match["count"]) * _WEEK)
    match = _WEEK_NUMBER.search(text)
    span = _numbered_week(int(match["week"]), today) if match else None
    last = _numbered_week(int(match["last"]), today) if match and match["last"] else span
    if match and span and last:
        yield match, DaySpan(span.first, last.last)


def _week(monday: date) -> DaySpan:
    return DaySpan(monday, monday + 6 * _DAY)


def _numbered_week(week: int, today: date) -> DaySpan | None:
    for year in (today.year, today.year + 1):
        try:
            span = _week(date.fromisocalendar(year, week, 1))
        except ValueError:
            continue
        if span.last and span.last >= today:
            return span
    return None


def _part_of_week(text: str, span: DaySpan) -> DaySpan:
    if not (span.first and span.last and span.last - span.first == 6 * _DAY):
        return span
    if _LATE.search(text):
        return DaySpan(span.first + 3 * _DAY, span.last)
    if _MIDDLE.search(text) and "midt på dagen" not in text:
        return DaySpan(span.first + _DAY, span.first + 3 * _DAY)
    return DaySpan(span.first, span.first + _DAY) if _EARLY.search(text) and "på dagen" not in text else span


def _coming_weekday(text: str, today: date) -> DaySpan | None:
    match = _COMING_DAY.search(LIMITING_DAY.sub(" ", text))
    if not match:
        return None
    weekdays = [WEEKDAY_NAMES.index(name) for name in (match["day"], match["other"]) if name]
    if match["which"] == "næste":
        days = [today - today.weekday() * _DAY + _WEEK + weekday * _DAY for weekday in weekdays]
    else:
        days = [today + ((weekday - today.weekday() - 1) % 7 + 1) * _DAY for weekday in weekdays]
    return DaySpan(min(days), max(days))


def _months(text: str, today: date) -> DaySpan | None:
    match: re.Match[str] | None = None
    if _NEXT_MONTH.search(text):
        first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    elif _THIS_MONTH.search(text):
        first = today.replace(day=1)
    else:
        match = _WHOLE_MONTH.search(text) or _BARE_MONTH.search(text)
        if not match or (match["lead"] == "til" and not _PUT_OFF.search(text)):
            return None
        month = MONTHS.index(match["month"][:3]) + 1
        first = date(today.year + (1 if month < today.month else 0), month, 1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    other = re.match(rf" (?:eller|og|til) {MONTH}", text[match.end() :]) if match else None
    if other:
        month = MONTHS.index(other["month"][:3]) + 1
        year = first.year + (month < first.month)
        return DaySpan(first, date(year, month, monthrange(year, month)[1]))
    limit = _LIMIT.search(text[: match.start("month")]) if match else None
    if limit and limit["limit"] != "først":
        return limited(limit, DaySpan(first, last))
    if re.search(r"\bførste uge\b", text):
        return DaySpan(first, first + 6 * _DAY)
    if re.search(r"\bsidste uge\b", text):
        return DaySpan(last - 6 * _DAY, last)
    if _LATE.search(text) or re.search(r"\b(?:slutningen|sidst)\b", text):
        return DaySpan(last.replace(day=20), last)
    if _MIDDLE.search(text):
        return DaySpan(first.replace(day=10), first.replace(day=20))
    if re.search(r"\b(?:starten|begyndelsen|først)\b", text):
        return DaySpan(first, first.replace(day=10))
    return DaySpan(first, last)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else 1 if word == "en" else 2
