"""Takes personal data out of what citizens write, before it becomes training data.

What goes is replaced by a word in capitals, so that the sentence keeps its shape. When in doubt we mask: a
training example is worth little, and what has been trained on cannot be called back.
"""

import re
from collections.abc import Iterable

from identifiers import Kind

NAME, NUMBER, CPR, EMAIL, ADDRESS = "NAVN", "NUMMER", "CPR-NUMMER", "MAILADRESSE", "ADRESSE"

_EMAIL = re.compile(r"\S+@\S+\.\w+")
# Digits with what people put between them: blanks, dashes, dots, slashes, and characters that nobody sees.
_DIGITS = re.compile(r"(?:\+|\b00)?\d(?:[\s\-‐‑‒–—−.·/()\u200b-\u200d\ufe0f\u20e3]{0,4}\d){7,}")
_CPR_LENGTHS = frozenset({10, 12})
# What the channels have hidden already: "[CPR-nummer fjernet]" is CPR-NUMMER.
_FROM_CHANNELS = {kind.marker: kind.marker.strip("[]").removesuffix(" fjernet").upper() for kind in Kind}
# The day of a meeting stays: it is what messages about time are about. A date of birth lies further back.
_COMING_DATE = re.compile(r"\d{1,2}[./-]\s?\d{1,2}[./-]\s?20[2-9]\d")
_STREET = (
    "vej|vejen|gade|gaden|gyde|allé|alléen|stræde|strædet|plads|pladsen|torv|torvet|boulevard|boulevarden"
)
# These are words of their own, too ("have", "park"), so only the end of a longer word is a street.
_STREET_END = (
    "alle|alleen|parken|park|vænget|vænge|haven|have|toften|toft|bakken|bakke|marken|mark|engen|skoven"
)
_STREET_END += "|skov|stien|sti|kajen|havn|krogen|lunden|lund|højen|høj|dalen"
_ADDRESS = re.compile(
    rf"(?:\b[A-ZÆØÅ][\w.]*\s+){{0,2}}\b(?i:\w*(?:{_STREET})|\w{{2,}}(?:{_STREET_END}))"
    r"(?:\s+nr\.?)?\s+\d{1,3}(?:\s?[a-zA-Z]\b)?"
    r"(?i:\s*,?\s*(?:(?:st|kl|\d{1,2}\.)\.?\s*(?:sal\b)?\.?)?\s*,?\s*(?:tv|th|mf|dør\s*\d+)\b\.?)?"
    r"(?:\s*,?\s*\d{4}\s+\w+(?:\s[A-ZÆØÅ]\w*)?)?"
)
# Whoever is asked writes it like this, also before the backend knows the name.
_NO_NAME = "og|men|jeg|er|på|fra|bor|vil|kan|har|i|med|som|så|tak|mit|min|ikke|med|til|det|kom|skal|eller"
_OWN_NAME = re.compile(
    r"(?P<before>\b(?:jeg hedder|mit navn er|mit fulde navn er|mit navn|hilsen|mvh|navn:)\s*,?\s+)"
    rf"(?P<name>(?!(?:{_NO_NAME})\b)[^\W\d_][\w'’.-]*(?:\s+(?!(?:{_NO_NAME})\b)[^\W\d_][\w'’.-]*){{0,3}})",
    re.IGNORECASE,
)
_SHORTEST_NAME = 2
# Rasa would take these for marks of entities, names of settings or escapes.
_SPECIAL = str.maketrans("[]{}\\", "()()/")


def mask(text: str, names: Iterable[str] = ()) -> str:
    """The text on one line without personal data.

    Args:
        text: What a citizen wrote.
        names: Names of people that are known in the conversation.
    """
    line = " ".join(text.split())
    for marker, word in _FROM_CHANNELS.items():
        line = line.replace(marker, word)
    line = _EMAIL.sub(EMAIL, line)
    line = _DIGITS.sub(_number, line)
    line = _ADDRESS.sub(ADDRESS, line)
    line = _mask_known(line, names)
    return _OWN_NAME.sub(_own_name, line)


def training_text(text: str, names: Iterable[str] = ()) -> str:
    """The masked text as it can stand in a file of training data, where some characters mean something."""
    plain = mask(text, names).translate(_SPECIAL)
    return "".join(filter(str.isprintable, plain)).strip().lstrip("/ ")


def _number(found: re.Match[str]) -> str:
    if _COMING_DATE.fullmatch(found.group()):
        return found.group()
    digits = sum(character.isdigit() for character in found.group())
    return CPR if digits in _CPR_LENGTHS and not found.group().startswith(("+", "00")) else NUMBER


def _mask_known(line: str, names: Iterable[str]) -> str:
    parts = {part for name in names for part in name.split() if len(part.strip(".")) >= _SHORTEST_NAME}
    if not parts:
        return line
    any_part = "|".join(re.escape(part) for part in sorted(parts, key=len, reverse=True))
    # "Jens' mor", "Jensens": the genitive belongs to it. Several parts in a row are one name.
    one = rf"(?<!\w)(?:{any_part})(?:['’]s?|s)?(?!\w)"
    return re.sub(rf"{one}(?:\s+{one})*", NAME, line, flags=re.IGNORECASE)


def _own_name(found: re.Match[str]) -> str:
    return f"{found['before']}{NAME}"
