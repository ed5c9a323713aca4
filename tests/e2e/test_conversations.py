"""Simulated citizens of every kind write to the running assistant: each must be told the truth."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from benchmarks.conversations.claims import State, false_claims
from benchmarks.conversations.hearing import Heard
from benchmarks.conversations.holding import DEAD_END, FALSE_CLAIM, LOOP, hold
from benchmarks.conversations.personalities import Personality, personalities
from benchmarks.house import ROOT, House

SEED = 7
SHORTEST_COMPARED = 4


NOTHING = State([], [], [], [], [], [], [])
AT = "2026-11-27 12:30:00"  # fredag den 27. november kl. 13.30
BOOKED = replace(
    NOTHING,
    bookings=[{"status": "booked", "starts_at": AT}],
    changes=[{"kind": "booked", "starts_at": AT}],
)
ANSWERED = replace(NOTHING, answers=[{"response": 1, "skipped": False, "withdrawn_at": None}])


def training_and_held_out() -> set[str]:
    """Every longer utterance that the model learns from or is measured on."""
    files: list[Path] = [*(ROOT / "data/nlu").glob("*.yml"), ROOT / "tests/nlu/held_out.yml"]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    return {line.strip().removeprefix("- ").casefold() for line in lines if line.strip().startswith("- ")}


@pytest.mark.parametrize("kind", personalities(), ids=lambda kind: kind.name)
def test_what_a_citizen_is_told_is_so(house: House, kind: Personality) -> None:
    held = hold(house, kind, 0, SEED)
    wrong = {fault: held.faults[fault] for fault in (FALSE_CLAIM, LOOP, DEAD_END) if fault in held.faults}
    assert not wrong, "\n".join([str(wrong), *held.transcript])


def test_twenty_kinds_of_citizens_have_words_the_model_has_not_seen() -> None:
    assert len(personalities()) >= 20
    bank = yaml.safe_load((ROOT / "benchmarks/conversations/personalities.yml").read_text("utf-8"))
    spoken = [
        phrase
        for says in [bank["common"], *(kind["says"] for kind in bank["personalities"].values())]
        for phrases in says.values()
        for phrase in phrases
    ]
    known = training_and_held_out()
    longer = {phrase.casefold() for phrase in spoken if len(phrase.split()) >= SHORTEST_COMPARED}
    taught = longer & known
    assert not taught


@pytest.mark.parametrize(
    ("said", "before", "after"),
    [
        ("Din tid er booket.", NOTHING, NOTHING),
        ("Din tid er aflyst: fredag", BOOKED, BOOKED),
        ("Det er helt i orden.", NOTHING, BOOKED),
        ("Din tid er booket.\nTorsdag den 26. november kl. 13.30-14.00", NOTHING, BOOKED),
        ("Jeg kan ikke se nogen tid i denne samtale.", BOOKED, BOOKED),
        ("Her er din tid.", NOTHING, NOTHING),
        ("Der er ikke booket noget.", NOTHING, BOOKED),
        ("Jeg har ikke aflyst, flyttet, booket eller slettet noget.", NOTHING, BOOKED),
        ("Jeg holder tiden til dig i 10 minutter.", NOTHING, NOTHING),
        ('Tak, så skriver jeg "på egen hånd".', NOTHING, ANSWERED),
        ("Spørgsmål 2", NOTHING, ANSWERED),
        ("Helt i orden, vi springer det over.", NOTHING, NOTHING),
        ("Så går vi et spørgsmål tilbage.", ANSWERED, ANSWERED),
        ("Mit forslag er Spor 2: Pilot.", NOTHING, NOTHING),
        ("Tak. Jeg har gemt, at du ikke er enig.", NOTHING, NOTHING),
        ("Jeg har også givet en medarbejder besked.", NOTHING, NOTHING),
    ],
)
def test_what_is_not_so_is_found(said: str, before: State, after: State) -> None:
    assert false_claims(said, before, after)


@pytest.mark.parametrize(
    ("said", "before", "after"),
    [
        ("Din tid er booket.\nFredag den 27. november kl. 13.30-14.00", NOTHING, BOOKED),
        ("Din tid er fredag den 27. november kl. 13.30-14.00.", BOOKED, BOOKED),
        ('Tak, så skriver jeg "med hjælp".', NOTHING, ANSWERED),
        ("Selv tak.", BOOKED, BOOKED),
    ],
)
def test_what_is_so_is_let_be(said: str, before: State, after: State) -> None:
    assert not false_claims(said, before, after)


def test_an_answer_without_a_way_on_is_a_dead_end() -> None:
    assert not Heard.of([{"text": "Det er noteret."}]).leaves_a_way_on
    assert Heard.of([{"text": "Skal vi gå i gang?"}]).leaves_a_way_on
    assert Heard.of([{"text": "Godt.", "buttons": [{"title": "Ja", "payload": "/affirm"}]}]).leaves_a_way_on


def test_the_buttons_of_times_are_heard_as_times() -> None:
    times = ("fre. 27. nov. kl. 13.30, telefon", "tirs. 3. marts kl. 9.00, Gammel Køge Landevej")
    buttons = [{"title": title, "payload": "/inform"} for title in (*times, "Vis flere")]
    assert Heard.of([{"text": "Hvilken passer dig?", "buttons": buttons}]).times == times
