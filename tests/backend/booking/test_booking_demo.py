from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from backend.booking import demo
from backend.booking.opening_hours import OpeningHours
from backend.booking.tables import Consultant, Slot
from backend.danish import local
from backend.keys import MUNICIPALITY

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def municipality(client):
    return client.app[MUNICIPALITY]


async def fill(database, municipality, now=NOW) -> None:
    async with database.write() as work:
        await demo.fill(work.session, municipality, now)
        await work.commit()


async def slots_in(database) -> list[Slot]:
    async with database.read() as work:
        return list(await work.session.scalars(select(Slot).order_by(Slot.starts_at)))


async def test_six_consultants_have_four_weeks_of_slots_within_opening_hours(database, municipality):
    await fill(database, municipality)
    slots = await slots_in(database)
    opening_hours = OpeningHours.of(municipality)
    assert all(opening_hours.contain(slot.starts_at, slot.ends_at) for slot in slots)
    assert len({slot.consultant_id for slot in slots}) == 6
    open_days = {
        day for day in (date(2026, 12, 1) + timedelta(days=n) for n in range(28)) if opening_hours.on(day)
    }
    assert {local(slot.starts_at).date() for slot in slots} == open_days
    assert date(2026, 12, 24) not in open_days
    assert date(2026, 12, 25) not in open_days


async def test_every_consultant_meets_in_every_form_and_every_meeting_has_its_place(database, municipality):
    await fill(database, municipality)
    slots = await slots_in(database)
    forms = Counter((slot.consultant_id, slot.meeting_form) for slot in slots)
    assert len(forms) == 6 * 3
    assert {slot.place for slot in slots if slot.meeting_form == "in_person"} == {municipality.address}
    assert {slot.place for slot in slots if slot.meeting_form == "phone"} == {None}
    links = {slot.place for slot in slots if slot.meeting_form == "video"}
    assert all(link.startswith("https://video.kommune.example/") for link in links)
    assert len(links) == 6


async def test_no_consultant_is_in_two_meetings_at_once(database, municipality):
    await fill(database, municipality)
    by_consultant: dict[str, list[Slot]] = {}
    for slot in await slots_in(database):
        by_consultant.setdefault(slot.consultant_id, []).append(slot)
    for slots in by_consultant.values():
        assert all(one.ends_at <= next_.starts_at for one, next_ in pairwise(slots))


async def test_filling_again_adds_nothing_and_a_day_later_only_the_new_day(database, municipality):
    await fill(database, municipality)
    first = [slot.id for slot in await slots_in(database)]
    await fill(database, municipality, NOW + timedelta(hours=1))
    assert [slot.id for slot in await slots_in(database)] == first
    await fill(database, municipality, NOW + timedelta(days=1))
    added = [slot for slot in await slots_in(database) if slot.id not in first]
    assert {local(slot.starts_at).date() for slot in added} == {date(2026, 12, 29)}
    async with database.read() as work:
        assert await work.session.scalar(select(func.count()).select_from(Consultant)) == 6


async def test_the_first_free_times_are_different_times(desk, municipality, clock):
    await fill(desk.database, municipality, clock())
    page = (await desk.ask("GET", "/slots", query={"limit": 10})).body["slots"]
    assert len({slot["starts_at"] for slot in page}) == 10
    assert len({slot["meeting_form"] for slot in page}) == 3


async def test_filling_leaves_bookings_alone(desk, municipality, clock):
    await fill(desk.database, municipality, clock())
    slot = (await desk.ask("GET", "/slots")).body["slots"][0]
    booking = await desk.booked(await desk.citizen(), slot["id"])
    await fill(desk.database, municipality, clock())
    assert (await desk.ask("GET", f"/bookings/{booking['id']}")).body["label"] == booking["label"]
    assert slot["id"] not in await desk.free()
