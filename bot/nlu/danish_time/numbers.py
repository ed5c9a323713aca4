"""Writes number words of time as digits and spoken hours as a clock: "kvart over ti" is "kl 10.15".

"En" and "to" are hours only where nothing but an hour can stand: "tid til en samtale" is not one o'clock.
"""

import re

from bot.nlu.danish_time.vocabulary import MONTH_NAMES, NUMBER_WORDS, ORDINALS, WEEKDAY_NAMES

_WORDS = "|".join(sorted([*NUMBER_WORDS, "et"], key=len, reverse=True))
_NUMBER = rf"(?:{_WORDS}|\d{{1,2}})"
_WEEKDAY = "|".join(WEEKDAY_NAMES)
AFTER_HOUR = (
    r"(?=\s*(?:$|[,;!?)–-]|\.(?:\s|$)|(?:men|så|om|på|i|er|passer|kan|den|hvis|for|vil|ville|går|duer|"
    r"dur|lyder|helst|hver|"
    r"tak|tiden|kl|de|alle|fordi|eftermiddag\w*|formiddag\w*|morgen\w*|ikke|ja|jeg|skal|gerne|"
    r"og (?!\w+er\b)|eller \d|"
    rf"eller (?:senere|tidligere|før|efter)|til \d|til kl|en (?:{_WEEKDAY})|{_WEEKDAY})(?:\b|(?<=\s))))"
)
"""What may follow a bare hour; a noun may not ("efter to samtaler")."""

_COUNTED = re.compile(
    rf"\b(?P<lead>om|næste|kommende|inden ?for|efter|løbet af) (?P<number>{_WORDS})(?= (?:dage?|uger?|"
    r"måneder|måned)\b)"
)
_SPOKEN = re.compile(
    rf"\b(?:kl )?(?:(?P<minutes>{_NUMBER}|kvart(?:er)?)(?: minutter)? (?P<side>over|i|"
    r"før) (?P<to_half>halv )?|(?P<half>halv ))"
    rf"(?P<hour>{_NUMBER})\b(?! ?(?:år|dage?|uger?|timer?|minut\w*|måned\w*|gange?|[.:]\d))"
)
_MINUTES = {"5": 5, "10": 10, "20": 20, "fem": 5, "ti": 10, "tyve": 20, "kvart": 15, "kvarter": 15}
_AFTER_KL = re.compile(rf"\bkl (?P<number>{_WORDS})\b")
_SPLIT_MINUTES = re.compile(rf"\b(kl|{_WEEKDAY}) (\d{{1,2}}) ?(00|15|30|45)\b(?! ?\d)")
_RANGE = re.compile(
    rf"\b(?P<lead>mellem|fra|kl) (?P<first>(?:kl )?\d{{1,2}}\.\d\d|{_NUMBER})(?P<link> (?:og|"
    rf"til) )(?P<last>{_NUMBER})\b{AFTER_HOUR}"
)
_BARE = re.compile(
    r"\b(?P<lead>før|efter|inden|til|ved|omkring|cirka|senest|tidligst|indtil|fra|end|"
    rf"{_WEEKDAY}) (?P<number>{_WORDS})\b"
    r"(?! (?:og|eller|til)\b)(?:(?<! en)(?<! et)|(?<=før en)(?=$|[,;.!?])|(?<=efter en)(?=$|"
    rf"[,;.!?])){AFTER_HOUR}"
)
_ORDINALS = "|".join(sorted(ORDINALS, key=len, reverse=True))
_MONTHS = "|".join(MONTH_NAMES)
# Alone, "den anden" is the second choice offered, not the second of the month.
_NAMED_DATE = re.compile(rf"\b(?:den |d\.? ?)?(?P<number>{_ORDINALS})(?= (?:{_MONTHS})\b)")
_DATE = re.compile(rf"\bden (?P<number>{_ORDINALS})(?=$|[,;.!?]| (?:om|kl|passer|er|kan)\b)")
_LAST_CHOICE = 6


def digits_for_numbers(text: str) -> str:
    """Gives the folded text with its numbers of time in digits."""
    text = _COUNTED.sub(lambda m: f"{m['lead']} {_value(m['number'])}", text)
    text = _SPOKEN.sub(_as_clock, text)
    text = _AFTER_KL.sub(lambda m: f"kl {_value(m['number'])}", text)
    text = _SPLIT_MINUTES.sub(r"\1 \2.\3", text)
    text = _RANGE.sub(lambda m: f"{m['lead']} {_hour(m['first'])}{m['link']}{_value(m['last'])}", text)
    text = _BARE.sub(lambda m: f"{m['lead']} {_value(m['number'])}", text)
    text = _NAMED_DATE.sub(lambda m: f"den {ORDINALS[m['number']]}.", text)
    return _DATE.sub(lambda m: f"den {ORDINALS[m[1]]}." if ORDINALS[m[1]] > _LAST_CHOICE else m[0], text)


def _value(word: str) -> int:
    if word.isdigit():
        return int(word)
    return NUMBER_WORDS.index(word) if word != "et" else 1


def _hour(words: str) -> str:
    return words if "." in words else str(_value(words))


def _as_clock(match: re.Match[str]) -> str:
    minutes = 0 if match["half"] else _MINUTES.get(match["minutes"])
    hour = _value(match["hour"])
    if minutes is None or not 1 <= hour <= 24 or (match["side"] == "i" and not _is_spoken_hour(match)):
        return match[0]
    total = (hour + 12 if hour <= 6 else hour) * 60
    total += minutes if match["side"] == "over" else -minutes
    total -= 30 if match["half"] or match["to_half"] else 0
    return f"kl {total // 60 % 24}.{total % 60:02}"


def _is_spoken_hour(match: re.Match[str]) -> bool:
    """Tells "fem i ti" from "fem i 3 hold"."""
    sure = match[0].startswith("kl") or match["minutes"].startswith("kvart") or match["to_half"]
    return bool(sure) or re.match(AFTER_HOUR, match.string[match.end() :]) is not None
