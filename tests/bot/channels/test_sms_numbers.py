"""Numbers are read, hidden and found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.citizen_message import is_opaque_id
from bot.channels.sms.numbers import NumberCipher, masked, read_number, region

KEY = "k" * 43
E164 = st.from_regex(r"\+[1-9]\d{5,14}", fullmatch=True).filter(str.isascii)


@given(E164)
def test_a_number_is_found_again_in_its_conversation(number):
    cipher = NumberCipher(KEY)
    id = cipher.conversation_id(number)
    assert cipher.number(id) == number
    assert NumberCipher(KEY).conversation_id(number) == id
    assert is_opaque_id(id)
    assert number[1:] not in id


@given(E164, E164)
def test_two_numbers_never_share_a_conversation(one, two):
    cipher = NumberCipher(KEY)
    assert (cipher.conversation_id(one) == cipher.conversation_id(two)) == (one == two)


def test_with_another_key_a_number_is_somebody_else():
    id = NumberCipher(KEY).conversation_id("+4520304050")
    other = NumberCipher("o" * 43)
    assert other.conversation_id("+4520304050") != id
    assert other.number(id) is None


@pytest.mark.parametrize("id", ["", "sms.", "sms.abc", "sms.æøå", "8f14e45f-web", "sms." + "A" * 36])
def test_what_is_no_id_of_ours_has_no_number(id):
    assert NumberCipher(KEY).number(id) is None


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="at least 32"):
        NumberCipher("short")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("4520304050", "+4520304050"),
        ("+45 20 30 40 50", "+4520304050"),
        ("46701234567", "+46701234567"),
        ("1204", None),
        ("451204", None),
        ("PostNord", None),
        ("", None),
        ("+", None),
        ("4500000000", None),
        ("9" * 400, None),
    ],
)
def test_only_numbers_that_can_be_answered_are_read(written, number):
    assert read_number(written) == number


def test_the_country_of_a_number_is_known_and_its_digits_are_hidden():
    assert region("+4520304050") == "DK"
    assert region("+46701234567") == "SE"
    assert masked("+4520304050") == "***50"
