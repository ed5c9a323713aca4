"""Reads an answer to "Hvor godt kan du ...?".

A short word says more than a classifier can know: "2", "to" and "ja" only mean something because a question
is open. Those are looked up here; everything longer is understood by its intent.
"""

import re
from dataclasses import dataclass

from bot.numerals import read_number, short_answer


@dataclass(frozen=True)
class ScaleAnswer:
    """An answer on the scale 0-3; `response` is None for "ved ikke"."""

    response: int | None

    @property
    def wording(self) -> str:
        """The answer in the scale's own words, to repeat to the citizen."""
        return _WORDINGS[self.response]


_WORDINGS = {
    0: "det kan jeg ikke",
    1: "med hjælp",
    2: "på egen hånd",
    3: "sikkert, jeg kan vise andre",
    None: "ved ikke",
}

_BY_INTENT = {
    "answer_cannot": ScaleAnswer(0),
    "answer_with_help": ScaleAnswer(1),
    "answer_independent": ScaleAnswer(2),
    "answer_advanced": ScaleAnswer(3),
    "dont_know": ScaleAnswer(None),
}

# "Ja, det tror jeg" and "nej, desværre" answer the question; "okay" and "det er forkert" do something else.
_YES = frozenset({"ja", "jo", "jep", "jeps", "jaja", "japs", "jaer", "jow", "joh", "yes"})
_NO = frozenset({"nej", "næ", "næh", "nope", "niks", "nix", "nejnej", "naj", "no"})

# A yes that names the ability, wherever in the message: "pyt, kan jeg helt sikkert".
_ABLE = re.compile(r"\b(?:(?:kan|klarer) jeg|jeg (?:kan|klarer))\b(?! (?:\w+ )?ikk?e?\b)")
_SURE = re.compile(r"\bhelt sikkert\b")

_BY_WORDS = {
    "nej": 0,
    "næ": 0,
    "nope": 0,
    "niks": 0,
    "slet ikke": 0,
    "overhovedet ikke": 0,
    "aldrig": 0,
    "aldrig prøvet": 0,
    "lidt": 1,
    "en smule": 1,
    "en lille smule": 1,
    "sådan lidt": 1,
    "lidt ja": 1,
    "ja lidt": 1,
    "nogenlunde": 1,
    "måske": 1,
    "nogle gange": 1,
    "ikke så godt": 1,
    "ja": 2,
    "jo": 2,
    "jep": 2,
    "ja tak": 2,
    "ja da": 2,
    "fint": 2,
    "godt": 2,
    "det kan jeg": 2,
    "ja det kan jeg": 2,
    "ja selv": 2,
    "selv": 2,
    "alene": 2,
    "helt sikkert": 3,
    "ja helt sikkert": 3,
    "meget godt": 3,
    "rigtig godt": 3,
    "super": 3,
    "ekspert": 3,
}


def read_scale_answer(text: str, intent: str) -> ScaleAnswer | None:
    """Gives the answer in a message, or None when there is none.

    Args:
        text: The message as written.
        intent: What the message was understood as.
    """
    words = short_answer(text)
    number = read_number(text)
    if number is not None:
        return ScaleAnswer(number) if number <= 3 else None
    if words in _BY_WORDS:
        return ScaleAnswer(_BY_WORDS[words])
    first_word = words.partition(" ")[0]
    if intent == "affirm" and first_word in _YES:
        return ScaleAnswer(2)
    if intent == "affirm" and _ABLE.search(words):
        return ScaleAnswer(3 if _SURE.search(words) else 2)
    if intent == "deny" and first_word in _NO:
        return ScaleAnswer(0)
    return _BY_INTENT.get(intent)
