"""A turn becomes SMS, and an SMS a choice."""

import pytest

from bot.channels.sms.gsm import parts
from bot.channels.sms.wording import chosen, messages

SCALE = {
    "text": "Spm. 2 af højst 15: Hvor godt kan du sende en mail?",
    "buttons": [
        {"title": "Kan ikke", "payload": "/answer_cannot"},
        {"title": "Med hjælp", "payload": "/answer_with_help"},
        {"title": "Selv", "payload": "/answer_independent"},
        {"title": "Sikkert", "payload": "/answer_advanced"},
    ],
}
TIMES = {
    "text": "Hvilken tid?",
    "buttons": [
        {"title": "fre. 27. nov. kl. 13.30, telefon", "payload": '/inform{"slot_choice": "s1"}'},
        {"title": "Vis flere", "payload": "/more_slots"},
    ],
}


def test_a_question_and_its_answers_are_one_message_with_the_scales_own_numbers():
    [message] = messages([SCALE])
    assert message == (
        "Spm. 2 af højst 15: Hvor godt kan du sende en mail?\n"
        "0 Kan ikke\n1 Med hjælp\n2 Selv\n3 Sikkert\nSvar 0-3"
    )
    assert parts(message) == 1


def test_other_choices_are_numbered_from_one():
    [message] = messages([TIMES])
    assert message == "Hvilken tid?\n1 fre. 27. nov. kl. 13.30, telefon\n2 Vis flere\nSvar 1-2"


def test_a_single_choice_is_one_digit():
    [message] = messages([{"text": "Fejl.", "buttons": [{"title": "Prøv igen", "payload": "/x"}]}])
    assert message == "Fejl.\n1 Prøv igen\nSvar 1"


def test_only_the_last_choices_are_numbered_so_that_a_number_means_one_thing():
    [message] = messages([TIMES, {"text": "Forstået."}, SCALE])
    assert "Vis flere" not in message
    assert chosen("1", [TIMES, {"text": "Forstået."}, SCALE]) == SCALE["buttons"][1]


def test_short_messages_of_a_turn_are_one_sms_and_long_ones_several():
    assert messages([{"text": "Tak."}, {"text": "Godt gået."}]) == ["Tak.\nGodt gået."]
    long = [{"text": "a" * 250}, {"text": "b" * 250}]
    assert messages(long) == ["a" * 250, "b" * 250]


def test_what_has_no_text_is_no_message():
    assert messages([{"text": "", "custom": {"type": "profile"}}, {"custom": {}}]) == []


@pytest.mark.parametrize("text", ["2", "2.", "to", "nr 2", "nr. 2", " Svar 2 ", "Selv", "SELV!"])
def test_a_number_or_the_very_words_choose(text):
    assert chosen(text, [SCALE]) == SCALE["buttons"][2]


@pytest.mark.parametrize("text", ["0", "nul", "kan ikke"])
def test_zero_is_on_the_scale(text):
    assert chosen(text, [SCALE]) == SCALE["buttons"][0]
    assert chosen(text, [TIMES]) is None


@pytest.mark.parametrize("text", ["4", "99", "-", "", "min søn hjælper mig", "2 eller 3", "20304050"])
def test_what_is_no_choice_is_left_to_understanding(text):
    assert chosen(text, [SCALE]) is None


def test_without_an_offer_a_number_is_just_a_number():
    assert chosen("2", [{"text": "Hvad hedder du?"}]) is None
    assert chosen("2", []) is None
