"""Finding CPR numbers in what people write.

A CPR number is a birth date and four digits, ddmmyyxxxx. Replacement numbers (erstatningspersonnumre) have 60
added to the day. Numbers issued since 2007 need not satisfy the modulus 11 check, so only the date is tested
(cpr.dk, "Personnumre uden kontrolciffer"). When in doubt we mask: a citizen can write a time again, but a
number that has reached the logs cannot be called back.
"""

import datetime
import re
from collections.abc import Iterator, Sequence

from identifiers.dates import DATES, can_be_born_on, is_birth_date, is_coming, reads_as_time
from identifiers.digits import DASHES, Groups, clusters, joined, joint, sizes
from identifiers.phones import is_foreign_phone, length_of_phone, length_of_two_phones

Span = tuple[int, int]

_DASH = re.compile(rf"\s*[{DASHES}]\s*")
_CENTURIES = (18, 19, 20)
# Twelve digits, ddmmyyyyxxxx, each standing alone.
_LONGEST = 12

# What says of the digits behind it that they are a time, and what is an amount; neither is part of a number.
_CLOCK = re.compile(
    r"\b(?:kl|klokken)\.?\s{0,3}(\d{1,2}(?:[.:]?\d\d)?(?:\s?-\s?\d{1,2}(?:[.:]?\d\d)?)?)(?!\d)", re.I
)
_AMOUNT = re.compile(r"(?<![\d.])[1-9]\d{0,2}(?:\.\d{3}){2,}(?![\d.]|\s?\d)")
_MEETING = re.compile(
    r"(?<!\d)\d{1,2}[./\-]\d{1,2}(?:[./\-](?P<year>\d{4}|\d\d))?\s{1,3}"
    r"(?:(?P<hour>\d{1,2})[.:](?P<minute>\d\d)(?:\s?-\s?\d{1,2}[.:]\d\d)?|(?P<clock>\d{4}))(?!\d)"
)

# What people say between the date and the last four: "010190 og så 1234", "010190 (de sidste fire er 1234)".
_WORDS = (
    "og|så|saa|derefter|efterfulgt|af|bindestreg|streg|minus|plus|de|det|sidste|fire|4|cifre|tal|er|resten"
)
_WORDS += "|kontrolcifre|løbenummer|med|samt|cpr|nummer|nr|mit|min"
_JOINED = rf"(?:\b(?:{_WORDS})\b|[\s,;:.()\[\]*+|~'\"=&/\\_{DASHES}])"
_LAST_FOUR = re.compile(rf"{_JOINED}{{1,20}}?(?P<last>\d{{4}}|\d\d \d\d(?! \d))(?![.,]?\d)")
_ONLY_FOUR = re.compile(rf"{_JOINED}{{0,20}}(?P<last>\d\d ?\d\d)(?:{_JOINED}|[!?]){{0,20}}")
_TOWN = re.compile(r"\s+[A-ZÆØÅ][a-zæøå]")
_TOLD_LAST = re.compile(
    r"\b(?:sidste\s+(?:fire|4)|(?:fire|4)\s+sidste|kontrolcifre\w*|løbenummer\w*)(?:\s+(?:cifre|tal))?"
    r"(?:\s+i\s+(?:mit\s+)?(?:cpr|personnummer)[\w-]*)?\s*(?:er|:|=)?\s*(?P<last>\d{4})(?!\d)",
    re.IGNORECASE,
)


def cpr_spans(text: str, today: datetime.date) -> Iterator[Span]:
    """Where CPR numbers stand in a text of plain digits, in no order; spans may overlap."""
    numbers = _without_times(text, today)
    yield from _in_clusters(numbers)
    yield from _dates_with_last_four(text, today)
    yield from (found.span("last") for found in _TOLD_LAST.finditer(text))


def continued_spans(earlier: Sequence[str], text: str, today: datetime.date) -> Iterator[Span]:
    """Where a text completes a CPR number whose first part stands in an earlier message.

    Args:
        earlier: What was written shortly before, oldest first, in plain digits.
        text: What is written now, in plain digits.
        today: The day it is written.
    """
    last = _ONLY_FOUR.fullmatch(text.strip())
    if last and any(_holds_open_date(message, last["last"], today) for message in earlier):
        start = text.index(last["last"])
        yield start, start + len(last["last"])
    for count in range(1, len(earlier) + 1):
        before = "\n".join(earlier[-count:]) + "\n"
        for start, end in _in_clusters(_without_times(before + text, today)):
            if start < len(before) < end and _is_in_pieces(before[start:], text[: end - len(before)]):
                yield _first_digit(text), end - len(before)


