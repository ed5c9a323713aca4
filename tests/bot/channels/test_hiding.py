"""What the citizen is told of what was hidden: once of each kind, by its name."""

import pytest
from rasa.shared.core.events import BotUttered, UserUttered

from bot.channels.hiding import SHARED, is_told_of, named
from identifiers import Kind

CPR, CARD, PASSWORD = Kind.CPR.marker, Kind.CARD.marker, Kind.PASSWORD.marker


def said(text, intent=SHARED):
    return UserUttered(text, {"name": intent, "confidence": 1.0})


@pytest.mark.parametrize(
    ("before", "text", "is_told"),
    [
        ([], CPR, False),
        ([said(f"mit cpr er {CPR}"), BotUttered("...")], CPR, True),
        ([said(CPR)], f"{CPR} og {PASSWORD}", False),
        ([said(CPR), said(PASSWORD)], f"{CPR} og {PASSWORD}", True),
        ([said(CPR, "crisis")], CPR, False),
        ([said(CPR)], "ja", False),
    ],
)
def test_of_each_kind_it_is_told_once(before, text, is_told):
    assert is_told_of(text, before) is is_told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CPR, "dit CPR-nummer"),
        (f"kode {PASSWORD}", "din adgangskode"),
        (f"{CARD}, {CPR} {CPR} og {PASSWORD}", "dit kortnummer, dit CPR-nummer og din adgangskode"),
        ("intet", "dit CPR-nummer"),
    ],
)
def test_what_is_hidden_has_a_name(text, words):
    assert named(text) == words
