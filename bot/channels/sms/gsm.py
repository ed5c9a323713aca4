"""What an SMS can hold: the GSM 7-bit alphabet, and how many parts a text takes on the air.

The alphabet is that of 3GPP TS 23.038 (GSM 03.38), section 6.2.1; æ, ø and å are in it.
A text with a single character outside it is sent in UCS-2 and holds less than half as much. A text of several
parts gives up some of each part to a header that says how they belong together (3GPP TS 23.040).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_PARTS = 2
"""No message of the assistant is longer: each part is paid for, and old phones show long ones in pieces."""

# Parts have room for (alone, as one of several) characters.
_GSM_ROOM = (160, 153)
_UCS2_ROOM = (70, 67)

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these takes two places: an escape and a character.
_EXTENDED = frozenset("\f^{}\\[~]|€")

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "),
        **dict.fromkeys("\u00ad\u200b\ufeff", None),
        **dict.fromkeys("•·", "-"),
        "…": "...",
    }
)
_BEFORE_CHOICES = r"(?m)^(?!\d ).*\n(?=\d )"
# Where a text may be cut, best first; the cut comes after the match.
_CUTS = (_BEFORE_CHOICES, r"\n+", r"[.!?]\s+", r"\s+")


def plain(text: str) -> str:
    """Gives the text with typographic quotes, dashes and ellipses as any phone can write them."""
    return text.translate(_PLAIN)


def is_gsm(text: str) -> bool:
    """Tells whether the text can be sent in the GSM alphabet."""
    return all(character in _BASIC or character in _EXTENDED for character in text)


def parts(text: str) -> int:
    """Gives the number of parts that a text is sent and paid as; 1 for an empty one."""
    alone, joined = _GSM_ROOM if is_gsm(text) else _UCS2_ROOM
    widths = list(_widths(text))
    if sum(widths) <= alone:
        return 1
    count, used = 1, 0
    for width in widths:
        # A character of two places is never split between parts, so a part may end one place short.
        if used + width > joined:
            count, used = count + 1, 0
        used += width
    return count


def fits(text: str) -> bool:
    """Tells whether a text takes at most `MAX_PARTS` parts."""
    return parts(text) <= MAX_PARTS


def split(text: str) -> list[str]:
    """Cuts a text into messages of at most `MAX_PARTS` parts: before choices, at lines, sentences, words."""
    messages = []
    rest = text.strip()
    while not fits(rest):
        end = _cut(rest)
        messages.append(rest[:end].strip())
        rest = rest[end:].strip()
    return [message for message in [*messages, rest] if message]


def _widths(text: str) -> Iterator[int]:
    if is_gsm(text):
        yield from (2 if character in _EXTENDED else 1 for character in text)
    else:
        yield from (len(character.encode("utf-16-be")) // 2 for character in text)


def _cut(text: str) -> int:
    """Where to cut a text that does not fit, so that what is before the cut does."""
    longest = next(end for end in range(len(text) - 1, 0, -1) if fits(text[:end]))
    for pattern in _CUTS:
        ends = [match.end() for match in re.finditer(pattern, text[: longest + 1])]
        # A first message of a few words would be odd: then rather a worse place to cut, but not amid choices.
        if ends and (ends[-1] >= longest // 2 or pattern == _BEFORE_CHOICES):
            return min(ends[-1], longest)
    return longest