def _without_times(text: str, today: datetime.date) -> str:
    """The text with the digits of times, meetings and amounts out of the way, each as long as it was."""
    text = _CLOCK.sub(lambda found: _blank(found, 1), text)
    text = _AMOUNT.sub(_blank, text)
    return _MEETING.sub(lambda found: _blank(found) if _is_meeting(found, today) else found[0], text)


def _blank(found: re.Match[str], group: int = 0) -> str:
    start, end = (place - found.start() for place in found.span(group))
    return found[0][:start] + "x" * (end - start) + found[0][end:]


def _is_meeting(found: re.Match[str], today: datetime.date) -> bool:
    date = DATES[0].match(found[0])
    coming = date is not None and is_coming(date, today)
    if found["clock"]:
        return coming and reads_as_time(found["clock"])
    is_time = int(found["hour"]) < 24 and int(found["minute"]) < 60
    return is_time and (coming or found["year"] is None)


def _in_clusters(text: str) -> Iterator[Span]:
    for groups in clusters(text):
        if is_foreign_phone(groups):
            continue
        first = 0
        while first < len(groups):
            others = length_of_two_phones(groups[first:]) or _length_of_date_and_phone(groups[first:])
            length = 0 if others else _length_of_cpr(groups[first : first + _LONGEST])
            if length:
                yield groups[first].start(), groups[first + length - 1].end()
            first += others or length or 1


def _length_of_date_and_phone(groups: Groups) -> int:
    """How many of the groups are a date and, as the last thing there, a phone number; 0 when they are not."""
    date = next((n for n in range(1, min(len(groups), 4)) if len(joined(groups[:n])) == 6), 0)
    phone = length_of_phone(groups[date:]) if date else 0
    return date + phone if phone and date + phone == len(groups) else 0


def _length_of_cpr(groups: Groups) -> int:
    """How many of the groups, from the first one, make up a CPR number; 0 when none do."""
    return next((n for n in range(1, len(groups) + 1) if _is_cpr(groups[:n])), 0)


def _is_cpr(groups: Groups) -> bool:
    digits = joined(groups)
    if not is_birth_date(int(digits[:2] or 0), int(digits[2:4] or 0)):
        return False
    if len(digits) == 10:
        return not _holds_phone_number(groups)
    return len(digits) == 12 and int(digits[4:6]) in _CENTURIES and _ends_in_four(groups)


def _holds_phone_number(groups: Groups) -> bool:
    """Eight digits in one piece are a phone number with another number beside it. None begins with 0 or 1."""
    return any(len(group.group()) == 8 and group.group()[0] not in "01" for group in groups)


def _ends_in_four(groups: Groups) -> bool:
    """With the year in full, the digits stand together, or the last four are a group of their own."""
    if len(groups) == 1:
        return True
    *date, last = groups
    by_dash = _DASH.fullmatch(joint(date[-1], last)) is not None
    # Eight digits and four could be a phone number and a postal code.
    return len(last.group()) == 4 and (by_dash or sizes(date) == [2, 2, 4])


def _dates_with_last_four(text: str, today: datetime.date) -> Iterator[Span]:
    for form in DATES:
        for date in form.finditer(text):
            last = _LAST_FOUR.match(text, date.end())
            if last is None or not can_be_born_on(date) or _TOWN.match(text, last.end()):
                continue
            between = text[date.end() : last.start("last")]
            as_a_wish = not date[0].isdecimal() and not between.strip(" ,:")
            if not (as_a_wish and _is_wanted_time(date, last["last"], today)):
                yield date.start(), last.end()


def _is_wanted_time(date: re.Match[str], last: str, today: datetime.date) -> bool:
    return is_coming(date, today) and reads_as_time(re.sub(r"\D", "", last))


def _holds_open_date(message: str, last: str, today: datetime.date) -> bool:
    dates = (date for form in DATES for date in form.finditer(message))
    return any(can_be_born_on(date) and not _is_wanted_time(date, last, today) for date in dates)


def _first_digit(text: str) -> int:
    return next(place for place, character in enumerate(text) if character.isdecimal())


def _is_in_pieces(before: str, now: str) -> bool:
    """Whether a number over several messages was cut in pieces: answers of one digit are answers."""
    pieces = [re.sub(r"\D", "", piece) for piece in (*before.strip("\n").split("\n"), now)]
    written_before = "".join(pieces[:-1])
    is_phone = len(written_before) == 8 and written_before[0] not in "01"
    return all(len(piece) > 1 for piece in pieces) and not is_phone
