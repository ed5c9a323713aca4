import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.scale import ScaleAnswer, read_scale_answer
from bot.numerals import read_number


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("0", 0),
        ("1", 1),
        ("2", 2),
        ("3", 3),
        ("2.", 2),
        (" 2 ", 2),
        ("nr 2", 2),
        ("nr. 2", 2),
        ("Nummer 3", 3),
        ("svar: 1", 1),
        ("to", 2),
        ("TO!", 2),
        ("nul", 0),
        ("tre", 3),
        ("2️⃣", 2),
        ("ja", 2),
        ("Ja!", 2),
        ("nej", 0),
        ("lidt", 1),
        ("ja, lidt", 1),
        ("slet ikke", 0),
        ("helt sikkert", 3),
    ],
)
def test_short_answers_are_read_whatever_nlu_makes_of_them(text, response):
    assert read_scale_answer(text, "nlu_fallback") == ScaleAnswer(response)


@pytest.mark.parametrize(
    ("text", "intent", "response"),
    [
        ("/answer_advanced", "answer_advanced", 3),
        ("min søn viser mig", "answer_with_help", 1),
        ("det er jeg ikke klar over", "dont_know", None),
        ("ja det tror jeg da", "affirm", 2),
        ("nej desværre", "deny", 0),
    ],
)
def test_longer_answers_are_read_by_their_intent(text, intent, response):
    assert read_scale_answer(text, intent) == ScaleAnswer(response)


@pytest.mark.parametrize(
    ("text", "intent"),
    [("ok", "affirm"), ("det behøves ikke", "deny"), ("4", "inform"), ("27", "answer_with_help"), ("", "")],
)
def test_what_is_no_answer_is_not_read_as_one(text, intent):
    assert read_scale_answer(text, intent) is None


@given(st.text(), st.sampled_from(["affirm", "deny", "nlu_fallback", "inform", ""]))
def test_any_text_gives_an_answer_on_the_scale_or_none(text, intent):
    answer = read_scale_answer(text, intent)
    assert answer is None or answer.response in (0, 1, 2, 3)


@given(st.integers(min_value=0, max_value=999))
def test_a_bare_number_is_read_as_that_number(number):
    assert read_number(str(number)) == number


@given(st.integers(min_value=0, max_value=3))
def test_every_answer_has_a_wording(number):
    assert ScaleAnswer(number).wording
