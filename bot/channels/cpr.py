"""Finding and masking CPR numbers in what citizens write.

A CPR number is a birth date and four digits, ddmmyyxxxx. Replacement numbers (erstatningspersonnumre) have 60
added to the day. Numbers issued since 2007 need not satisfy the modulus 11 check, so only the date is tested
(cpr.dk, "Personnumre uden kontrolciffer"). When in doubt we mask: a citizen can write a time again, but a
number that has reached the logs cannot be called back.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

CPR_MARKER = "[CPR-nummer fjernet]"

# What people put between the digits: blanks, dashes, dots, slashes; and what their keyboards put there unseen
# (zero-width joiners, the two halves of a keycap emoji).
_BETWEEN = r"[\s\-‐‑‒–—―−.·/_\u200c\u200d\ufe0f\u20e3]{1,4}"
_CLUSTER = re.compile(rf"\d+(?:{_BETWEEN}\d+)*")
_GROUP = re.compile(r"\d+")
_DASH = re.compile(r"\s*[-‐‑‒–—―−]\s*")

_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CENTURIES = (18, 19, 20)
# Twelve digits, ddmmyyyyxxxx, each standing alone.
_LONGEST = 12


def mask_cpr(text: str) -> str:
    """Returns the text with every CPR number replaced by `CPR_MARKER`.

    Phone numbers of eight digits, with or without +45 or 0045, are left alone.
    """
    masked, copied_to = [], 0
    for start, end in _cpr_spans(text):
        masked += [text[copied_to:start], CPR_MARKER]
        copied_to = end
    return "".join([*masked, text[copied_to:]])


def contains_cpr(text: str) -> bool:
    """Tells whether anything in the text would be masked."""
    return next(_cpr_spans(text), None) is not None


def _cpr_spans(text: str) -> Iterator[tuple[int, int]]:
    for cluster in _CLUSTER.finditer(text):
        groups = list(_GROUP.finditer(text, cluster.start(), cluster.end()))
        first = 0
        while first < len(groups):
            length = _length_of_cpr(groups[first : first + _LONGEST])
            if length:
                yield groups[first].start(), groups[first + length - 1].end()
            first += length or 1


def _length_of_cpr(groups: list[re.Match[str]]) -> int:
    """How many of the groups, from the first one, make up a CPR number; 0 when none do."""
    return next((n for n in range(1, len(groups) + 1) if _is_cpr(groups[:n])), 0)


def _is_cpr(groups: list[re.Match[str]]) -> bool:
    digits = "".join(group.group() for group in groups)
    if not _is_birth_date(int(digits[:2] or 0), int(digits[2:4] or 0)):
        return False
    if len(digits) == 10:
        return not _holds_phone_number(groups) and not _ends_in_time_of_day(groups)
    return len(digits) == 12 and int(digits[4:6]) in _CENTURIES and _last_four_joined_by_dash(groups)


def _is_birth_date(day: int, month: int) -> bool:
    if not 1 <= month <= 12:
        return False
    return 1 <= day <= _DAYS_IN_MONTH[month - 1] or 61 <= day <= 60 + _DAYS_IN_MONTH[month - 1]


def _holds_phone_number(groups: list[re.Match[str]]) -> bool:
    """Eight digits in one piece are a phone number with another number beside it ("kl. 10 12345678")."""
    return any(len(group.group()) == 8 for group in groups)


def _ends_in_time_of_day(groups: list[re.Match[str]]) -> bool:
    """A date and a time, "03.12.26 13.30", is what people write when they want an appointment."""
    if [len(group.group()) for group in groups] != [2, 2, 2, 2, 2]:
        return False
    text = groups[0].string
    before, within = (text[a.end() : b.start()] for a, b in pairwise(groups[2:]))
    hour, minute = (int(group.group()) for group in groups[3:])
    return before.isspace() and within == "." and hour < 24 and minute < 60


def _last_four_joined_by_dash(groups: list[re.Match[str]]) -> bool:
    """With the year in full, "01.12.2026 1030" is a date and a time, but "01-12-1990-1030" is a person."""
    if len(groups) == 1:
        return True
    *_, before, last = groups
    joint = before.string[before.end() : last.start()]
    return len(last.group()) == 4 and _DASH.fullmatch(joint) is not None
