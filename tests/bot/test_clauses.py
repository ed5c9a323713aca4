"""A message of several clauses is read as a whole and clause by clause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.clauses import MOST_CLAUSES, JoinClauses, SplitClauses, clauses_of


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("ja det kan jeg, men hvornår er min tid?", ["ja det kan jeg", "hvornår er min tid?"]),
        ("Nej. Hvad gemmer I om mig?", ["Nej.", "Hvad gemmer I om mig?"]),
        ("med hjælp og hvad går sporene ud på", ["med hjælp", "hvad går sporene ud på"]),
        ("2\nkan jeg tale med en", ["2", "kan jeg tale med en"]),
        ("JA MEN HVORNÅR ER DET", ["JA", "HVORNÅR ER DET"]),
        ("tirsdag og torsdag", []),
        ("jeg kan sende mails", []),
        ("men hvad er det", []),
        ("", []),
        ("en. to to. tre tre. fire fire. fem fem", ["en.", "to to.", "tre tre. fire fire. fem fem"]),
    ],
)
def test_a_message_is_cut_where_something_new_is_said(text, clauses):
    assert clauses_of(text) == clauses


@given(st.lists(st.sampled_from(["ja", "hvad gemmer I", " ", ",", ".", "?", "\n", " men ", " og "])))
def test_clauses_are_few_and_hold_nothing_that_was_not_said(parts):
    text = "".join(parts)
    clauses = clauses_of(text)
    assert len(clauses) in range(MOST_CLAUSES + 1)
    assert len(clauses) != 1
    assert all(clause in text for clause in clauses)


def understood(messages):
    """As the pipeline in between does it: each message by itself."""
    for message in messages:
        message.set("intent", {"name": f"of: {message.get('text')}", "confidence": 1.0}, add_to_output=True)
    return messages


def test_the_readings_of_the_clauses_come_with_the_message_and_leave_its_own_alone():
    texts = ["ja, men hvad gemmer I?", "ja", "/affirm", "nej. hvem er du?"]
    split = SplitClauses().process([Message({"text": text}) for text in texts])
    joined = JoinClauses().process(understood(split))
    assert [message.get("text") for message in joined] == texts
    assert [message.get("intent")["name"] for message in joined] == [f"of: {text}" for text in texts]
    read = [message.as_dict(only_output_properties=True).get("clauses") for message in joined]
    assert [one and [clause["intent"]["name"] for clause in one] for one in read] == [
        ["of: ja", "of: hvad gemmer I?"],
        None,
        None,
        ["of: nej.", "of: hvem er du?"],
    ]
