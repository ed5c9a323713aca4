"""Reads a message that is nothing but a number: "2", "to", "nr. 2"."""

import re

_WORDS = {"nul": 0, "et": 1, "en": 1, "én": 1, "ét": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5}
_NUMBER = re.compile(r"(?:(?:svar(?:et)?|nr|nummer|tallet|mulighed)[\s.:]*)?(\d+|[a-zæøåé]+)")


def read_number(text: str) -> int | None:
    """Gives the number that the message consists of, or None."""
    match = _NUMBER.fullmatch(short_answer(text))
    if not match:
        return None
    word = match.group(1)
    return int(word) if word.isdecimal() and len(word) < 4 else _WORDS.get(word)


def short_answer(text: str) -> str:
    """Lower case, without punctuation at the ends or between the words of a short answer."""
    return " ".join(re.sub(r"[^\w\s.:]", " ", text.casefold()).split()).strip(" .:")
