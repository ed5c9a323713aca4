"""What an SMS can hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sms.gsm import MAX_PARTS, fits, is_gsm, parts, plain, split

DANISH = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzæøåÆØÅ ,.?!0123456789\n"))
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=900)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("æøåÆØÅ" * 26 + "éÉäü", 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("あ" * 70, 1),
        ("あ" * 71, 2),
        ("あ" * 134, 2),
        ("あ" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_the_number_of_parts_is_what_is_paid_for(text, expected):
    assert parts(text) == expected


def test_an_escaped_character_is_never_split_between_two_parts():
    # 152 and an escape pair do not fit in 153, so the pair opens the second part and the text needs a third.
    assert parts("a" * 152 + "€" + "a" * 151) == 2
    assert parts("a" * 152 + "€" + "a" * 152) == 3


def test_a_surrogate_pair_is_never_split_between_two_parts():
    assert parts("あ" * 66 + "😀" + "あ" * 65) == 2
    assert parts("あ" * 66 + "😀" + "あ" * 66) == 3


def test_danish_letters_are_in_the_alphabet_and_typographic_signs_are_replaced():
    assert is_gsm("Blåbærgrød på Ærø, Éva? 20 € [ja]")
    written = "“Ja” – det er ‘fint’ … kl.\u00a013·30 • »nej«"
    assert plain(written) == '"Ja" - det er \'fint\' ... kl. 13-30 - "nej"'
    assert is_gsm(plain(written))


@given(DANISH)
def test_danish_text_is_sent_in_the_small_alphabet_and_unchanged(text):
    assert is_gsm(text)
    assert plain(text) == text


@given(ANYTHING, ANYTHING)
def test_a_longer_text_never_takes_fewer_parts(one, two):
    assert parts(one) <= parts(one + two)


@given(ANYTHING)
def test_a_text_is_cut_into_messages_that_each_fit_and_lose_no_word(text):
    messages = split(text)
    assert all(parts(message) <= MAX_PARTS for message in messages)
    assert "".join("".join(messages).split()) == "".join(text.split())


@given(DANISH)
def test_a_text_that_fits_stays_whole(text):
    if fits(text) and text.strip():
        assert split(text) == [text.strip()]


def test_choices_stay_together():
    choices = "1 Ja, slet det\n2 Nej, behold det\nSvar 1-2"
    for length in range(3, 12):
        text = "Det her er en sætning på halvtreds tegn, så præcist. " * length + "Skal jeg slette?"
        assert split(f"{text}\n{choices}")[-1].endswith(choices)


def test_choices_stay_together_also_behind_a_few_words():
    times = "\n".join(f"{n} tirs. 1. dec. kl. {8 + n}.15, {'x' * 50}" for n in range(1, 4))
    assert split(f"{'Hvilken tid passer dig bedst? ' * 4}\n{times}\nSvar 1-3")[-1].startswith("1 ")


def test_a_text_is_cut_where_a_reader_would_pause():
    sentence = "Det her er en sætning på halvtreds tegn, så præcist. "
    assert all(message.endswith(".") for message in split(sentence * 14))
