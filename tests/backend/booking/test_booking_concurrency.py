"""Many citizens at once, on a real SQLite file or on PostgreSQL."""

import asyncio
import random
from collections import Counter

import pytest
from sqlalchemy import select

from backend.booking.tables import Booking, BookingChange, Hold, SlotClaim

FRIDAY = "2026-11-27 13:30"
MONDAY = "2026-11-30 09:00"
CITIZENS = 25


async def citizens(desk, number=CITIZENS) -> list[str]:
    return [await desk.citizen() for _ in range(number)]


async def assert_every_slot_has_at_most_one_owner(desk, now) -> None:
    async with desk.database.read() as work:
        booked = list(await work.session.scalars(select(Booking).where(Booking.status == "booked")))
        holds = list(
            await work.session.scalars(select(Hold).where(Hold.ended_at.is_(None), Hold.expires_at > now))
        )
        claims = {claim.slot_id: claim for claim in await work.session.scalars(select(SlotClaim))}
        changes = Counter(await work.session.scalars(select(BookingChange.booking_id)))
    owners = Counter(row.slot_id for row in [*booked, *holds])
    assert max(owners.values(), default=1) == 1
    assert all(claims[booking.slot_id].booking_id == booking.id for booking in booked)
    assert all(claims[hold.slot_id].hold_id == hold.id for hold in holds)
    assert max(Counter(booking.citizen_id for booking in booked).values(), default=1) == 1
    assert all(changes[booking.id] == booking.version for booking in booked)


async def test_two_citizens_cannot_hold_the_same_slot(desk, clock):
    slot = await desk.slot(FRIDAY)
    assert await desk.free() == [slot]
    answers = await asyncio.gather(*(desk.hold(citizen, slot) for citizen in await citizens(desk)))
    assert await desk.free() == []
    assert Counter(answer.status for answer in answers) == {201: 1, 409: CITIZENS - 1}
    assert {answer.slug for answer in answers if answer.status == 409} == {"slot-taken"}
    await assert_every_slot_has_at_most_one_owner(desk, clock())


async def test_when_a_hold_has_run_out_one_of_those_who_wait_gets_the_slot(desk, clock):
    slot = await desk.slot(FRIDAY)
    await desk.held(await desk.citizen(), slot)
    clock.advance(minutes=10)
    answers = await asyncio.gather(*(desk.hold(citizen, slot) for citizen in await citizens(desk)))
    assert Counter(answer.status for answer in answers) == {201: 1, 409: CITIZENS - 1}
    await assert_every_slot_has_at_most_one_owner(desk, clock())


async def test_a_hold_that_ran_out_and_a_new_one_cannot_both_have_the_slot(desk, clock):
    for minute in range(10):
        slot = await desk.slot(f"2026-11-27 10:{minute:02}")
        slow, quick = await citizens(desk, 2)
        hold_id = await desk.held(slow, slot)
        clock.advance(minutes=10)
        booked, held = await asyncio.gather(desk.book(hold_id), desk.hold(quick, slot))
        assert sorted((booked.status, held.status)) == [201, 409]
        await assert_every_slot_has_at_most_one_owner(desk, clock())


async def test_one_hold_is_booked_once_however_often_it_is_pressed(desk, clock):
    citizen = await desk.citizen()
    hold_id = await desk.held(citizen, await desk.slot(FRIDAY))
    answers = await asyncio.gather(*(desk.book(hold_id) for _ in range(10)))
    assert Counter(answer.status for answer in answers) == {201: 1, 409: 9}
    assert {answer.slug for answer in answers if answer.status == 409} == {"booking-exists"}
    await assert_every_slot_has_at_most_one_owner(desk, clock())


async def test_the_same_request_at_the_same_time_is_done_once(desk, clock):
    citizen = await desk.citizen()
    body = {
        "hold_id": await desk.held(citizen, await desk.slot(FRIDAY)),
        "name": "Åse Ærø",
        "phone": "20123456",
    }
    answers = await asyncio.gather(*(desk.ask("POST", "/bookings", body, key="one-click") for _ in range(10)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["id"] for answer in answers}) == 1


async def test_one_citizen_cannot_hold_two_slots_by_asking_at_once(desk, clock):
    citizen = await desk.citizen()
    slots = [await desk.slot(f"2026-11-27 10:{minute:02}") for minute in range(10)]
    answers = await asyncio.gather(*(desk.hold(citizen, slot) for slot in slots))
    assert {answer.status for answer in answers} == {201}
    assert len(await desk.claimed_slots()) == 1
    await assert_every_slot_has_at_most_one_owner(desk, clock())


async def test_a_booking_is_changed_once_by_those_who_read_the_same_version(desk, clock):
    citizen = await desk.citizen()
    booking = await desk.booked(citizen, await desk.slot(FRIDAY))
    hold_id = await desk.held(citizen, await desk.slot(MONDAY))
    answers = await asyncio.gather(
        desk.change("move", booking, hold_id=hold_id),
        desk.change("cancel", booking),
        desk.change("cancel", booking),
        desk.change("absence", booking),
    )
    assert Counter(answer.status for answer in answers)[200] == 1
    assert {answer.slug for answer in answers if answer.status == 409} <= {
        "version-conflict",
        "already-cancelled",
    }
    await assert_every_slot_has_at_most_one_owner(desk, clock())


async def test_citizens_who_swap_their_held_slots_are_refused_and_keep_them(desk, clock):
    friday, monday = await desk.slot(FRIDAY), await desk.slot(MONDAY)
    one, other = await citizens(desk, 2)
    await desk.held(one, friday)
    await desk.held(other, monday)
    for _ in range(10):
        answers = await asyncio.gather(desk.hold(one, monday), desk.hold(other, friday))
        assert [answer.slug for answer in answers] == ["slot-taken", "slot-taken"]
    await assert_every_slot_has_at_most_one_owner(desk, clock())


@pytest.mark.parametrize("seed", range(3))
async def test_a_crowd_that_does_everything_at_once_never_shares_a_slot(desk, clock, seed):
    slots = [await desk.slot(f"2026-11-27 10:{minute:02}") for minute in range(4)]
    crowd = await citizens(desk, 12)
    chance = random.Random(seed)

    async def busy(citizen: str) -> list[int]:
        statuses = []
        for _ in range(6):
            held = await desk.hold(citizen, chance.choice(slots))
            statuses.append(held.status)
            found = await desk.ask("GET", "/bookings", query={"citizen_id": citizen, "status": "booked"})
            if held.status == 201 and found.body["bookings"]:
                booking = found.body["bookings"][0]
                verb = chance.choice(["move", "cancel"])
                more = {"hold_id": held.body["id"]} if verb == "move" else {}
                statuses.append((await desk.change(verb, booking, **more)).status)
            elif held.status == 201:
                statuses.append((await desk.book(held.body["id"])).status)
            clock.advance(minutes=chance.choice([0, 1, 6]))
        return statuses

    done = await asyncio.gather(*(busy(citizen) for citizen in crowd))
    statuses = Counter(status for one in done for status in one)
    assert statuses[201] > 0
    assert set(statuses) <= {200, 201, 409}
    await assert_every_slot_has_at_most_one_owner(desk, clock())
