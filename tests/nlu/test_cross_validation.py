"""Every message is read once, by a model that has seen neither it nor one too like it; then it is counted."""

import json
from collections import Counter
from datetime import datetime, timezone

import pytest

from benchmarks.cross_validation import FOLDS, LEAST_MESSAGES, Score, folds, report, scores, section
from benchmarks.likeness import families
from benchmarks.understanding import Example, Reading
from tests.nlu.training_data import training


def test_every_message_is_read_once_and_never_by_a_model_that_has_learnt_it() -> None:
    counts = Counter(example.intent for example in training())
    read: Counter[Example] = Counter()
    for learnt, held_back in folds(training()):
        assert not set(learnt) & set(held_back)
        assert len(learnt) + len(held_back) == len(training())
        assert {example.intent for example in learnt} == set(counts)
        read.update(held_back)
    assert set(read.values()) == {1}
    assert set(read) == {example for example in training() if counts[example.intent] >= LEAST_MESSAGES}


def test_messages_that_are_too_alike_stay_together() -> None:
    family = dict(zip(training(), families(training()), strict=True))
    assert (
        family[Example("vis mit resultat", "ask_result")] == family[Example("mit resultat tak", "ask_result")]
    )
    parts = [{family[example] for example in held_back} for _, held_back in folds(training())]
    assert len(parts) == FOLDS
    assert sum(map(len, parts)) == len(set.union(*parts))


def test_the_same_words_of_another_intent_are_another_family() -> None:
    one, other = families(
        [Example("det skal jeg have hjælp til", "a"), Example("det skal jeg have hjælp til", "b")]
    )
    assert one != other


def reading(meant: str, read_as: str) -> Reading:
    return Reading(Example("hej", meant), read_as, read_as, 0.9, 0.01)


def test_precision_recall_and_f1_are_counted_by_intent() -> None:
    readings = [
        *[reading("affirm", "affirm")] * 3,
        reading("affirm", "deny"),
        reading("deny", "affirm"),
        reading("out_of_scope", "nlu_fallback"),
    ]
    assert scores(readings) == {
        "affirm": Score(4, pytest.approx(3 / 4), pytest.approx(3 / 4), pytest.approx(3 / 4)),
        "deny": Score(1, 0, 0, 0),
        "out_of_scope": Score(1, 1, 1, 1),
    }


def test_what_is_written_says_when_and_of_which_model() -> None:
    by_intent = {"affirm": Score(4, 0.75, 0.75, 0.75), "deny": Score(1, 0, 0, 0.25)}
    written = json.loads(json.dumps(report(by_intent, "5eed", datetime(2026, 11, 20, tzinfo=timezone.utc))))
    assert written == {
        "measured_at": "2026-11-20T00:00:00+00:00",
        "model": "5eed",
        "folds": FOLDS,
        "messages": 5,
        "macro_f1": 0.5,
        "intents": {
            "affirm": {"messages": 4, "precision": 0.75, "recall": 0.75, "f1": 0.75},
            "deny": {"messages": 1, "precision": 0, "recall": 0, "f1": 0.25},
        },
    }
    lines = section(by_intent).splitlines()
    assert lines.index("| deny | 1 | 0.000 | 0.000 | 0.250 |") < lines.index(
        "| affirm | 4 | 0.750 | 0.750 | 0.750 |"
    )
