"""Words that the channel itself acts on, whatever is under way: stop, start, and a link to the web."""

import re
from enum import Enum


class ContactWord(Enum):
    """What such a word asks for."""

    STOP = "stop"
    START = "start"


_STOP = ("stop", "afmeld", "slut")
_AROUND_STOP = r"(?:(?:jeg vil )?(?P<word>\w+)(?: (?:sms(?:er)?|beskeder|nu|tak|mig|alt))*)"
# One slip away from a word above, but words in their own right.
_OTHER_WORDS = frozenset({"slet", "slot", "skut", "stor", "stod", "stok", "stof", "top", "step", "stoppe"})


_LINK = re.compile(
    r"(?:(?:kan|vil|må) (?:du|i|jeg) (?:få|sende|have) |jeg vil (?:gerne )?have |send )?(?:mig )?"
    r"(?:lige )?(?:et )?link(?:et)?(?: til (?:chatten|resultatet|mit resultat|nettet|hjemmesiden))?(?: tak)?"
)


def wants_link(text: str) -> bool:
    """Tells whether a message is nothing but a wish for a link: "link", "send mig et link"."""
    return _LINK.fullmatch(" ".join(re.findall(r"\w+", text.casefold()))) is not None


def contact_word(text: str) -> ContactWord | None:
    """Gives what a message asks for, when it is nothing but such a word: "STOP", "afmeld mig", "stpo"."""
    words = " ".join(re.findall(r"\w+", text.casefold()))
    if words == "start":
        return ContactWord.START
    match = re.fullmatch(_AROUND_STOP, words)
    if match and any(_is_meant(match["word"], wanted) for wanted in _STOP):
        return ContactWord.STOP
    return None


def _is_meant(written: str, wanted: str) -> bool:
    if written == wanted:
        return True
    if written in _OTHER_WORDS or abs(len(written) - len(wanted)) > 1 or written[:1] != wanted[:1]:
        return False
    return written in _slips(wanted)


def _slips(word: str) -> set[str]:
    """What comes of a word by leaving a letter out, doubling, swapping or missing one."""
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    left_out = {a + b[1:] for a, b in splits if b}
    doubled = {a + b[0] + b for a, b in splits if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
    missed = {a + letter + b[1:] for a, b in splits if b for letter in "abcdefghijklmnopqrstuvwxyzæøå"}
    return left_out | doubled | swapped | missed
