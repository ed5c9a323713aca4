"""The time of day in a folded Danish text."""

import re
from datetime import time

from bot.nlu.danish_time.numbers import AFTER_HOUR
from bot.nlu.danish_time.vocabulary import WEEKDAY_NAMES
from bot.nlu.danish_time.wish import ClockSpan

_HOUR = r"(?P<hour>[01]?\d|2[0-4])(?:[.:](?P<minute>[0-5]\d))?(?!\d)"
_NOT_A_DATE = (
    r"(?!\.?\s*(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec))(?!\s*[/-]\d)"
    r"(?!\s*(?:år|dag|uge|time|minut|måned|gang|%))"
)
# With "kl" or minutes an hour is an hour; alone it is one only where no noun follows ("efter to samtaler").
_LIMIT = (
    rf"(?:kl {_HOUR}{_NOT_A_DATE}|(?P<bare>[01]?\d|2[0-4])(?:[.:](?P<bare_minute>[0-5]\d))?(?![\d:])"
    rf"{_NOT_A_DATE}(?:(?<=[.:]\d\d)|{AFTER_HOUR}))"
)
_AFTER = re.compile(
    r"\b(?:efter|tidligst|fra|ikke før|ikke tidligere end|ikke inden|først|først efter|senere end|"
    rf"(?:har|får) fri) {_LIMIT}"
)
_OR_LATER = re.compile(
    rf"\b(?:kl )?{_HOUR} (?:eller (?:senere|efter)|og (?:frem|senere|derefter)|og fremad)\b"
)
_BEFORE = re.compile(rf"\b(?<!ikke )(?:før|inden|senest|tidligere end|indtil|(?<!\d )til) {_LIMIT}")
_NOT_AFTER = re.compile(rf"\b(?:ikke efter|ikke senere end|ikke over) {_LIMIT}")
_OR_EARLIER = re.compile(rf"\b(?:kl )?{_HOUR} eller (?:før|tidligere)\b")
_RANGE = re.compile(
    r"(?P<lead>\b(?:mellem|fra|kl) (?:kl )?)?(?<![\d/.])(?P<first>\d{1,2}(?:[.:]\d\d)?)\s*(?P<link>og|"
    r"til|-|–)\s*(?:kl )?"
    rf"(?P<last>\d{{1,2}}(?:[.:]\d\d)?)(?![\d:/-])(?!\.\d){_NOT_A_DATE}"
)
_AROUND = re.compile(
    rf"\b(?:ved|omkring|cirka|ca\.?) (?:kl )?{_HOUR}(?: tiden)?{_NOT_A_DATE}(?:(?<=tiden)|"
    rf"{AFTER_HOUR})|\b(?:kl )?(?P<about>\d{{1,2}}) tiden\b"
)
_AT = re.compile(rf"\bkl {_HOUR}{_NOT_A_DATE}")
_EITHER = re.compile(
    r"\bkl (?P<first>\d{1,2}(?:[.:]\d\d)?) eller (?:kl )?(?P<last>\d{1,2}(?:[.:]\d\d)?)(?![\d/])"
)
_BARE = re.compile(
    r"(?<![\d.:/])(?P<hour>[01]?\d|2[0-3])(?P<separator>[.:])(?P<minute>00|05|10|15|20|25|30|35|40|45|"
    r"50|55)(?![\d.:/])"
)
_BESIDE_DAY = re.compile(
    rf"\b(?:{'|'.join(WEEKDAY_NAMES)}|i (?:over)?morgen|i dag) (?P<hour>[7-9]|"
    rf"1[0-7])(?![\d.:/])(?:{AFTER_HOUR}){_NOT_A_DATE}|"
    r"(?<![\d.:/])(?P<of_day>[7-9]|1[0-2]) om (?:for|efter)?(?:middag|morgen)en\b"
)
_DATE_LEAD = re.compile(r"(?:\bden|\bd\.?)\s*$")

_NOON = time(12, 0)
_MIDDAY = ClockSpan(time(11, 0), time(13, 0))
# A start time is the last minute at which a meeting may begin, so "om formiddagen" ends just before noon.
_PARTS_OF_DAY = (
    (r"\b(?:efter|over) (?:frokost|middag)(?:en|stid)?\b", ClockSpan(_NOON, None)),
    (r"\b(?:før|inden) (?:frokost|middag)(?:en|stid)?\b", ClockSpan(None, time(11, 59))),
    (r"eftermiddag", ClockSpan(_NOON, None)),
    (r"formiddag", ClockSpan(None, time(11, 59))),
    (
        r"\b(?:tidligt? på dagen|først på dagen|morgenstunden|om morgenen|i morgen tidligt?|"
        r"meget tidligt?)\b",
        ClockSpan(None, time(9, 59)),
    ),
    (r"\b(?<!i )morgen(?:en|er|tid)?\b", ClockSpan(None, time(9, 59))),
    (r"\b(?:midt på dagen|middagstid|frokosttid|(?:ved|omkring) middag|(?<=dag )middag)\b", _MIDDAY),
    (
        r"\b(?:aften(?:en|er|tid|timerne)?|fyraften|efter (?:arbejde|arbejdstid)(?! som)|efter job)\b",
        ClockSpan(time(16, 0), None),
    ),
    (r"\b(?:sent|sidst) på dagen\b", ClockSpan(time(13, 0), None)),
)
_REFUSED_PARTS = (
    (r"\btidligt?\b|\b(?<!i )morgen", ClockSpan(time(10, 0), None)),
    (r"\bsent\b|\bsidst på dagen\b", ClockSpan(None, time(13, 0))),
)
# A working day that begins by this hour leaves nothing before it.
_DAY_BEGINS = time(9, 0)


