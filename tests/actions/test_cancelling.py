import json

import pytest
from fake_backend import LABELS, SLOTS

LABEL = LABELS[0]
ASKED = f"Din tid {LABEL} er ikke aflyst endnu. Skal jeg aflyse den?"


@pytest.fixture
async def asked(citizen, fake):
    fake.booked(SLOTS[0])
    assert await citizen.says("jeg er syg", "cancel_booking") == ASKED
    return citizen


@pytest.fixture
async def asked_too_late(citizen, fake):
    fake.booked(SLOTS[0])
    fake.can_change = False
    await citizen.says("jeg er syg", "cancel_booking")
    return citizen


def kept(folder):
    return [json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.json")]


async def test_a_yes_cancels(asked, fake):
    assert await asked.says("ja", "affirm") == f"Din tid er aflyst: {LABEL}. Vil du have en ny?"
    assert fake.bookings_made == []
    assert await asked.form() is None


@pytest.mark.parametrize(
    "intent", ["deny", "skip_question", "previous_question", "pause_assessment", "opt_out"]
)
async def test_anything_but_a_yes_leaves_the_time(asked, fake, intent):
    assert (await asked.says("nej", intent)).startswith("Helt i orden. Jeg har ikke aflyst noget.")
    assert len(fake.bookings_made) == 1
    assert await asked.form() is None


async def test_saying_it_again_is_a_yes(asked, fake):
    await asked.says("aflys den nu", "cancel_booking")
    assert fake.bookings_made == []


async def test_a_yes_with_thanks_is_a_yes(asked, fake):
    assert "aflyst" in await asked.says("ja, mange tak", "thank")
    assert fake.bookings_made == []


async def test_thanks_alone_is_no_yes(asked, fake):
    await asked.says("mange tak", "thank")
    assert len(fake.bookings_made) == 1


async def test_asking_about_it_is_not_a_yes(asked, fake):
    assert await asked.says("kan den aflyses senere?", "cancel_booking") == ASKED
    assert len(fake.bookings_made) == 1


async def test_without_a_time_there_is_nothing_to_cancel(citizen):
    said = await citizen.says("aflys min tid", "cancel_booking")
    assert said.startswith("Jeg kan ikke se nogen tid i denne samtale, så der er ikke noget at aflyse her.")
    assert await citizen.form() is None


async def test_a_question_in_between_leaves_the_decision_open(asked, fake):
    said = await asked.says("hvad gemmer I", "ask_privacy")
    assert said.endswith(ASKED)
    await asked.says("ja", "affirm")
    assert fake.bookings_made == []


async def test_moving_instead_keeps_the_time_until_it_is_moved(asked, fake):
    said = await asked.clicks("Flyt den i stedet")
    assert said.startswith(f"Din tid er {LABEL}. Den gælder, til jeg har flyttet den.")
    assert len(fake.bookings_made) == 1
    assert await asked.form() == "booking_form"


async def test_a_cancellation_that_cannot_be_stored_is_said_to_have_failed_and_is_kept(
    asked, fake, outbox_folder
):
    fake.away("cancel")
    said = await asked.says("ja", "affirm")
    assert said.startswith(f"Jeg kunne ikke aflyse lige nu. Du har stadig tiden {LABEL}.")
    assert "Tiden er ikke aflyst, før du kan se, at den er væk." in said
    [request] = kept(outbox_folder)
    assert request["path"] == "/bookings/booking-1/cancel"
    assert request["body"]["version"] == 1
    assert request["key"] == "conversation-1:message-2:cancel"


async def test_a_kept_cancellation_goes_before_the_answer_to_what_is_booked(asked, fake, outbox_folder):
    fake.away("cancel")
    await asked.says("ja", "affirm")
    said = await asked.says("hvornår er min tid", "ask_booking")
    assert said.startswith("Jeg kan ikke se din tid lige nu.")
    fake.back()
    said = await asked.says("hvornår er min tid", "ask_booking")
    assert said.startswith("Jeg kan ikke se nogen tid i denne samtale.")
    assert fake.bookings_made == []
    assert kept(outbox_folder) == []


async def test_who_cancels_again_while_a_cancellation_waits_is_told_that_it_may_have_got_through(asked, fake):
    fake.lose_answer_of("cancel")
    await asked.says("ja", "affirm")
    fake.away("post")
    said = await asked.says("aflys min tid", "cancel_booking")
    assert said.startswith("Forbindelsen forsvandt, så jeg ved ikke, om dit afbud nåede frem.")
    assert fake.bookings_made == []


async def test_a_kept_cancellation_goes_before_a_new_booking(asked, fake):
    fake.away("cancel")
    await asked.says("ja", "affirm")
    fake.back()
    said = await asked.says("book en tid", "book_followup")
    assert "ledige tider" in said
    assert fake.bookings_made == []


async def test_a_cancellation_whose_fate_is_unknown_is_said_to_be_so_and_is_kept(asked, fake, outbox_folder):
    fake.lose_answer_of("cancel")
    said = await asked.says("ja", "affirm")
    assert said.startswith(f"Forbindelsen forsvandt, så jeg ved ikke, om din tid {LABEL} blev aflyst.")
    assert len(kept(outbox_folder)) == 1


async def test_a_cancellation_that_cannot_even_be_kept_promises_nothing(asked, fake, monkeypatch):
    fake.away("cancel")
    monkeypatch.setattr("actions.outbox.Outbox._write", _disk_full)
    said = await asked.says("ja", "affirm")
    assert said.startswith("Det kunne jeg ikke, så der er ikke aflyst noget.")
    assert "prøver igen" not in said


def _disk_full(*_):
    raise OSError("No space left on device")


async def test_after_the_notice_period_absence_is_reported_and_the_time_is_not_cancelled(
    asked_too_late, fake
):
    assert "så jeg kan ikke aflyse den nu" in asked_too_late.text
    said = await asked_too_late.says("ja", "affirm")
    assert said.startswith(f"Tak. Jeg har givet besked om, at du ikke kommer {LABEL}. Tiden er ikke aflyst")
    assert fake.bookings_made[0].absence_reported_at is not None
    assert "cancel" not in [name for name, _ in fake.calls]


async def test_an_absence_that_cannot_be_stored_is_kept(asked_too_late, fake, outbox_folder):
    fake.away("report_absence")
    said = await asked_too_late.says("ja", "affirm")
    assert said.startswith("Jeg kunne ikke give besked lige nu.")
    assert kept(outbox_folder)[0]["path"] == "/bookings/booking-1/absence"


async def test_an_absence_is_reported_once(asked_too_late, fake):
    await asked_too_late.says("ja", "affirm")
    said = await asked_too_late.says("jeg er syg", "cancel_booking")
    assert said.startswith("Du har allerede givet besked")


async def test_when_the_notice_period_ends_meanwhile_the_citizen_is_asked_anew(asked, fake):
    fake.can_change = False
    said = await asked.says("ja", "affirm")
    assert said.startswith("Fristen for at aflyse er gået")
    assert said.endswith("Jeg kan give besked om, at du ikke kommer. Skal jeg det?")
    assert fake.bookings_made[0].absence_reported_at is None


async def test_a_time_cancelled_meanwhile_is_said_to_be_so(asked, fake):
    fake.bookings_made.clear()
    fake.refuse("cancel", "already-cancelled")
    assert (await asked.says("ja", "affirm")).startswith("Den tid er allerede aflyst.")


async def test_a_cancellation_is_not_denied_when_it_cannot_be_looked_up(asked, fake):
    fake.refuse("cancel", "already-cancelled")
    fake.away("bookings")
    said = await asked.says("ja", "affirm")
    assert said.startswith("Forbindelsen forsvandt, så jeg ved ikke, om dit afbud nåede frem.")


async def test_a_time_that_cannot_be_looked_up_is_said_not_to_be_cancelled(citizen, fake):
    fake.away("bookings")
    said = await citizen.says("aflys min tid", "cancel_booking")
    assert said.startswith("Jeg kan ikke slå din tid op lige nu, så der er ikke aflyst noget.")
    assert await citizen.form() is None
