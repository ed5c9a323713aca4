"""Whether a citizen came: marked by a person, once the meeting has begun, and kept with who and when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backend.booking.attendance import AttendanceService, NotToBeMarked, may_mark
from backend.booking.repository import BookingRepository
from backend.booking.tables import Booking, BookingChange, Slot
from backend.problems import NotFound, VersionConflict

BEGINS = datetime(2026, 11, 27, 12, 30, tzinfo=UTC)
MINUTES = st.integers(-600, 600).map(lambda minutes: timedelta(minutes=minutes))


@given(
    status=st.sampled_from(["booked", "cancelled"]),
    now=MINUTES,
    reported=st.none() | MINUTES,
    attended=st.booleans(),
)
def test_only_a_meeting_that_has_begun_is_marked_and_who_told_beforehand_has_not_stayed_away(
    status, now, reported, attended
):
    slot = Slot(starts_at=BEGINS, ends_at=BEGINS + timedelta(minutes=30))
    booking = Booking(status=status, slot=slot, absence_reported_at=reported and BEGINS + reported)
    allowed = may_mark(booking, attended=attended, now=BEGINS + now)
    if status == "cancelled" or now < timedelta():
        assert not allowed
    elif reported is not None and reported < timedelta():
        assert allowed == attended
    else:
        assert allowed


@pytest.fixture
def mark(database, clock):
    async def mark(citizen_id, booking_id, version, *, attended, by="Karen Holm"):
        async with database.write() as work:
            service = AttendanceService(BookingRepository(work.session), clock(), by)
            marked = await service.mark(citizen_id, booking_id, attended=attended, version=version)
            await work.commit()
            return marked

    return mark


async def changes(database):
    async with database.read() as work:
        stored = await work.session.scalars(select(BookingChange).order_by(BookingChange.version))
        return [(change.version, change.kind, change.by) for change in stored]


async def test_a_later_mark_takes_the_place_of_an_earlier_one_and_both_are_kept(desk, mark, clock, database):
    citizen = await desk.citizen()
    booking = await desk.booked(citizen, await desk.slot("2026-11-27 13:30"))
    clock.advance(days=4)
    await mark(citizen, booking["id"], 1, attended=False)
    await mark(citizen, booking["id"], 1, attended=False)
    with pytest.raises(VersionConflict):
        await mark(citizen, booking["id"], 1, attended=True)
    assert (await mark(citizen, booking["id"], 2, attended=True, by="Ole Lund")).attended
    assert await changes(database) == [
        (1, "booked", None),
        (2, "not_met", "Karen Holm"),
        (3, "met", "Ole Lund"),
    ]


async def test_who_cancelled_or_told_beforehand_is_no_no_show(desk, mark, clock, database):
    away, ill = await desk.citizen(), await desk.citizen()
    cancelled = await desk.booked(away, await desk.slot("2026-11-27 13:30"))
    await desk.change("cancel", cancelled)
    absent = await desk.booked(ill, await desk.slot("2026-11-27 13:00"))
    clock.advance(days=3)
    await desk.change("absence", absent)
    clock.advance(days=1)
    for citizen, booking in ((away, cancelled), (ill, absent)):
        with pytest.raises(NotToBeMarked):
            await mark(citizen, booking["id"], 2, attended=False)
    await mark(ill, absent["id"], 2, attended=True)


async def test_a_mark_gives_way_to_an_afbud_that_was_said_beforehand_and_arrives_late(
    desk, mark, clock, database
):
    ill = await desk.citizen()
    booking = await desk.booked(ill, await desk.slot("2026-11-27 13:00"))
    clock.advance(days=3)
    said_at = clock.now.isoformat()
    clock.advance(days=1)
    await mark(ill, booking["id"], 1, attended=False)
    for _ in range(2):
        told = await desk.change("absence", booking, said_at=said_at)
        assert (told.body["absence_reported_at"], told.body["version"]) == (said_at, 3)
    assert [kind for _, kind, _ in await changes(database)] == ["booked", "not_met", "absence"]
    with pytest.raises(NotToBeMarked):
        await mark(ill, booking["id"], 3, attended=False)


async def test_who_tells_afterwards_has_stayed_away(desk, mark, clock):
    citizen = await desk.citizen()
    booking = await desk.booked(citizen, await desk.slot("2026-11-27 13:00"))
    clock.advance(days=4)
    await mark(citizen, booking["id"], 1, attended=False)
    await desk.change("absence", booking, said_at=clock.now.isoformat())
    assert (await mark(citizen, booking["id"], 3, attended=False)).attended is False


async def test_another_citizens_meeting_cannot_be_marked(desk, mark, clock):
    booking = await desk.booked(await desk.citizen(), await desk.slot("2026-11-27 13:30"))
    clock.advance(days=4)
    with pytest.raises(NotFound):
        await mark(await desk.citizen(), booking["id"], 1, attended=True)
