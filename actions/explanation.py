"""Explaining a question in other words."""

import re

from actions.backend_models import Item
from actions.turn import Turn

_WHY = re.compile(r"\bhvorfor\b|\bbruge? det til\b|\bat gøre med\b|\bmed job\b")
_SCALE = re.compile(r"\b(?:med hjælp|på egen hånd|sikkert|forskel\w*|tæller)\b")
_WORD = re.compile(r"\w+")
# Danish endings are short: the first letters of a long word are enough to recognise it.
_STEM_LENGTH = 5


def explain(turn: Turn, item: Item) -> None:
    """Says what the citizen asks about: a word, the scale, why it is asked, or the question as a whole.

    The first time a question is explained with an example from daily life, after that from work life.
    """
    text = turn.text.casefold()
    term = None if turn.clicked else asked_term(text, item.terms)
    if term is not None:
        turn.say("utter_term", term=term, meaning=item.terms[term])
    elif _WHY.search(text):
        turn.say("utter_why_question", example=item.job_example)
    elif _SCALE.search(text):
        turn.say("utter_scale")
    elif times_explained(turn) <= 1:
        turn.say("utter_explain_everyday", example=item.everyday_example)
    else:
        turn.say("utter_explain_job", example=item.job_example)


def times_explained(turn: Turn) -> int:
    """Counts the explanations asked for since the question was put, this message included."""
    return turn.times_said_since("explain_question", slot="assessment")


def asked_term(text: str, terms: dict[str, str]) -> str | None:
    """Gives the explained word that stands in the message, whatever its ending, or None."""
    words = _WORD.findall(text)
    return next((term for term in terms if _stands_in(term.casefold(), text, words)), None)


def _stands_in(term: str, text: str, words: list[str]) -> bool:
    if " " in term or "-" in term:
        return term in text
    stem = term[: max(_STEM_LENGTH, len(term) - 2)]
    return any(word == term or (len(stem) >= _STEM_LENGTH and word.startswith(stem)) for word in words)
