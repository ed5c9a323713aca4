"""The data the assistant learns from and the data it is measured on keep to their rules."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from rasa.shared.utils.io import read_yaml_file

from benchmarks.likeness import TOO_ALIKE, folded, pieces, plain
from benchmarks.understanding import OUT_OF_SCOPE, Example
from tests.nlu.training_data import ROOT, held_out, near_copies, training

# Sent by the channels as payloads, or given by rule: little to learn from, and nothing to measure.
FROM_CHANNELS = {
    "open_chat",
    "empty_message",
    "share_cpr",
    "rate_chat",
    "rate_help",
    "ask_queue",
    "leave_queue",
    "ask_call",
}
COMMON = {
    "answer_cannot",
    "answer_with_help",
    "answer_independent",
    "answer_advanced",
    "affirm",
    "deny",
    "help",
    "book_followup",
    "cancel_booking",
    "reschedule_booking",
    "talk_to_human",
    "inform",
    "crisis",
}


def test_every_intent_of_the_domain_is_taught() -> None:
    intents = read_yaml_file(ROOT / "domain.yml")["intents"]
    assert {example.intent for example in training()} == set(intents)


@pytest.mark.parametrize("intent", sorted({example.intent for example in training()} - FROM_CHANNELS))
def test_an_intent_has_enough_utterances(intent: str) -> None:
    least = 100 if intent == OUT_OF_SCOPE else 60 if intent in COMMON else 40
    assert sum(example.intent == intent for example in training()) >= least


def test_no_utterance_stands_twice_or_in_two_intents() -> None:
    places = defaultdict(list)
    for example in training():
        places[plain(example.text)].append(example.intent)
    assert {text: intents for text, intents in places.items() if len(intents) > 1} == {}


def test_no_utterance_is_another_of_its_intent_with_one_character_changed() -> None:
    by_intent = defaultdict(list)
    for example in training():
        by_intent[example.intent].append(example)
    assert [pair for same in by_intent.values() for pair in near_copies(same)] == []


def test_no_utterance_looks_like_a_command() -> None:
    assert [example for example in training() if example.text.startswith("/")] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hvor er min tid", "hvor er min tie"),
        ("hvor er min tid", "hvor er min tidd"),
        ("hvor er min tid", "vor er min tid"),
    ],
)
def test_near_copies_are_found(one: str, other: str) -> None:
    assert len(near_copies([Example(one, "a"), Example(other, "a")])) == 1
    assert len(near_copies([Example(other, "a"), Example(one, "a")])) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("hvor er min tid", "hvor er din bil"), ("ja", "jo"), ("12345678 9", "12345687 9")]
)
def test_different_messages_are_no_near_copies(one: str, other: str) -> None:
    assert near_copies([Example(one, "a"), Example(other, "a")]) == []


def test_every_intent_is_measured_on_enough_messages() -> None:
    counts = Counter(example.intent for example in held_out())
    assert set(counts) == {example.intent for example in training()} - FROM_CHANNELS
    assert {intent for intent, count in counts.items() if count < 15} == set()
    assert counts[OUT_OF_SCOPE] >= 300


def test_no_message_is_measured_twice() -> None:
    assert [text for text, n in Counter(folded(e.text) for e in held_out()).items() if n > 1] == []


def test_no_held_out_message_is_taught() -> None:
    taught = {folded(example.text) for example in training()}
    assert [example for example in held_out() if folded(example.text) in taught] == []


def test_no_held_out_message_is_nearly_taught() -> None:
    counted = pieces()
    taught = counted.fit_transform(example.text for example in training())
    measured = counted.transform(example.text for example in held_out())
    alike = (measured @ taught.T).tocsr()
    closest = np.asarray(alike.argmax(axis=1)).ravel()
    found = [
        (example.text, training()[closest[row]].text)
        for row, example in enumerate(held_out())
        # Where the intent differs, the likeness is what is measured: "det skal jeg (ikke) have hjælp til".
        if alike[row, closest[row]] > TOO_ALIKE and example.intent == training()[closest[row]].intent
    ]
    assert found == []
