"""What the channel did to a message decides what is answered, whatever the rest of it looks like."""

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.channels.hiding import TOLD_BEFORE
from bot.nlu.channel_notes import ChannelNotes
from identifiers import Kind

GUESS = {"name": "inform", "confidence": 0.9}


def read(text: str, guess: dict[str, Any] = GUESS, *, told: bool = False) -> Message:
    noted = {"metadata": {TOLD_BEFORE: told}}
    message = Message({"text": text, "intent": guess, "intent_ranking": [guess], **noted})
    return ChannelNotes().process([message])[0]


@pytest.mark.parametrize(
    "text",
    [
        Kind.CPR.marker,
        f"mit cpr er {Kind.CPR.marker}",
        f"{Kind.CPR.marker} ring til mig på 22334455",
        f"min kode er {Kind.PASSWORD.marker}",
    ],
)
def test_a_message_in_which_something_was_hidden_is_known_as_one(text: str) -> None:
    message = read(text)
    assert message.get("intent") == {"name": "share_cpr", "confidence": 1.0}
    assert [reading["name"] for reading in message.get("intent_ranking")] == ["share_cpr", "inform"]


@pytest.mark.parametrize("text", ["mit nummer er 22334455", "er mit cpr-nummer fjernet?", ""])
def test_any_other_message_keeps_its_reading(text: str) -> None:
    assert read(text).get("intent") == GUESS


def test_who_has_been_told_why_is_read_as_usual() -> None:
    assert read(f"Anna, {Kind.CPR.marker}", told=True).get("intent") == GUESS


def test_a_message_with_nothing_but_a_secret_is_answered_to_each_time() -> None:
    assert read(f"{Kind.PIN.marker}!", told=True).get("intent")["name"] == "share_cpr"


def test_despair_goes_before_everything() -> None:
    crisis = {"name": "crisis", "confidence": 0.9}
    assert read(f"jeg vil ikke leve mere, {Kind.CPR.marker}", crisis).get("intent") == crisis
