"""What the assistant says is easy to read. Here, because the measure lives in the backend."""

import re
from pathlib import Path
from statistics import mean

import pytest
import yaml

from tests.backend.readability import lix

DOMAIN = yaml.safe_load((Path(__file__).parents[2] / "domain.yml").read_text("utf-8"))
MOST_ON_AVERAGE = 30
# LIX of a line or two swings widely; none may read like a letter from an authority (45 and more).
MOST_FOR_ONE = 40
# In these the words that are put in are all that is said, and other languages have no LIX.
LEFT_OUT = {"utter_term", "utter_language"}
FREQUENT = (
    "utter_answer_noted",
    "utter_question_skipped",
    "utter_answer_undone",
    "utter_not_understood",
    "utter_rephrase",
    "utter_out_of_scope",
    "utter_feedback_negative",
    "utter_greet",
    "utter_thank",
    "utter_goodbye",
    "utter_accepted",
    "utter_declined",
)


def wordings() -> list[tuple[str, str]]:
    return [
        # A value counts as one short word; it is measured where it comes from.
        (name, re.sub(r"\{\w+\}", "ord", wording["text"]))
        for name, several in DOMAIN["responses"].items()
        if name not in LEFT_OUT
        for wording in several
    ]


def test_responses_are_easy_to_read_on_average() -> None:
    assert mean(lix(text) for _, text in wordings()) < MOST_ON_AVERAGE


def test_no_response_is_hard_to_read() -> None:
    assert [(name, text) for name, text in wordings() if lix(text) > MOST_FOR_ONE] == []


@pytest.mark.parametrize("name", FREQUENT)
def test_what_is_said_often_is_said_in_several_ways(name: str) -> None:
    texts = [wording["text"] for wording in DOMAIN["responses"][name] if "channel" not in wording]
    assert len(set(texts)) == len(texts) >= 2


def test_nobody_is_addressed_formally_or_blamed() -> None:
    formal = re.compile(r"\b(?:De|Dem|Deres)\b|\b(?:ugyldig|forkert indtast|fejl fra din side)", re.MULTILINE)
    assert [(name, text) for name, text in wordings() if formal.search(text)] == []
