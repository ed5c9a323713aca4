"""STOP works in any case and with a slip; words that only look like it are left alone."""

import pytest

from bot.channels.sms.stop_words import ContactWord, contact_word


@pytest.mark.parametrize(
    "text",
    (
        "STOP/stop/Stop./ sToP! /stpo/stopp/stp/sttop/stoo/stop sms/stop alt/jeg vil stop/SLUT/slutt/slt"
        "/slut nu/AFMELD/afmeld mig/afmed/afmelld/Afmled"
    ).split("/"),
)
def test_a_stop_is_a_stop(text):
    assert contact_word(text) is ContactWord.STOP


@pytest.mark.parametrize("text", ["START", "start", "Start!"])
def test_a_start_is_a_start(text):
    assert contact_word(text) is ContactWord.START


@pytest.mark.parametrize(
    "text",
    (
        "/2/ja/stor/slet/slet mine data/slot/top/sort/skat/holdt/pause/start forfra/hvornår slutter det"
        "/jeg stoppede i butikken/stop spørgsmålet og book en tid"
    ).split("/"),
)
def test_other_words_are_left_alone(text):
    assert contact_word(text) is None
