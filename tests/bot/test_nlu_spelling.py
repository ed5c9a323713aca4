"""Words with a slip are read as the known word they most likely are; everything else is left alone."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.spelling import Spelling, count_words, one_slip_apart

WORDS = {
    "jeg": 90,
    "hjælp": 40,
    "aflyse": 20,
    "tirsdag": 20,
    "på": 60,
    "min": 50,
    "tid": 50,
    "tis": 1,
    "får": 3,
}
SPELLING = Spelling(WORDS)
words = st.text(string.ascii_lowercase, min_size=1, max_size=10)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hjaelp", "hjælp"),
        ("HJALP", "hjælp"),
        ("hjæælp", "hjælp"),
        ("alfyse", "aflyse"),
        ("aflyde", "aflyse"),
        ("aflse", "aflyse"),
        ("afllyse min tid", "aflyse min tid"),
        ("påtirsdag", "på tirsdag"),
        ("mintid", "min tid"),
        ("får", "får"),
    ],
)
def test_a_slip_is_undone(typed, meant):
    assert SPELLING.corrected(typed) == meant


@pytest.mark.parametrize("text", ["xyzzy", "tod", "20 30 40 50", "مرحبا", "", "😀!", "kl. 10"])
def test_what_is_no_slip_of_a_known_word_is_left_alone(text):
    assert SPELLING.corrected(text) == text


def test_of_two_known_words_the_commoner_is_meant():
    assert Spelling({"bestil": 9, "bestik": 2}).corrected("bestix") == "bestil"


def test_words_met_once_are_no_vocabulary():
    assert count_words(["Hej hej, sagde Bo", "hej igen"]) == {"hej": 3}


@given(st.text(max_size=40))
def test_correcting_twice_changes_nothing_more(text):
    once = SPELLING.corrected(text)
    assert SPELLING.corrected(once) == once


@given(words, words)
def test_being_a_slip_apart_goes_both_ways(one, other):
    assert one_slip_apart(one, other) == one_slip_apart(other, one)


@given(words, st.data())
def test_every_single_slip_is_seen(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase).filter(lambda letter: letter != word[at]))
    assert one_slip_apart(word, word[:at] + word[at + 1 :])
    assert one_slip_apart(word, word[:at] + letter + word[at + 1 :])
    swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    assert swapped == word or one_slip_apart(word, swapped)
