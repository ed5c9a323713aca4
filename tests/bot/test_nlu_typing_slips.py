"""The model learns from messages with typing slips; what citizens write is left as it is."""

import random

from hypothesis import given
from hypothesis import strategies as st
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.noise import noisy
from bot.nlu.typing_slips import ORIGINAL, TypingSlips

TEXTS = ["Hvornår er min tid?", "jeg kan ikke finde ud af det", "ja"]


def with_copies(copies: int = 2) -> TrainingData:
    messages = [Message({TEXT: text, INTENT: f"intent_{n}"}) for n, text in enumerate(TEXTS)]
    component = TypingSlips({"copies": copies, "seed": 5})
    return component.process_training_data(TrainingData(messages))


def test_every_message_gets_its_copies_and_keeps_its_intent() -> None:
    learnt = with_copies().training_examples
    assert [message.get(TEXT) for message in learnt if not message.get(ORIGINAL)] == TEXTS
    copies = {(message.get(ORIGINAL), message.get(INTENT)) for message in learnt if message.get(ORIGINAL)}
    assert copies == {(text, f"intent_{n}") for n, text in enumerate(TEXTS)}
    assert any(message.get(TEXT) != TEXTS[1] for message in learnt if message.get(ORIGINAL) == TEXTS[1])


def test_a_copy_is_cut_into_words_for_those_who_count_them() -> None:
    copies = [message for message in with_copies().training_examples if message.get(ORIGINAL)]
    for copy in copies:
        tokens = copy.get(TOKENS_NAMES[TEXT])
        assert all(copy.get(TEXT)[token.start : token.end] == token.text for token in tokens)
        assert "".join(token.text for token in tokens) == "".join(copy.get(TEXT).split())


def test_the_copies_are_the_same_every_time() -> None:
    assert [m.get(TEXT) for m in with_copies().intent_examples] == [
        m.get(TEXT) for m in with_copies().intent_examples
    ]


def test_the_data_with_copies_goes_by_a_name_of_its_own() -> None:
    """A cache that knew it by its messages alone would take up what other features had trained."""
    data = with_copies()
    assert data.fingerprint() == data.fingerprint()
    assert data.fingerprint() != with_copies().fingerprint()


def test_what_citizens_write_is_left_as_it_is() -> None:
    message = Message({TEXT: "Hvornår er min tid?"})
    assert TypingSlips(TypingSlips.get_default_config()).process([message]) == [message]
    assert message.get(TEXT) == "Hvornår er min tid?"


@given(st.text(min_size=1), st.integers())
def test_slips_never_leave_a_message_empty(text: str, seed: int) -> None:
    assert noisy(text, random.Random(seed))
