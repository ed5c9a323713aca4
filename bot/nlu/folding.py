"""Writing the same word the same way, however it was typed.

People write "hjælp", "hjaelp", "hjalp" and "HJÆÆLP" and mean one thing. Folding gives them one form before
words and letters are counted. It is for comparing texts only, never for showing them: "får" and "far" fold
alike.
"""

from __future__ import annotations

import re
import unicodedata

_SPELLINGS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ö": "oe", "ä": "ae"})
_PAIRS = re.compile(r"ae|oe|aa")
_REPEATED_LETTER = re.compile(r"([^\W\d_])\1+")


def fold(text: str) -> str:
    """Gives the text in lower case, with bare vowels for æ, ø, å and accents, and no letter twice in a row.

    æ and ae, ø and oe, å and aa all become the bare vowel: the one form that all spellings share.
    """
    text = text.lower().translate(_SPELLINGS)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    text = _PAIRS.sub(lambda pair: pair.group()[0], text)
    return _REPEATED_LETTER.sub(r"\1", text)
