"""The judge of the fault suite finds what is planted, and nothing where there is nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.conversations.hearing import Asked
from benchmarks.faults.erasure import Witness
from benchmarks.faults.judge import judge
from benchmarks.faults.ledger import Erasing, Exchange, Ledger, Said
from benchmarks.faults.stored import Archive, Change, Stored
from benchmarks.faults.verdict import Verdict
from benchmarks.house import House
from tests.sms_gateway import Phone

FIRST = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
SECOND = datetime(2026, 12, 1, 12, 30, tzinfo=UTC)
IN_WORDS = {
    FIRST: "Mandag den 30. november kl. 9.00-9.30 på video",
    SECOND: "Tirsdag den 1. december kl. 13.30-14.00 på telefonen",
}
NOTED = 'Tak, så skriver jeg "med hjælp".\nSpørgsmål 2 (højst 13 tilbage): Hvor godt kan du søge?'


def said(id: str, at: float, written: str, *texts: str, given: int | None = None) -> Exchange:
    return Exchange(
        id, written, Asked.NOTHING, given, said=[*map(Said, texts)], sent_at=at, answered_at=at + 1, tries=1
    )


def ledger() -> Ledger:
    """A citizen who answered, booked, moved and cancelled, and asked when it was in between."""
    return Ledger(
        "c1",
        "rest",
        [
            said("m1", 100, "hej", "Hej, jeg er en robot."),
            said("m2", 200, "1", NOTED, given=1),
            said("m3", 300, "ja tak", f"Din tid er booket.\n{IN_WORDS[FIRST]}"),
            said("m4", 400, "hvornår er min tid?", f"Her er din tid.\n{IN_WORDS[FIRST]}"),
            said("m5", 500, "ja", f"Din tid er flyttet.\n{IN_WORDS[SECOND]}"),
            said("m6", 600, "ja aflys den", f"Din tid er aflyst: {IN_WORDS[SECOND]}. Vil du have en ny?"),
            said("m7", 700, "hvornår er min tid?", "Jeg kan ikke se nogen tid i denne samtale."),
        ],
    )


def stored() -> Stored:
    ids = tuple(f"m{number}" for number in range(1, 8))
    return Stored(
        answers=(1,),
        changes=(
            Change("booked", FIRST, 300.5),
            Change("moved", SECOND, 500.5),
            Change("cancelled", SECOND, 600.5),
        ),
        writes={
            ("m2", "answer"): 200.5,
            ("m3", "book"): 300.5,
            ("m5", "move"): 500.5,
            ("m6", "cancel"): 600.5,
        },
        heard=ids,
        transcript=ids,
    )


def found(told: Ledger, kept: Stored, **rest: object) -> Verdict:
    return judge([told], Archive({"c1": kept}, **rest))  # type: ignore[arg-type]


def test_a_conversation_that_is_stored_as_it_was_told_is_clean() -> None:
    verdict = found(ledger(), stored())
    assert verdict.findings() == []
    assert (verdict.conversations, verdict.messages, verdict.writes) == (1, 7, 4)


@pytest.mark.parametrize("place", ["heard", "transcript"])
def test_a_message_that_is_gone_is_lost_and_one_that_stands_twice_is_doubled(place: str) -> None:
    ids = getattr(stored(), place)
    gone, twice = replace(stored(), **{place: ids[:-1]}), replace(stored(), **{place: (*ids, "m4")})
    assert len(found(ledger(), gone).lost) == 1
    assert len(found(ledger(), twice).doubled) == 1


def test_an_answer_that_was_read_back_and_is_not_stored_is_lost() -> None:
    without = replace(stored(), answers=(), writes={})
    assert found(ledger(), without).lost
    assert found(ledger(), replace(stored(), answers=())).lost


def test_an_answer_that_is_stored_twice_is_doubled() -> None:
    assert found(ledger(), replace(stored(), answers=(1, 1))).doubled


def test_an_answer_that_is_stored_as_another_is_a_false_claim() -> None:
    assert found(ledger(), replace(stored(), answers=(3,))).false_claims


@pytest.mark.parametrize("number", range(3))
def test_a_change_that_was_claimed_and_is_not_stored_is_false_and_lost(number: int) -> None:
    changes = stored().changes
    verdict = found(ledger(), replace(stored(), changes=changes[:number] + changes[number + 1 :]))
    assert verdict.false_claims
    assert verdict.lost


def test_a_change_that_came_only_after_it_was_claimed_is_a_false_claim() -> None:
    booked, *others = stored().changes
    late = replace(stored(), changes=(replace(booked, at=310.0), *others))
    assert any("only later" in finding for finding in found(ledger(), late).false_claims)


def test_another_time_than_the_one_stored_is_a_false_claim() -> None:
    booked, *others = stored().changes
    other = replace(stored(), changes=(replace(booked, starts_at=SECOND), *others))
    assert found(ledger(), other).false_claims


def test_a_change_that_was_made_twice_is_doubled() -> None:
    booked, *others = stored().changes
    assert found(ledger(), replace(stored(), changes=(booked, booked, *others))).doubled


def reported(at: float, said_to_it: str, operation: str = "absence") -> tuple[Ledger, Stored]:
    """A citizen who calls off a meeting that is too near to be cancelled."""
    told, kept = ledger(), stored()
    told.exchanges[5:] = [said("m6", 600, "ja", said_to_it)]
    changes = (*kept.changes[:2], Change("absence", SECOND, at))
    writes = {**kept.writes, ("m6", operation): at}
    del writes["m6", "cancel"]
    return told, replace(
        kept, changes=changes, writes=writes, heard=kept.heard[:6], transcript=kept.transcript[:6]
    )


REPORTED = f"Tak. Jeg har givet besked om, at du ikke kommer {IN_WORDS[SECOND]}. Tiden er ikke aflyst."


def test_an_absence_that_is_stored_as_it_was_told_is_clean() -> None:
    assert found(*reported(600.5, REPORTED)).findings() == []


def test_a_cancellation_that_arrived_as_an_absence_was_asked_for() -> None:
    kept = "Jeg har gemt dit afbud og bliver ved med at prøve."
    assert found(*reported(700.5, kept, "cancel:absence")).findings() == []


def test_an_absence_that_was_claimed_and_is_not_stored_is_false_and_lost() -> None:
    told, kept = reported(600.5, REPORTED)
    verdict = found(told, replace(kept, changes=kept.changes[:2]))
    assert len(verdict.false_claims) == 1
    # Said to be stored, and carried out.
    assert len(verdict.lost) == 2


def test_an_absence_that_was_denied_and_is_stored_is_a_false_claim() -> None:
    text = "Jeg kunne ikke give besked om, at du ikke kommer."
    assert len(found(*reported(600.5, text)).false_claims) == 1


def test_a_meeting_that_is_denied_while_it_stands_is_a_false_claim() -> None:
    told = ledger()
    told.exchanges[3].said = [Said("Jeg kan ikke se nogen tid i denne samtale. Skal vi finde en ny?")]
    assert found(told, stored()).false_claims


@pytest.mark.parametrize("said_of_it", ["Her er din tid.\n{}", "Du har stadig tiden {}."])
def test_a_meeting_that_is_told_of_after_it_was_cancelled_is_a_false_claim(said_of_it: str) -> None:
    told = ledger()
    told.exchanges[6].said = [Said(said_of_it.format(IN_WORDS[SECOND]))]
    assert found(told, stored()).false_claims


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "Det kunne jeg ikke gemme lige nu, så det tæller ikke med endnu."),
        (2, "Jeg kunne ikke booke tiden lige nu, så der er ikke booket noget."),
        (4, "Jeg kunne ikke flytte tiden lige nu, så din gamle tid gælder stadig."),
        (4, "Det er helt i orden. Jeg har ikke flyttet noget."),
        (5, "Det kunne jeg ikke, så der er ikke aflyst noget."),
        (5, "Fristen for at aflyse er gået, siden jeg spurgte dig. Jeg har ikke gjort noget endnu."),
        *((number, "Jeg har ikke aflyst, flyttet, booket eller slettet noget.") for number in (2, 4, 5)),
    ],
)
def test_what_is_said_not_to_be_done_and_is_done_is_a_false_claim(number: int, text: str) -> None:
    told = ledger()
    told.exchanges[number].said = [Said(text)]
    assert found(told, stored()).false_claims


@pytest.mark.parametrize(("at", "is_false"), [(200.4, False), (200.6, True)])
def test_what_failed_and_was_done_when_the_message_came_again_was_no_false_claim(
    at: float, is_false: bool
) -> None:
    told = ledger()
    not_saved = Said("Det kunne jeg ikke gemme lige nu, så det tæller ikke med endnu.", at)
    told.exchanges[1].said = [not_saved, Said(NOTED, 200.9)]
    assert bool(found(told, stored()).false_claims) is is_false


@pytest.mark.parametrize(
    "text",
    ["Tak. Jeg har gemt, at du ikke er enig, og hvorfor.", "Tak. Jeg har gemt, hvilket job du vil have."],
)
def test_what_is_said_to_be_stored_and_is_not_is_a_false_claim(text: str) -> None:
    told = ledger()
    told.exchanges[6].said = [Said(text)]
    assert found(told, stored()).false_claims


def test_not_to_know_is_never_a_false_claim() -> None:
    told = ledger()
    told.exchanges[2].said = [Said("Forbindelsen forsvandt, så jeg ved ikke, om din tid blev booket.")]
    assert found(told, stored()).findings() == []


def test_who_did_not_get_what_they_came_for_is_stuck() -> None:
    told = ledger()
    told.wanted = ["book"]
    assert found(told, stored()).stuck


@pytest.mark.parametrize("text", ["Traceback (most recent call last):", "ClientConnectorError", "Hej {name}"])
def test_what_only_a_program_would_say_is_found(text: str) -> None:
    told = ledger()
    told.exchanges[0].said.append(Said(text))
    assert found(told, stored()).traces


def test_what_never_arrives_is_lost_and_a_slot_with_two_meetings_is_doubled() -> None:
    assert found(ledger(), stored(), waiting={"spool": 2, "outbox": 0}).lost == ["2 left in spool"]
    assert found(ledger(), stored(), taken_twice=("slot s1",)).doubled


def erased(**seen: object) -> Ledger:
    """A citizen whose meeting was cancelled with everything else."""
    told = Erasing("K7", IN_WORDS[FIRST], is_done=True)
    return Ledger("c1", "web", ledger().exchanges, erasing=replace(told, **seen))  # type: ignore[arg-type]


CANCELLED = Stored(changes=(Change("booked", FIRST, 300.5), Change("cancelled", FIRST, 600.5)))
KEPT = Stored(changes=(Change("booked", FIRST, 300.5),), standing=1, named=1)


@pytest.mark.parametrize(
    ("told", "left"),
    [(erased(), CANCELLED), (erased(keeps_meeting=True), KEPT), (erased(meeting=""), Stored())],
)
def test_an_erasure_of_which_only_the_meeting_is_left_is_clean(told: Ledger, left: Stored) -> None:
    verdict = judge([told], Archive({"erased.K7": left}))
    assert verdict.findings() == []
    assert (verdict.conversations, verdict.writes) == (1, 1)


def test_a_citizen_who_is_found_after_being_told_of_the_erasure_was_told_falsely() -> None:
    assert judge([erased(left_in=["rasa.db"])], Archive({"erased.K7": CANCELLED})).false_claims
    assert judge([erased()], Archive({"erased.K7": CANCELLED, "c1": stored()})).false_claims


@pytest.mark.parametrize(("keeps", "left"), [(True, CANCELLED), (False, KEPT)])
def test_a_meeting_that_became_something_else_than_was_said_is_a_false_claim(
    keeps: bool, left: Stored
) -> None:
    assert judge([erased(keeps_meeting=keeps)], Archive({"erased.K7": left})).false_claims


def test_a_meeting_that_is_gone_with_the_rest_is_lost() -> None:
    assert judge([erased(keeps_meeting=True)], Archive()).lost


def test_who_is_never_told_that_everything_is_erased_is_stuck() -> None:
    assert judge([erased(is_done=False)], Archive({"erased.K7": CANCELLED})).stuck
    by_sms = replace(erased(), channel="sms")
    assert judge([by_sms], Archive({"erased.K7": CANCELLED})).stuck


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (erased(meeting=""), KEPT),
        (erased(), replace(CANCELLED, named=1)),
        (erased(meeting="fredag den 27"), CANCELLED),
    ],
)
def test_a_meeting_that_was_not_told_of_or_keeps_the_wrong_name_is_found(told: Ledger, left: Stored) -> None:
    assert judge([told], Archive({"erased.K7": left})).findings()


def test_who_looks_for_a_name_or_a_number_finds_them_as_they_are_written(tmp_path: Path) -> None:
    house = House(tmp_path)
    witness = Witness(house, Phone("+4526123456"), "Søren Zyxkvark")
    assert witness.files_with_traces() == []
    for written in ('{"name": "S\\u00f8ren Zyxkvark"}', "ZYXKVARK", "+4526123456", "26 12 34 56"):
        (tmp_path / "a.log").write_text(written)
        assert witness.files_with_traces() == ["a.log"], written


def test_an_erasure_that_never_began_is_held_against_all_that_is_stored() -> None:
    told = erased(number="", is_done=False)
    assert judge([told], Archive({"c1": stored()})).findings() == []
    assert judge([told], Archive()).lost
