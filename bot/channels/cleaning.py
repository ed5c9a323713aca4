"""Making what a citizen typed safe to understand, store and show."""

import re
import unicodedata

from identifiers import Kind, mask

MAX_CHARACTERS = 1000
# Markers are at most so many times shorter than what they stand for, so what is kept has been searched whole.
_SEARCHED = 4 * MAX_CHARACTERS

# Control characters, lone surrogates, and characters without form such as direction overrides, which can make
# a transcript read otherwise than it was written.
_UNWANTED_CATEGORIES = frozenset({"Cc", "Cs", "Cf"})
# A line break is text, and the joiners hold emoji and some scripts together.
_WANTED = frozenset("\n\u200c\u200d")
_LEADING_BLANKS_AND_SLASHES = re.compile(r"^[\s/\u200c\u200d]+")
# What is left of "/restart", "/intent{...}" or "/intent@1.0{...}" without its slash.
_COMMAND = re.compile(r"[^\W\d]\w*(?:\W*|\s*[@{].*)", re.DOTALL)
_LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x85\v\f]")


def clean_text(text: str) -> str:
    """Returns typed text without control characters, leading slashes, identifiers or excess length.

    A leading "/" is how Rasa's own commands start ("/restart", "/intent{...}"). Typed text never gives one,
    and of a message that was nothing else nothing is left: as a word it could still begin or store something.
    """
    text = _LINE_BREAKS.sub("\n", text).replace("\t", " ")
    text = "".join(c for c in text if c in _WANTED or unicodedata.category(c) not in _UNWANTED_CATEGORIES)
    text = unicodedata.normalize("NFC", text)
    words = _LEADING_BLANKS_AND_SLASHES.sub("", text)
    if "/" in text[: len(text) - len(words)] and _COMMAND.fullmatch(words):
        return ""
    return _cut(mask(words[:_SEARCHED])).strip()


def _cut(text: str) -> str:
    """Cuts at `MAX_CHARACTERS`, but before a marker rather than through it."""
    kept = text[:MAX_CHARACTERS]
    bracket = kept.rfind("[")
    split = "]" not in kept[bracket:] and any(text.startswith(kind.marker, bracket) for kind in Kind)
    return kept[:bracket] if bracket >= 0 and split else kept
