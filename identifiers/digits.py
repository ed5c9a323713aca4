"""Numbers as people write them: digits of any script, in groups, with something between."""

import re
import unicodedata
from collections.abc import Iterator

# What people put between the digits: blanks, dashes, dots, slashes; and what their keyboards put there unseen
# (zero-width characters, soft hyphens, the two halves of a keycap emoji).
DASHES = "\\-\u058a\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
BETWEEN = rf"[\s{DASHES}.·•/\\_\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\ufe0f\ufeff\u20e3]{{1,6}}"
_CLUSTER = re.compile(rf"\d+(?:{BETWEEN}\d+)*")
_GROUP = re.compile(r"\d+")

Groups = list[re.Match[str]]


def plain_digits(text: str) -> str:
    """The text, character by character, with every digit as one of 0 to 9: "٠١", "０１" and "⁰¹" too."""
    if text.isascii():
        return text
    return "".join(c if c.isascii() else str(unicodedata.digit(c, c)) for c in text)


def clusters(text: str) -> Iterator[Groups]:
    """Groups of digits that stand together, with nothing but separators between."""
    for cluster in _CLUSTER.finditer(text):
        yield list(_GROUP.finditer(text, cluster.start(), cluster.end()))


def joined(groups: Groups) -> str:
    """The digits of the groups."""
    return "".join(group.group() for group in groups)


def sizes(groups: Groups) -> list[int]:
    """How many digits each group has."""
    return [len(group.group()) for group in groups]


def joint(before: re.Match[str], after: re.Match[str]) -> str:
    """What stands between two groups."""
    return before.string[before.end() : after.start()]
