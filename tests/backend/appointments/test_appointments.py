"""A caseworker books, moves and cancels for a citizen: all or nothing, once, and the citizen is told."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from backend.booking.problems import AlreadyCancelled, BookingExists, NoticePeriodPassed, SlotTaken
from backend.booking.tables import Booking, BookingChange, SlotClaim
from backend.citizens.tables import Citizen
from backend.outreach.tables import OutreachMessage
from backend.problems import NotFound, VersionConflict

BEGINS = datetime(2026, 11, 27, 12, 30, tzinfo=UTC)
FRIDAY, MONDAY = "2026-11-27 13:30", "2026-11-30 09:00"
TOLD_FRIDAY = (
    "Vi har booket en tid til dig: fredag den 27. november kl. 13.30-14.00 på telefonen, hos Mette Lindholm. "
    'Passer den ikke, så skriv "flyt min tid" eller AFBUD her.'
)


@pytest.fixture
def citizen(make_citizen, database):
    async def make(channel="sms"):
        made = await make_citizen(channel=channel)
        async with database.read() as work:
            return await work.session.get_one(Citizen, made["id"])

    return make


@pytest.fixture
def book(staff):
    async def book(citizen, slot, booking_id=None, words=""):
        async with staff() as appointments:
            return await appointments.book(
                citizen,
                slot,
                booking_id=booking_id or str(uuid4()),
                name="Åse Ærø",
                phone="+4520123456",
                words=words,
            )

    return book


@pytest.fixture
def stored(database):
    """All rows of a table."""

    async def stored(table):
        async with database.read() as work:
            return list(await work.session.scalars(select(table)))

    return stored


async def told(stored):
    return sorted((m.kind, m.channel, m.state, m.values["notice"]) for m in await stored(OutreachMessage))


async def test_a_meeting_is_booked_in_the_caseworkers_name_and_the_citizen_is_told(
    desk, citizen, book, stored
):
    who = await citizen()
    booking = await book(who, await desk.slot(FRIDAY))
    (change,) = await stored(BookingChange)
    assert (change.kind, change.actor, change.by) == ("booked", "caseworker", "Karen Holm")
    assert await told(stored) == [("booked_by_staff", "sms", "waiting", TOLD_FRIDAY)]
    (known,) = await stored(Citizen)
    assert (known.name, known.phone) == ("Åse Ærø", "+4520123456")
    answer = await desk.ask("GET", "/bookings", query={"citizen_id": who.id, "status": "booked"})
    assert [one["id"] for one in answer.body["bookings"]] == [booking.id]


async def test_the_same_form_at_the_same_time_books_once_and_tells_once(desk, citizen, book, stored):
    who, slot, booking_id = await citizen(), await desk.slot(FRIDAY), str(uuid4())
    await asyncio.gather(*(book(who, slot, booking_id) for _ in range(5)))
    await book(who, slot, booking_id)
    assert len(await stored(Booking)) == len(await stored(OutreachMessage)) == 1


async def test_the_same_form_with_another_slot_books_nothing_more(desk, citizen, book, stored):
    who, booking_id = await citizen(), str(uuid4())
    await book(who, await desk.slot(FRIDAY), booking_id)
    with pytest.raises(BookingExists):
        await book(who, await desk.slot(MONDAY), booking_id)
    assert len(await stored(Booking)) == len(await stored(SlotClaim)) == 1


async def test_two_tabs_book_one_meeting(desk, citizen, book, stored):
    who = await citizen()
    slots = [await desk.slot(FRIDAY), await desk.slot(MONDAY)]
    outcomes = await asyncio.gather(*(book(who, slot) for slot in slots), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Booking, BookingExists}
    assert len(await stored(Booking)) == len(await stored(OutreachMessage)) == 1


async def test_of_a_citizen_and_a_caseworker_one_gets_the_slot(desk, citizen, book, stored):
    for minute in range(10):
        slot = await desk.slot(f"2026-11-27 10:{minute:02}")
        theirs, ours = await desk.citizen(), await citizen()
        held, booked = await asyncio.gather(desk.hold(theirs, slot), book(ours, slot), return_exceptions=True)
        (claim,) = [claim for claim in await stored(SlotClaim) if claim.slot_id == slot]
        if isinstance(booked, Booking):
            assert (held.status, claim.booking_id) == (409, booked.id)
        else:
            assert isinstance(booked, SlotTaken)
            assert (held.status, claim.hold_id) == (201, held.body["id"])


async def test_a_taken_slot_leaves_everything_as_it_was(desk, citizen, book, staff, stored):
    taken = await desk.slot(MONDAY)
    await desk.booked(await desk.citizen(), taken)
    who = await citizen()
    with pytest.raises(SlotTaken):
        await book(who, taken)
    booking = await book(who, await desk.slot(FRIDAY))
    with pytest.raises(SlotTaken):
        async with staff() as appointments:
            await appointments.move(who, booking.id, taken, version=1, words="")
    assert [kind for kind, *_ in await told(stored)] == ["booked_by_staff"]
    assert {claim.slot_id for claim in await stored(SlotClaim)} == {taken, booking.slot_id}


async def test_a_meeting_is_moved_once_however_often_the_form_comes(desk, citizen, staff, stored):
    who = await citizen("web")
    booking = await desk.booked(who.id, await desk.slot(FRIDAY))
    monday = await desk.slot(MONDAY)
    for _ in range(2):
        async with staff() as appointments:
            await appointments.move(who, booking["id"], monday, version=1, words="Din konsulent er syg.")
    (moved,) = await stored(Booking)
    assert (moved.version, moved.slot_id) == (2, monday)
    assert [claim.slot_id for claim in await stored(SlotClaim)] == [monday]
    text = (
        "Vi har flyttet din tid. Den er nu mandag den 30. november kl. 9.00-9.30 på telefonen, "
        "hos Mette Lindholm. Din konsulent er syg. "
        'Passer den ikke, så skriv "flyt min tid" eller AFBUD her.'
    )
    assert await told(stored) == [("moved_by_staff", "web", "waiting", text)]


async def test_an_afbud_to_the_old_time_is_none_to_the_new_one(desk, citizen, staff, stored, clock):
    who = await citizen("web")
    booking = await desk.booked(who.id, await desk.slot(FRIDAY))
    monday = await desk.slot(MONDAY)
    clock.now = BEGINS - timedelta(hours=2)
    reported = (await desk.change("absence", booking)).body
    async with staff() as appointments:
        await appointments.move(who, booking["id"], monday, version=reported["version"], words="")
    (moved,) = await stored(Booking)
    assert moved.absence_reported_at is None
    assert [change.kind for change in await stored(BookingChange)] == ["booked", "absence", "moved"]


async def test_a_meeting_is_cancelled_once_with_its_reason(desk, citizen, staff, stored):
    who = await citizen("web")
    booking = await desk.booked(who.id, await desk.slot(FRIDAY))
    for _ in range(2):
        async with staff() as appointments:
            await appointments.cancel(who, booking["id"], version=1, reason="konsulenten er syg", words="")
    assert [(c.kind, c.by, c.reason) for c in await stored(BookingChange)] == [
        ("booked", None, None),
        ("cancelled", "Karen Holm", "konsulenten er syg"),
    ]
    assert await stored(SlotClaim) == []
    text = (
        "Vi har desværre måttet aflyse din tid fredag den 27. november kl. 13.30-14.00 på telefonen. "
        'Skriv "book en tid" her, når du vil have en ny.'
    )
    assert await told(stored) == [("cancelled_by_staff", "web", "waiting", text)]


async def test_what_the_citizen_has_changed_meanwhile_is_not_overwritten(desk, citizen, staff, stored):
    who = await citizen()
    booking = await desk.booked(who.id, await desk.slot(FRIDAY))
    monday, tuesday = await desk.slot(MONDAY), await desk.slot("2026-12-01 10:00")
    await desk.change("move", booking, hold_id=await desk.held(who.id, monday))
    with pytest.raises(VersionConflict):
        async with staff() as appointments:
            await appointments.move(who, booking["id"], tuesday, version=1, words="")
    with pytest.raises(VersionConflict):
        async with staff() as appointments:
            await appointments.cancel(who, booking["id"], version=1, reason="", words="")
    await desk.change("cancel", {**booking, "version": 2})
    with pytest.raises(AlreadyCancelled):
        async with staff() as appointments:
            await appointments.move(who, booking["id"], tuesday, version=1, words="")
    assert await told(stored) == []
    (left,) = await stored(Booking)
    assert (left.slot_id, left.status, left.version) == (monday, "cancelled", 3)


async def test_the_staff_may_change_a_meeting_until_it_begins(desk, citizen, staff, clock, stored):
    who = await citizen()
    booking = await desk.booked(who.id, await desk.slot(FRIDAY))
    clock.now = BEGINS
    async with staff() as appointments:
        await appointments.cancel(who, booking["id"], version=1, reason="konsulenten er syg", words="")
    assert [kind for kind, *_ in await told(stored)] == ["cancelled_by_staff"]


async def test_the_staff_book_nothing_that_the_citizen_could_not_cancel(desk, citizen, book, clock):
    slot = await desk.slot(FRIDAY)
    clock.now = BEGINS - timedelta(hours=24)
    with pytest.raises(SlotTaken):
        await book(await citizen(), slot)


async def test_a_meeting_that_has_begun_is_not_changed(desk, citizen, staff, clock, stored):
    who = await citizen()
    booking = await desk.booked(who.id, await desk.slot(FRIDAY))
    clock.now = BEGINS + timedelta(seconds=1)
    with pytest.raises(NoticePeriodPassed):
        async with staff() as appointments:
            await appointments.cancel(who, booking["id"], version=1, reason="", words="")
    assert await told(stored) == []


async def test_another_citizens_booking_is_not_found(desk, citizen, staff):
    booking = await desk.booked(await desk.citizen(), await desk.slot(FRIDAY))
    stranger = await citizen()
    with pytest.raises(NotFound):
        async with staff() as appointments:
            await appointments.cancel(stranger, booking["id"], version=1, reason="", words="")


@pytest.mark.parametrize(
    ("channel", "wanted", "expected"),
    [
        ("web", False, "waiting"),
        ("sms", True, "waiting"),
        ("sms", False, "dropped"),
        ("rest", True, "dropped"),
    ],
)
async def test_who_cannot_or_will_not_be_written_to_is_known_not_to_be_told(
    desk, citizen, book, stored, channel, wanted, expected, clock
):
    who = await citizen(channel)
    body = {"wanted": wanted, "said_at": clock().isoformat()}
    await desk.ask("POST", f"/conversations/{who.conversation_id}/contact-wish", body)
    await book(who, await desk.slot(FRIDAY))
    assert [state for _, _, state, _ in await told(stored)] == [expected]
