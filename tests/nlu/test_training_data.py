"""The training data: enough, unambiguous, and apart from the test data."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
LEAST_EXAMPLES = 25
# Sent by the channels or set by a rule, so never learnt.
NOT_LEARNT = {"open_chat", "empty_message", "share_cpr"}


def utterances(*files: Path) -> list[tuple[str, str]]:
    """Every (intent, text) in some files."""
    return [
        (block["intent"], line.removeprefix("- "))
        for file in files
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]
        if "intent" in block
        for line in block["examples"].splitlines()
        if line.strip()
    ]


def folded(text: str) -> str:
    """The text as it is compared: small letters, no signs unless it has nothing else."""
    return re.sub(r"[^\w]+", " ", text.lower()).strip() or text


TRAINING = utterances(*sorted((ROOT / "data/nlu").glob("*.yml")))
HELD_OUT = utterances(ROOT / "tests/nlu/held_out.yml")
INTENTS = [
    intent if isinstance(intent, str) else next(iter(intent))
    for intent in yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["intents"]
]


@pytest.mark.parametrize("intent", [intent for intent in INTENTS if intent not in NOT_LEARNT])
def test_every_intent_has_enough_examples_and_is_tested(intent: str) -> None:
    assert Counter(name for name, _ in TRAINING)[intent] >= LEAST_EXAMPLES
    assert Counter(name for name, _ in HELD_OUT)[intent] >= 8


def test_no_example_is_of_an_unknown_intent() -> None:
    assert {intent for intent, _ in TRAINING + HELD_OUT} <= set(INTENTS)


def test_no_utterance_stands_twice() -> None:
    seen = Counter(folded(text) for _, text in TRAINING)
    assert [text for text, count in seen.items() if count > 1] == []


def test_no_utterance_of_the_test_set_was_learnt() -> None:
    learnt = {folded(text) for _, text in TRAINING}
    assert [text for _, text in HELD_OUT if folded(text) in learnt] == []
