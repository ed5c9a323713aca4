"""Reads words of time that were typed in a hurry: a wrong key, a letter left out or doubled, no space.

Only words that the rules ask for are mended, so a mended word can be wrong in two ways only: it was an
ordinary Danish word (lookalikes.txt holds those that lie one slip from a word of time), or two words of time
lie equally near. Both are left as they are.
"""

import re
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.nlu.danish_time.vocabulary import (
    CLOCK_WORDS,
    KNOWN_WORDS,
    LINKS,
    MONTH_NAMES,
    NUMBER_WORDS,
    PARTS_OF_DAY,
    SPANS,
    TIME_WORDS,
    VERBS,
    WEEKDAY_FORMS,
    WEEKDAY_NAMES,
)
from bot.nlu.folding import fold as same_spelling
from bot.nlu.noise import NEIGHBOURS

_LOOKALIKES = frozenset(
    word
    for line in (Path(__file__).parent / "lookalikes.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)
_ORDINARY = KNOWN_WORDS | _LOOKALIKES

_SHORTEST_CORRECTED = 5
_SHORTEST_WITH_OTHER_START = 6
_SAFE_WITH_OTHER_START = frozenset({"ikke", "næste", "efter", "inden", "kvart", "nytår"} & KNOWN_WORDS)
_SHORTEST_WITH_TWO_SLIPS = 9
_MOST_SLIPS = 2
_STEM = 5
_SHORTEST_DOUBLED = 3
# Shorter, and still safe to correct: alone they are no wish.
_SHORT_BUT_SAFE = frozenset({"ikke", "ugen", "uger", "inden", "dage", "går", "kan"}) & KNOWN_WORDS

_BARE = str.maketrans({"æ": "a", "ø": "o", "å": "a", "ö": "o", "ä": "a"})
_WORD = re.compile(r"[a-zæøåöäé]+")
_LETTER_BY_DIGIT = re.compile(r"(?<=[a-zæøå])(?=\d)|(?<=\d)(?=[a-zæøå]{2})")
_WEEKDAY_INSIDE = re.compile(rf"^(\w*?)({'|'.join(WEEKDAY_NAMES)})(ene?|e)?(\w*)$")
# Names of feasts: "langfredag" is no Friday like the others.
_FEASTS = ("lang", "skær", "påske", "pinse", "aske", "palme", "fastelavns", "store", "kirke")

# Words too short to be mended by themselves, with what must stand before or after them.
_UNITS_BEFORE = r"(?:næste|kommende|denne|her|hele|\d|en|et|par|nogle|anden)"
_IN_PLACE = (
    ("uge", rf"\b{_UNITS_BEFORE} $|^i $", r""),
    ("uge", r"(?:^|\bi )$", r"^ \d{1,2}\b"),
    ("dag", r"\bi $", r""),
    ("juni", r"(?:\bi|\d\.?) $", r""),
    ("juli", r"(?:\bi|\d\.?) $", r""),
    ("halv", r"", r"^ (?:\d{1,2}|et|to|tre|fire|fem|seks|ni|ti|elleve|tolv)\b"),
    ("jul", r"\b(?:inden|før|efter) $", r""),
    ("kl", r"", r"^ (?:[6-9]|1[0-7])\b"),
    ("før", r"", r"^ (?:kl\b|middag|frokost|jul\b|nytår|(?:[6-9]|1[0-7])\b(?! ?(?:\.|/)))"),
    ("til", r"dag(?:en)? $", r"^ (?:på )?\w+dag\b"),
    ("og", r"\b(?:mellem|kl) (?:kl )?\d{1,2}(?:[.:]\d\d)? $", r"^ (?:kl )?\d"),
    ("over", r"\bkvart(?:er)? $", r""),
    ("kvart", r"", r"^ (?:over|i) (?:\d|[a-z]{2,6}\b)"),
    ("om", r"", r"^ (?:\d{1,2}|en|et par) (?:uger?|uges|dage?|måned)\b"),
    ("dage", r"\b(?:\d{1,2}|par) $", r""),
    ("en", r"\bom $", r"^ (?:uge|måned)\b"),
    ("den", r"dag $", r"^ \d"),
    ("fra", r"", rf"^ (?:kl\b|\d|(?:{'|'.join(WEEKDAY_NAMES)})\b)"),
    ("kan", r"dag(?:en)? $", r"^ jeg ikke\b"),
    ("er", r"dag(?:en)? $", r"^ jeg\b"),
    ("på", r"", r"^ ugen\b"),
    *((number, r"\b(?:kl|halv|over|kvart i|efter|før) $", r"") for number in NUMBER_WORDS if len(number) > 3),
    ("jeg", r"\b(?:har|er|skal|kan|arbejder) $", r""),
    ("jeg", r"", r"^ (?:kan|har|skal|er|arbejder|henter)\b"),
    ("har", r"dag(?:en)? $", r"^ jeg\b"),
    ("den", r"", r"^ \d{1,2}\.(?!\d)"),
    ("nær", r"\bpå $", r""),
    ("end", r"\b(?:hellere|bedre|helst|snarere)\b.* $", r"^ (?:på )?\w+dag"),
    ("på", r"", rf"^ (?:{'|'.join(WEEKDAY_NAMES)})\b"),
    ("i", r"", r"^ (?:morgen|overmorgen|dag|næste uge|eftermiddag|formiddag)\b"),
)
_SMALL_WORDS = frozenset({"noget", "nogle", "lidt", "lige", "ledigt", "tak"})
_SMALL_LINKS = frozenset({"i", "om", "på"})
_SUBJECTS = frozenset({"jeg", "det", "den", "vi"})
# A small word that lost its space to the word before: "mødei morgen", "tidpå tirsdag".
_JOINED_LINK = re.compile(
    rf"\b(\w{{3,}}?)(på|pa|(?<=\w{{3}})i) (?=(?:{'|'.join(WEEKDAY_NAMES)}|morgen|overmorgen|eftermiddag)\b)"
)
_SHORT_WORDS = frozenset(
    "af al at da de den der det din dit du efter en er et far for fra får går gør ham han har her hun "
    "hver i ind "
    "ja jeg kan kl lad let lå man med men mig min mit må nej nok nu når nr og om op os på ser sin sit "
    "siden som "
    "så ta ti til to tro ud ude vi vil ved være år pr par pas per pga gør dør frø uden unge due ned "
    "nær hej "
    "nul ny ok alm ka tag tak tal en jul dage dags dog dig deg ide idé jo".split()
)


def correct_slips(text: str) -> str:
    """Gives the text, in small letters, with its words of time spelled as the rules spell them."""
    text = _LETTER_BY_DIGIT.sub(" ", text)
    text = re.sub(r"\b(?:k l|klokke n) ?(?=\d)", "kl ", text)
    text = _WORD.sub(lambda match: _corrected(match[0]), _moved_spaces(text))
    return _JOINED_LINK.sub(r"\1 \2 ", _in_place(text))


@lru_cache(maxsize=4096)
def _corrected(word: str) -> str:
    if word in _ORDINARY or word in _SHORT_WORDS:
        return word
    return _taken_apart(word) or _nearest(word) or word


def _moved_spaces(text: str) -> str:
    """Reads "o mtorsdag" as "om torsdag": the space came a letter too early."""
    words = text.split(" ")
    for at in range(len(words) - 1):
        first, second = words[at] + words[at + 1][:1], words[at + 1][1:]
        if words[at] and words[at + 1] not in _ORDINARY and second in KNOWN_WORDS:
            garbled = words[at] not in _ORDINARY | _SHORT_WORDS
            if (first in LINKS | VERBS and (garbled or len(second) > 1)) or (
                garbled and len(second) >= _SHORTEST_CORRECTED
            ):
                words[at : at + 2] = first, second
    return " ".join(words)


def _taken_apart(word: str) -> str | None:
    """Gives the words of which a space was left out between, or None."""
    found = _WEEKDAY_INSIDE.match(word)
    if found and found[1] not in _FEASTS and not _is_compound(found[4]):
        before = found[1] if len(found[1]) > 1 or found[1] == "i" else ""
        ending, after = found[3] or "", found[4]
        if ending + after in KNOWN_WORDS:
            ending, after = "", ending + after
        parts = (_corrected(before) if before else "", found[2] + ending, after)
        return " ".join(part for part in parts if part)
    if word.endswith("kl") and len(word) > _SHORTEST_WITH_OTHER_START:
        return f"{_corrected(word[:-2])} kl"
    for at in range(1, len(word)):
        first, second = _spelled(word[:at]), _spelled(word[at:])
        if first and second and _go_together(first, second):
            return f"{first} {second}"
    return None


def _is_compound(rest: str) -> bool:
    """Tells "mandagsmøde" from "mandagså"."""
    return rest.startswith("s") and rest[1:] not in PARTS_OF_DAY and rest not in LINKS | {"s"}


def _spelled(word: str) -> str | None:
    if word in KNOWN_WORDS | _SMALL_WORDS:
        return word
    return _BY_BARE.get(_bare(word)) if len(word) > 1 else None


def _go_together(first: str, second: str) -> bool:
    """Tells whether two words are safely two: at least one is of time, or "ikke" after a verb."""
    if first in CLOCK_WORDS and second in NUMBER_WORDS:
        return True
    if "ikke" in (first, second):
        return first in LINKS | VERBS and (len(second) > 4 or second in LINKS | VERBS)
    if first in _SUBJECTS:
        return second in VERBS or len(second) > 4
    of_time = WEEKDAY_FORMS | PARTS_OF_DAY | SPANS | CLOCK_WORDS | {"næste", *MONTH_NAMES}
    if first in LINKS and second in of_time | {"nær"}:
        return True
    if min(len(first), len(second)) > 2 and len(first) + len(second) >= _SHORTEST_WITH_TWO_SLIPS:
        return True
    long = max(len(first), len(second)) >= _SHORTEST_WITH_OTHER_START
    if long and {first, second} & (_SHORT_WORDS | _SMALL_WORDS):
        return True
    return first in of_time and (
        second in _SMALL_LINKS or (len(first) > 4 and second in of_time | LINKS | VERBS)
    )


def _nearest(word: str) -> str | None:
    """Gives the one known word that is a slip away (two, for long words), or None."""
    bare = _bare(word)
    if bare in _BY_BARE:
        return _BY_BARE[bare]
    if len(word) > _SHORTEST_DOUBLED and same_spelling(word) in _BY_SPELLING:
        return _BY_SPELLING[same_spelling(word)]
    costs: dict[str, float] = {}
    for known_bare, slips, known in extract(
        bare, _CORRECTABLE, scorer=OSA.distance, score_cutoff=_MOST_SLIPS, limit=None
    ):
        if slips <= _most_slips(bare, known_bare):
            costs[known] = slips + _oddity(bare, known_bare)
    best = min(costs.values(), default=0)
    nearest = [known for known, cost in costs.items() if cost == best]
    # Two forms of one word are no doubt: "formiddagn" is of the morning either way.
    one_word = len({known[:_STEM] for known in nearest}) == 1
    return max(nearest, key=len) if one_word else None


def _most_slips(word: str, known: str) -> int:
    if word[0] != known[0]:
        return 1 if len(known) >= _SHORTEST_WITH_OTHER_START or known in _BARE_WITH_OTHER_START else 0
    return _MOST_SLIPS if len(known) >= _SHORTEST_WITH_TWO_SLIPS else 1


def _oddity(word: str, known: str) -> float:
    """Of words as many slips away, one with the same first letter is likelier, then one with a near key."""
    changed = [(a, b) for a, b in zip(word, known, strict=False) if a != b]
    swapped = sorted(word) == sorted(known)
    near = swapped or len(word) != len(known) or all(b in NEIGHBOURS.get(a, "") for a, b in changed)
    return (0.4 if word[0] != known[0] else 0) + (0 if near else 0.5)


def _in_place(text: str) -> str:
    """Mends short words where the words beside them leave no doubt."""
    for known, before, after in _IN_PLACE:
        for match in reversed(list(_WORD.finditer(text))):
            if (
                _may_be(match[0], known)
                and re.search(before, text[: match.start()])
                and re.search(after, text[match.end() :])
            ):
                text = text[: match.start()] + known + text[match.end() :]
    return text


def _may_be(word: str, known: str) -> bool:
    if word in _ORDINARY or word in _SHORT_WORDS or abs(len(word) - len(known)) > 1:
        return False
    if len(known) == 1:
        return word == 2 * known or (len(word) == 1 and word in NEIGHBOURS[known])
    slips = OSA.distance(_bare(word), _bare(known))
    return slips <= 1 and (word[0] in known or word[0] in NEIGHBOURS[known[0]])


def _bare(word: str) -> str:
    """Gives æ, ø and å as people without these keys write them."""
    return re.sub("ae|oe|aa", lambda pair: pair[0][0], word).translate(_BARE)


# "for" and "far" are words of their own; "pa" and "naste" are not.
_BY_BARE = {
    _bare(word): word
    for word in sorted(KNOWN_WORDS, reverse=True)
    if _bare(word) not in _LOOKALIKES | _SHORT_WORDS
}
_BY_SPELLING = {
    same_spelling(word): word for word in sorted(KNOWN_WORDS, reverse=True) if len(word) >= _SHORTEST_DOUBLED
}
_BARE_WITH_OTHER_START = frozenset(map(_bare, _SAFE_WITH_OTHER_START))
_CORRECTABLE = {
    word: _bare(word)
    for word in sorted(
        (TIME_WORDS | LINKS | VERBS | {w for w in KNOWN_WORDS if len(w) >= _SHORTEST_CORRECTED})
        - set(NUMBER_WORDS)
    )
    if len(word) >= _SHORTEST_CORRECTED or word in _SHORT_BUT_SAFE
}
