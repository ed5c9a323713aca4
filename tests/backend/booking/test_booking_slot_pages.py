"""Pages of free slots: a choice of days; whoever goes on sees every slot that fits, and none twice."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from backend.booking.opening_hours import OpeningHours
from backend.booking.repository import BookingRepository
from backend.booking.rules import BookingRules
from backend.booking.service import BookingService
from backend.booking.slot_filter import SlotFilter
from backend.booking.slot_page import OFFERED_A_DAY
from backend.booking.tables import Consultant, Slot
from backend.danish import local
from backend.db import ContactKeys, Database
from backend.municipality import WEEKDAYS
from tests.backend.conftest import CONTACT_KEY

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
RULES = BookingRules(
    opening_hours=OpeningHours({day: (time(0), time(23, 59)) for day in WEEKDAYS}),
    hold=timedelta(minutes=10),
    lead=timedelta(hours=2),
    notice=timedelta(hours=24),
)
CONSULTANTS = ("c1", "c2", "c3")

timetables = st.dictionaries(
    st.tuples(st.sampled_from(CONSULTANTS), st.integers(0, 5), st.integers(0, 4)),
    st.sampled_from(["phone", "video", "in_person"]),
    max_size=40,
).map(
    lambda timetable: [
        Slot(
            id=f"slot-{number}",
            consultant_id=consultant,
            starts_at=(start := MONDAY + timedelta(days=day, minutes=30 * step)),
            ends_at=start + timedelta(minutes=30),
            meeting_form=form,
            place=None if form == "phone" else "Demovej 1",
        )
        for number, ((consultant, day, step), form) in enumerate(timetable.items())
    ]
)
wishes = st.builds(
    SlotFilter,
    first_day=st.none() | st.just((MONDAY + timedelta(days=1)).date()),
    last_day=st.none() | st.just((MONDAY + timedelta(days=1)).date()),
    not_weekdays=st.sampled_from([(), ("wed",), ("mon", "thu")]),
    time_from=st.none() | st.just(time(10)),
    meeting_form=st.none() | st.just("phone"),
)


def looks(slot: Slot) -> tuple[object, ...]:
    return slot.starts_at, slot.meeting_form, slot.place


async def pages(url: str, slots: list[Slot], wish: SlotFilter, limit: int) -> list[list[Slot]]:
    """Every page that a citizen comes to who goes on until there are no more."""
    database = Database.from_url(url, write_wait_seconds=5, keys=ContactKeys([CONTACT_KEY]))
    try:
        async with database.write() as work:
            for name in CONSULTANTS:
                work.session.add(
                    Consultant(id=name, name=name, title="konsulent", phone="1", email="m@k.example")
                )
            await work.session.flush()
            work.session.add_all(slots)
            await work.commit()
        found: list[list[Slot]] = []
        async with database.read() as work:
            service = BookingService(BookingRepository(work.session), RULES, NOW)
            more = True
            while more:
                page = await service.free_slots(wish, limit, [slot.id for one in found for slot in one])
                found.append(page.slots)
                more = page.more
        return found
    finally:
        await database.dispose()


@examples(max_examples=60, deadline=None)
@given(slots=timetables, wish=wishes, limit=st.integers(1, 5))
def test_going_on_shows_every_slot_that_fits_and_none_twice(databases, slots, wish, limit):
    fitting = {looks(slot) for slot in slots if wish.accepts(slot.starts_at, slot.meeting_form)}
    with TemporaryDirectory() as folder:
        found = asyncio.run(pages(databases.make(Path(folder)), slots, wish, limit))
    shown = [looks(slot) for page in found for slot in page]
    assert len(shown) == len(set(shown))
    assert set(shown) == fitting
    for page in found:
        assert page == sorted(page, key=lambda slot: slot.starts_at)
        assert len(page) <= limit
        if not wish.names_a_day:
            assert max(Counter(local(slot.starts_at).date() for slot in page).values(), default=0) <= (
                OFFERED_A_DAY
            )


async def test_the_first_page_is_a_choice_of_days(desk):
    thursday = [await desk.slot(f"2026-11-26 {clock}") for clock in ("11:00", "11:30", "12:00")]
    friday = await desk.slot("2026-11-27 09:00")
    answer = await desk.ask("GET", "/slots")
    assert [slot["id"] for slot in answer.body["slots"]] == [*thursday[:2], friday]
    assert answer.body["more"] is True


async def test_whoever_names_the_day_sees_all_of_it(desk):
    thursday = [await desk.slot(f"2026-11-26 {clock}") for clock in ("11:00", "11:30", "12:00")]
    assert await desk.free(**{"from": "2026-11-26", "to": "2026-11-26"}) == thursday


async def test_going_on_does_not_skip_another_form_at_the_same_time(desk):
    call = await desk.slot("2026-11-27 09:00")
    video = await desk.slot("2026-11-27 09:00", "video", "https://video.kommune.example/1")
    [first] = await desk.free(limit=1)
    assert await desk.free(not_slots=first) == [({call, video} - {first}).pop()]


async def test_a_slot_like_one_that_was_shown_does_not_come_again(desk):
    alike = {await desk.slot("2026-11-27 09:00"), await desk.slot("2026-11-27 09:00")}
    later = await desk.slot("2026-11-27 09:30")
    [shown] = await desk.free(limit=1)
    assert shown in alike
    assert await desk.free(not_slots=shown) == [later]
