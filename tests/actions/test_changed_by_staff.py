"""What is said of a meeting that a caseworker booked, moved or cancelled: what the backend has now."""

from fake_backend import LABELS, SLOTS

BEFORE, AFTER = LABELS[0], LABELS[1]


async def test_a_meeting_that_the_staff_booked_is_the_citizens_meeting(citizen, fake):
    assert (await citizen.says("hvornår er min tid?", "ask_booking")).startswith("Jeg kan ikke se nogen tid")
    fake.booked(SLOTS[1])
    assert AFTER[1:] in await citizen.says("hvornår er min tid?", "ask_booking")
    assert await citizen.says("jeg vil have en tid", "book_followup") == (
        f"Du har allerede en tid: {AFTER}. Vil du flytte den?"
    )


async def test_afbud_and_moving_are_about_the_time_that_the_staff_moved_it_to(citizen, fake):
    fake.booked(SLOTS[0])
    assert BEFORE[1:] in await citizen.says("hvornår er min tid?", "ask_booking")
    fake.booked(SLOTS[1])
    assert AFTER[1:] in await citizen.says("hvornår er min tid?", "ask_booking")
    assert AFTER in await citizen.says("AFBUD", "cancel_booking")
    assert (await citizen.says("flyt min tid", "reschedule_booking")).startswith(f"Din tid er {AFTER}.")


async def test_a_yes_to_cancelling_the_time_before_is_none_to_the_one_after(citizen, fake):
    fake.booked(SLOTS[0])
    assert BEFORE in await citizen.says("AFBUD", "cancel_booking")
    fake.booked(SLOTS[1])
    fake.refuse("cancel", "version-conflict")
    said = await citizen.says("ja", "affirm")
    assert said.startswith("Din tid er blevet ændret, siden vi talte om den. Jeg har ikke aflyst noget.")
    assert AFTER in said
    assert [booking.label for booking in fake.bookings_made] == [AFTER]


async def test_a_meeting_that_the_staff_cancelled_is_none_any_more(citizen, fake):
    fake.booked(SLOTS[0])
    await citizen.says("AFBUD", "cancel_booking")
    fake.bookings_made = []
    fake.refuse("cancel", "already-cancelled")
    assert (await citizen.says("ja", "affirm")).startswith("Den tid er allerede aflyst.")
    assert (await citizen.says("hvornår er min tid?", "ask_booking")).startswith("Jeg kan ikke se nogen tid")