def understand_clock(text: str) -> ClockSpan:
    """Gives when a meeting may start. `text` is folded. Clock times win over parts of the day."""
    return _clock_times(text) or _parts_of_day(text)


def refused_clock(text: str) -> ClockSpan:
    """Gives what the times of day that a folded text refuses leave open.

    What cannot be said as one span is open.
    """
    said = _clock_times(text)
    if said:
        if said.start and said.end:
            return (
                ClockSpan(_shifted(said.end, 1), None)
                if said.start <= _DAY_BEGINS and said.start < said.end
                else ClockSpan()
            )
        return ClockSpan(said.end, said.start)
    for pattern, left in _REFUSED_PARTS:
        if re.search(pattern, text) and "middag" not in text:
            return left
    said = _parts_of_day(text)
    if said.start and said.end:
        return ClockSpan()
    return ClockSpan(
        _shifted(said.end, 1) if said.end else None, _shifted(said.start, -1) if said.start else None
    )


def _clock_times(text: str) -> ClockSpan | None:
    return _range(text) or _limits(text) or _around(text) or _exact(text)


def _range(text: str) -> ClockSpan | None:
    either = _EITHER.search(text)
    if either:
        hours = sorted(hour for hour in (_parse(either["first"]), _parse(either["last"])) if hour)
        return ClockSpan(hours[0], hours[-1]) if hours else None
    for match in _RANGE.finditer(text):
        first, last = _parse(match["first"]), _parse(match["last"])
        plausible = first and last and time(6) <= first < last <= time(20, 59)
        led = match["lead"] or match["link"] in "-–"
        if plausible and first and last and led and not _DATE_LEAD.search(text[: match.start()]):
            return ClockSpan(first, _shifted(last, -1))
    return None


def _limits(text: str) -> ClockSpan | None:
    start = _first_time(text, _AFTER, _OR_LATER)
    end = _first_time(text, _NOT_AFTER, _BEFORE, _OR_EARLIER)
    if _NOT_AFTER.search(text):
        without = _NOT_AFTER.sub(" ", text)
        start = _first_time(without, _AFTER, _OR_LATER)
    if start and end and start > end:
        return ClockSpan(start, None)
    return ClockSpan(start, end) if start or end else None


def _first_time(text: str, *patterns: re.Pattern[str]) -> time | None:
    for pattern in patterns:
        for match in pattern.finditer(text):
            if not re.match(r"\.\s?\S", text[match.end() :]) or "kl" in match[0]:
                return _time(match)
    return None


def _around(text: str) -> ClockSpan | None:
    match = _AROUND.search(text)
    if not match:
        return None
    hour = (
        _office_time(int(match["about"]), 0)
        if match["about"] and int(match["about"]) < 24
        else _time(match)
        if match["hour"]
        else None
    )
    return ClockSpan(_shifted(hour, -30), _shifted(hour, 30)) if hour else None


def _exact(text: str) -> ClockSpan | None:
    at = _AT.search(text) or next(
        (bare for bare in _BARE.finditer(text) if not _DATE_LEAD.search(text[: bare.start()])), None
    )
    if at:
        return ClockSpan(_time(at), _time(at))
    beside = _BESIDE_DAY.search(text)
    if beside:
        moment = time(int(beside["hour"] or beside["of_day"]))
        return ClockSpan(moment, moment)
    return None


def _parts_of_day(text: str) -> ClockSpan:
    """Gives the span of all parts of the day that are named: "morgen eller formiddag" ends at noon."""
    spans: list[ClockSpan] = []
    for pattern, span in _PARTS_OF_DAY:
        if re.search(pattern, text):
            spans.append(span)
            text = re.sub(pattern, " ", text)
    if not spans:
        return ClockSpan()
    starts, ends = [s.start for s in spans if s.start], [s.end for s in spans if s.end]
    return ClockSpan(
        min(starts) if len(starts) == len(spans) else None, max(ends) if len(ends) == len(spans) else None
    )


def _parse(text: str) -> time | None:
    hour, _, minute = text.replace(":", ".").partition(".")
    return _office_time(int(hour), int(minute or 0)) if int(hour) <= 24 and int(minute or 0) < 60 else None


def _time(match: re.Match[str]) -> time:
    groups = match.groupdict()
    hour, minute = groups["hour"] or groups.get("bare"), groups.get("minute") or groups.get("bare_minute")
    return _office_time(int(hour or 0), int(minute or 0))


def _office_time(hour: int, minute: int) -> time:
    """Reads 1 to 6 as afternoon: nobody asks for a meeting at three in the night."""
    return time((hour + 12 if 1 <= hour <= 6 else hour) % 24, minute)


def _shifted(moment: time, minutes: int) -> time:
    total = max(0, min(24 * 60 - 1, moment.hour * 60 + moment.minute + minutes))
    return time(total // 60, total % 60)
