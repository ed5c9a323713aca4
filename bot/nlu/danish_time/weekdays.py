"""Weekdays in a folded Danish text, wished and not wished."""

import re

from bot.nlu.danish_time.wish import WEEKDAYS

_STEMS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_DAY = re.compile(rf"\b(?P<day>{'|'.join(_STEMS)})(?:en|e|ene|s)?\b")
_CLAUSE_END = re.compile(r"\bmen\b|[;!?]|,|\.(?=\s+[a-zæøå])|\bså hellere\b|\bhellere\b")
_NOT_BEFORE = re.compile(r"\b(?:ikke|undtagen|bortset fra|uden|andre dage end|andet end|aldrig|hverken)\b")
_NOT_AFTER = re.compile(
    r"^\s*(?:(?:eller|og)\s+\w+\s+)?(?:er jeg (?:ikke|optaget|på arbejde|til|hos|bortrejst|væk)|"
    r"(?:kan|har|passer|duer|går|dur)\b[^,;]{0,20}\bikke\b|har jeg (?:noget|andet|travlt)|"
    r"arbejder jeg|passer jeg|skal jeg)"
)
_WORKDAYS = re.compile(r"\bhverdage?(?:n|ne)?\b")
_WEEKEND = re.compile(r"\bweekend(?:en|er)?\b")


def understand_weekdays(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Gives the wished and the unwished weekdays, each in the order of the week. `text` is folded."""
    wished: set[str] = set()
    unwished: set[str] = set()
    for clause in _clauses(text):
        for match in _DAY.finditer(clause):
            day = WEEKDAYS[_STEMS.index(match["day"])]
            (unwished if _is_negated(clause, match) else wished).add(day)
        if _WEEKEND.search(clause):
            (unwished if _NOT_BEFORE.search(clause) else wished).update(WEEKDAYS[5:])
        if _WORKDAYS.search(clause):
            wished.update(WEEKDAYS[:5])
    return _in_order(wished - unwished), _in_order(unwished)


def _clauses(text: str) -> list[str]:
    """Splits where a negation ends; a list of days ("ikke mandag, tirsdag eller fredag") stays whole."""
    clauses: list[str] = []
    start = 0
    for boundary in _CLAUSE_END.finditer(text):
        rest = text[boundary.end() :]
        if (
            boundary[0] == ","
            and _DAY.match(rest.lstrip())
            and not _NOT_AFTER.match(_DAY.sub("", rest.lstrip(), 1))
        ):
            continue
        clauses.append(text[start : boundary.start()])
        start = boundary.end()
    return [*clauses, text[start:]]


def _is_negated(clause: str, match: re.Match[str]) -> bool:
    before = clause[: match.start()]
    not_a_time = re.search(r"\bikke (?:før|efter|senere|tidligere)\b", before)
    return bool(_NOT_BEFORE.search(before) and not not_a_time) or bool(
        _NOT_AFTER.match(clause[match.end() :])
    )


def _in_order(days: set[str]) -> tuple[str, ...]:
    return tuple(day for day in WEEKDAYS if day in days)
