"""Folds the ways people spell time words into one, so that the rules can be written once."""

import re

from bot.nlu.danish_time.numbers import digits_for_numbers
from bot.nlu.danish_time.slips import correct_slips

# People without æ, ø and å on their keyboard write ae, oe and aa; words of time have no other use for these.
_DIGRAPHS = (("ae", "æ"), ("oe", "ø"), ("aa", "å"))

# Short forms and forms of speech: no slips, and too far from the word for the corrector.
_SHORT_FORMS = (
    (r"\b(?:kl|klk|klok|klokka)\b\.?", "kl"),
    (r"\bform\.?(?=\s|$)", "formiddag"),
    (r"\b(?:eftm|eft\.?middag)\b\.?", "eftermiddag"),
    (r"\bmid+a\b", "middag"),
    (r"\bi (over)?mor(?:'?n|ren)\b", r"i \1morgen"),
    (r"\b(?:i+k+|ik'|ekke|it)\b", "ikke"),
    (r"\b(man|tirs|ons|tors|fre|lør|søn)d?\.(?=\s+(?:kl|den|d\b|\d))", r"\1dag"),
    (r"\b(man|tirs|ons|tors|fre|lør|søn)d(?:a|g)\b", r"\1dag"),
    (r"\ba\.?s\.?a\.?p\b\.?", "asap"),
)
_ONE_WAY = (
    (r"\b(?:klokken|kl)\b\.?", "kl"),
    (r"\b(ikke|være|senest|helst) for(?= (?:kl )?\d)|\bfor(?= kl \d)", r"\1 før"),
    (r"\b14 dages?\b", "2 uger"),
    (r"\botte dage\b|\b8 dage\b", "1 uge"),
    (r"\b(?<!i )overmorgen\b", "i overmorgen"),
    (r"\buges tid\b", "uge"),
    (r"\bugers tid\b", "uger"),
    (r"\b(?:frø|fro|gør)(?= (?:kl \d|middag|frokost|jul\b|nytår))|\bfor(?= (?:[89]|1[0-7])$)", "før"),
    (r"\buge\s?tid\b|\buges?tid\b", "uge"),
    (r"\betpar\b", "et par"),
    (r"\bnår ?som ?h\w{2,4}\b", "når som helst"),
    (r"\bindenfor\b", "inden for"),
    (r"\b(\d{1,2}) ?-? ?tiden\b", r"\1 tiden"),
)


def fold(text: str) -> str:
    """Gives the text in small letters with one spelling for each time word and digits for numbers."""
    folded = " ".join(text.lower().split())
    for digraph, letter in _DIGRAPHS:
        folded = folded.replace(digraph, letter)
    for pattern, word in _SHORT_FORMS:
        folded = re.sub(pattern, word, folded)
    folded = correct_slips(folded)
    for pattern, word in _ONE_WAY:
        folded = re.sub(pattern, word, folded)
    return re.sub(r" {2,}", " ", digits_for_numbers(folded))
