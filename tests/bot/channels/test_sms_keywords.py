"""STOP works in any case and with a slip, LINK gives a link; words that only look so are left alone."""

import pytest

from bot.channels.sms.keywords import ContactWord, contact_word, wants_link


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


@pytest.mark.parametrize(
    "text",
    (
        "LINK/link/Send mig et link/send link/kan jeg få et link?/kan du sende mig et link tak"
        "/Jeg vil gerne have et link til mit resultat/link til chatten"
    ).split("/"),
)
def test_a_wish_for_a_link_is_heard(text):
    assert wants_link(text)


@pytest.mark.parametrize("text", ["", "blink", "jeg fik et link i en falsk mail", "jeg kan dele et link"])
def test_a_word_about_links_is_no_wish(text):
    assert not wants_link(text)
