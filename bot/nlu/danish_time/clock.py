"""The time of day in a folded Danish text."""

import re
from datetime import time

from bot.nlu.danish_time.wish import ClockSpan

_HOUR = r"(?P<hour>[01]?\d|2[0-4])(?:[.:](?P<minute>[0-5]\d))?(?!\d)"
_NOT_A_COUNT = (
    r"(?!\s*(?:år|dag|uge|time|minut|måned|gang|børn|styk|%|"
    r"\.\s*(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)))(?!\s*[/-]\d)"
)
_MINUTE_WORDS = {"5": 5, "10": 10, "kvart": 15, "kvarter": 15, "20": 20}

_RANGE = re.compile(
    r"(?:mellem|fra|kl)?\s*\b(?:kl\s*)?(?P<first>\d{1,2}(?:[.:]\d\d)?)\s*(?:og|til|-|–)\s*(?:kl\s*)?"
    r"(?P<last>\d{1,2}(?:[.:]\d\d)?)(?![\d.:/])"
)
_RANGE_LEAD = re.compile(r"^\s*(?:mellem|fra|kl)")
_AFTER = re.compile(
    rf"\b(?:efter|tidligst|fra|ikke før|først efter|senere end)\s+(?:kl\s*)?{_HOUR}{_NOT_A_COUNT}"
)
_BEFORE = re.compile(
    rf"\b(?:før|inden|senest|ikke efter|ikke senere end|indtil|til)\s+(?:kl\s*)?{_HOUR}{_NOT_A_COUNT}"
)
_AROUND = re.compile(rf"\b(?:ved|omkring|cirka|ca\.?)\s+(?:kl\s*)?{_HOUR}(?:-tiden| tiden)?{_NOT_A_COUNT}")
_SPOKEN = re.compile(
    r"\b(?:(?P<minutes>5|10|20|kvart(?:er)?)\s+(?P<side>over|i)|(?P<half>halv))\s+(?P<hour>\d{1,2})\b"
)
_AT = re.compile(rf"\bkl\s*{_HOUR}")
_BARE = re.compile(
    r"(?<![\d.:/])(?P<hour>[01]?\d|2[0-3])(?P<separator>[.:])(?P<minute>00|05|10|15|20|25|30|35|40|45|50|55)(?![\d.:/])"
)
_DATE_LEAD = re.compile(r"(?:\bden|\bd\.?)\s*$")

_NOON = time(12, 0)
# A start time is the last minute at which a meeting may begin, so "om formiddagen" ends just before noon.
_PARTS_OF_DAY = (
    (r"\b(?:efter|over) (?:frokost|middag|kl 12)", ClockSpan(_NOON, None)),
    (r"\b(?:før|inden) (?:frokost|middag)", ClockSpan(None, time(11, 59))),
    (r"eftermiddag", ClockSpan(_NOON, None)),
    (r"formiddag", ClockSpan(None, time(11, 59))),
    (
        r"\b(?:tidligt? om morgenen|om morgenen|morgenstunden|(?<!i )(?<!over)morgen(?:tid)?\b)",
        ClockSpan(None, time(9, 59)),
    ),
    (r"\b(?:midt på dagen|middagstid|ved middag|omkring middag)", ClockSpan(time(11, 0), time(13, 0))),
    (r"\b(?:aften|om aftenen|fyraften|efter arbejde)", ClockSpan(time(16, 0), None)),
    (r"\b(?:tidligt på dagen)", ClockSpan(None, time(9, 59))),
    (r"\b(?:sent på dagen|sidst på dagen)", ClockSpan(time(13, 0), None)),
)
_COMPLEMENT_PARTS = (
    (r"\bikke (?:om |så |på |for )?(?:tidligt?|morgen\w*)", ClockSpan(time(10, 0), None)),
    (r"\bikke (?:om |i )?formiddag\w*", ClockSpan(_NOON, None)),
    (r"\bikke (?:om |i )?eftermiddag\w*", ClockSpan(None, time(11, 59))),
    (r"\bikke (?:for |så )sent", ClockSpan(None, time(13, 0))),
)


def understand_clock(text: str) -> ClockSpan:
    """Gives when a meeting may start. `text` is folded. Clock times win over parts of the day."""
    return _clock_times(text) or _part_of_day(text) or ClockSpan()


def _clock_times(text: str) -> ClockSpan | None:
    found = _range(text)
    if found:
        return found
    after, before = _AFTER.search(text), _BEFORE.search(text)
    if after and _is_hour_after(after, text):
        return ClockSpan(_time(after), _time(before) if before and before.start() > after.end() else None)
    if before:
        return ClockSpan(None, _time(before))
    around = _AROUND.search(text)
    if around:
        hour = _time(around)
        return ClockSpan(_shifted(hour, -30), _shifted(hour, 30))
    spoken = _SPOKEN.search(text)
    if spoken:
        return _exactly(_spoken_time(spoken))
    at = _AT.search(text)
    if at:
        return _exactly(_time(at))
    bare = _BARE.search(text)
    if bare and not _DATE_LEAD.search(text[: bare.start()]):
        return _exactly(_time(bare))
    return None


def _is_hour_after(match: re.Match[str], text: str) -> bool:
    """Tells "efter 10" from "efter 3. december" and "fra 9. december"."""
    return not re.match(r"\.\s|\.$", text[match.end() :]) or "kl" in match[0]


def _range(text: str) -> ClockSpan | None:
    for match in _RANGE.finditer(text):
        led = _RANGE_LEAD.match(match[0]) is not None
        first, last = _parse(match["first"]), _parse(match["last"])
        plausible = first and last and 6 <= first.hour < last.hour <= 20
        if plausible and first and last and (led or "-" in match[0] or "–" in match[0]):
            return ClockSpan(first, _shifted(last, -1))
    return None


def _part_of_day(text: str) -> ClockSpan | None:
    for pattern, span in _COMPLEMENT_PARTS + _PARTS_OF_DAY:
        if re.search(pattern, text):
            return span
    return None


def _exactly(moment: time) -> ClockSpan:
    return ClockSpan(moment, moment)


def _parse(text: str) -> time | None:
    hour, _, minute = text.replace(":", ".").partition(".")
    return _office_time(int(hour), int(minute or 0)) if int(hour) <= 24 and int(minute or 0) < 60 else None


def _time(match: re.Match[str]) -> time:
    return _office_time(int(match["hour"]), int(match["minute"] or 0))


def _office_time(hour: int, minute: int) -> time:
    """Reads 1 to 6 as afternoon: nobody asks for a meeting at three in the night."""
    return time((hour + 12 if 1 <= hour <= 6 else hour) % 24, minute)


def _spoken_time(match: re.Match[str]) -> time:
    hour = _office_time(int(match["hour"]) % 24, 0)
    if match["half"]:
        return _shifted(hour, -30)
    minutes = _MINUTE_WORDS[match["minutes"]]
    return _shifted(hour, minutes if match["side"] == "over" else -minutes)


def _shifted(moment: time, minutes: int) -> time:
    total = max(0, min(24 * 60 - 1, moment.hour * 60 + moment.minute + minutes))
    return time(total // 60, total % 60)
