"""What the channel did to a message decides what is answered, whatever the rest of it looks like."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.channels.cpr import CPR_MARKER
from bot.nlu.channel_notes import ChannelNotes

GUESS = {"name": "inform", "confidence": 0.9}


def read(text: str) -> Message:
    message = Message({"text": text, "intent": GUESS, "intent_ranking": [GUESS]})
    return ChannelNotes().process([message])[0]


@pytest.mark.parametrize(
    "text", [CPR_MARKER, f"mit cpr er {CPR_MARKER}", f"{CPR_MARKER} ring til mig på 22334455"]
)
def test_a_message_that_held_a_cpr_number_is_known_as_one(text: str) -> None:
    message = read(text)
    assert message.get("intent") == {"name": "share_cpr", "confidence": 1.0}
    assert [reading["name"] for reading in message.get("intent_ranking")] == ["share_cpr", "inform"]


@pytest.mark.parametrize("text", ["mit nummer er 22334455", "er mit cpr-nummer fjernet?", ""])
def test_any_other_message_keeps_its_reading(text: str) -> None:
    assert read(text).get("intent") == GUESS
