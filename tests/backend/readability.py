"""How hard a Danish text is to read."""

import re

from backend.assessment.item_bank import Item

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)")
_LONG = 6


def lix(text: str) -> float:
    """The readability index LIX: words per sentence plus the share of long words in percent.

    Defined by C.-H. Björnsson (Läsbarhet, 1968; Læsbarhed, 1971). A long word has more than six letters. Only
    full stop, question mark and exclamation mark end a sentence here, not the colon, so the figure is rather
    too high than too low. Below 25 reads like a children's book, 25-34 is easy.

    Raises:
        ValueError: The text has no words.
    """
    words = _WORD.findall(text)
    if not words:
        raise ValueError("a text without words has no readability")
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    long_words = sum(sum(map(str.isalpha, word)) > _LONG for word in words)
    return len(words) / sentences + 100 * long_words / len(words)


def page_text(item: Item) -> str:
    """Everything a citizen may read about an item as one text, as a LIX of a few words alone says little."""
    questions = (f"Hvor godt kan du {text}?" for text in (item.text, item.easier_text))
    return " ".join([*questions, item.everyday_example, item.job_example, *item.terms.values()])
