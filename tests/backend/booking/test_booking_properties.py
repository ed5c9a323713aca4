"""Whatever citizens do, in whatever order: a slot has one owner, and every answer is true."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select

from backend.booking.opening_hours import OpeningHours
from backend.booking.repository import BookingRepository
from backend.booking.rules import BookingRules
from backend.booking.service import BookingService
from backend.booking.slot_filter import SlotFilter
from backend.booking.tables import Booking, BookingChange, Consultant, Hold, Slot, SlotClaim
from backend.citizens.tables import Citizen
from backend.db import Base, ContactKeys, Database
from backend.municipality import WEEKDAYS
from backend.problems import Conflict
from tests.backend.conftest import CONTACT_KEY

BEGIN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
RULES = BookingRules(
    opening_hours=OpeningHours({day: (time(0), time(23, 59)) for day in WEEKDAYS}),
    hold=timedelta(minutes=10),
    lead=timedelta(hours=2),
    notice=timedelta(hours=24),
)
Owners = dict[str, Booking | Hold]
MEETING = timedelta(minutes=30)
CITIZENS = ("anna", "bo", "carl")
# Two far ahead and two within the notice period, so that every rule comes into play.
SLOTS = {f"slot-{hours}": BEGIN + timedelta(hours=hours) for hours in (3, 26, 72, 96)}
VERBS = ("hold", "release", "book", "move", "cancel", "absence")

citizens = st.sampled_from(CITIZENS)
slot_ids = st.sampled_from(tuple(SLOTS))
Request = tuple[str, str, str]


def wait(minutes: int) -> Request:
    return "wait", str(minutes), ""


# Single requests at random seldom get far, so what citizens usually do comes in one piece.
scenes = st.one_of(
    st.builds(lambda verb, who, slot: [(verb, who, slot)], st.sampled_from(VERBS), citizens, slot_ids),
    st.builds(lambda minutes: [wait(minutes)], st.sampled_from([1, 9, 10, 120, 1500])),
    st.builds(lambda who, slot: [("hold", who, slot), ("book", who, slot)], citizens, slot_ids),
    st.builds(lambda who, slot: [("hold", who, slot), ("move", who, slot)], citizens, slot_ids),
    st.builds(
        lambda slow, quick, slot: [
            ("hold", slow, slot),
            wait(10),
            ("hold", quick, slot),
            ("book", slow, slot),
        ],
        citizens,
        citizens,
        slot_ids,
    ),
)


@dataclass
class Town:
    """The stored town, and the ids that each citizen last heard of."""

    database: Database
    now: datetime = BEGIN

    def __post_init__(self) -> None:
        self.hold_ids: dict[str, str] = {}
        self.booking_ids: dict[str, str] = {}
        self.versions: dict[str, int] = {}

    async def settle(self) -> None:
        async with self.database.write() as work:
            work.session.add(
                Consultant(id="c", name="Mette", title="konsulent", phone="1", email="m@k.example")
            )
            for name in CITIZENS:
                work.session.add(Citizen(id=name, conversation_id=name, channel="web", created_at=BEGIN))
            await work.session.flush()
            for slot_id, start in SLOTS.items():
                end = start + MEETING
                work.session.add(
                    Slot(id=slot_id, consultant_id="c", starts_at=start, ends_at=end, meeting_form="phone")
                )
            await work.commit()

    async def step(self, verb: str, citizen: str, slot_id: str) -> Conflict | None:
        """One request in one transaction; the refusal, if it is one."""
        try:
            async with self.database.write() as work:
                service = BookingService(BookingRepository(work.session), RULES, self.now)
                await self._do(service, verb, citizen, slot_id)
                await work.commit()
        except Conflict as refusal:
            return refusal
        return None

    async def _do(self, service: BookingService, verb: str, citizen: str, slot_id: str) -> None:
        booking_id = self.booking_ids.get(citizen, "")
        version = self.versions.get(citizen, 0)
        hold_id = self.hold_ids.get(citizen, "")
        if verb == "hold":
            self.hold_ids[citizen] = (await service.hold(citizen, slot_id)).id
        elif verb == "release" and hold_id:
            await service.release(hold_id)
        elif verb == "book" and hold_id:
            self._heard(citizen, await service.book(hold_id, name="Åse", phone="+4520123456"))
        elif verb == "move" and booking_id and hold_id:
            self._heard(citizen, await service.move(booking_id, hold_id=hold_id, version=version))
        elif verb == "cancel" and booking_id:
            self._heard(citizen, await service.cancel(booking_id, version=version, reason=None))
        elif verb == "absence" and booking_id:
            self._heard(citizen, await service.report_absence(booking_id, version=version, reason=None))

    def _heard(self, citizen: str, booking: Booking) -> None:
        self.booking_ids[citizen], self.versions[citizen] = booking.id, booking.version

    async def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Everything that is stored about holds and bookings."""
        tables: tuple[type[Base], ...] = (Hold, Booking, BookingChange, SlotClaim)
        async with self.database.read() as work:
            return {
                table.__tablename__: sorted(
                    map(tuple, await work.session.execute(select(table.__table__))), key=repr
                )
                for table in tables
            }

    async def owners(self) -> Owners:
        """Who has which slot, told by bookings and holds alone."""
        async with self.database.read() as work:
            standing = await work.session.scalars(select(Booking).where(Booking.status == "booked"))
            alive = select(Hold).where(Hold.ended_at.is_(None), Hold.expires_at > self.now)
            found = [*standing, *await work.session.scalars(alive)]
        counted = Counter(owner.slot_id for owner in found)
        assert max(counted.values(), default=1) == 1, "a slot has two owners"
        return {owner.slot_id: owner for owner in found}

    async def check(self) -> None:
        owners = await self.owners()
        async with self.database.read() as work:
            service = BookingService(BookingRepository(work.session), RULES, self.now)
            free = (await service.free_slots(SlotFilter(), 10)).slots
            for citizen in CITIZENS:
                assert len(await service.coming(citizen)) <= 1
            bookings = list(await work.session.scalars(select(Booking)))
            changes = Counter(await work.session.scalars(select(BookingChange.booking_id)))
        earliest = self.now + RULES.notice + RULES.lead
        offered = {slot_id for slot_id, start in SLOTS.items() if start >= earliest}
        assert {slot.id for slot in free} == offered - owners.keys()
        assert {booking.id: booking.version for booking in bookings} == changes


def must_succeed(verb: str, citizen: str, slot_id: str, town: Town, owners: Owners) -> bool:
    """Whether the rules leave no reason to refuse a request."""
    mine = {owner.id: owner for owner in owners.values() if owner.citizen_id == citizen}
    hold = mine.get(town.hold_ids.get(citizen, ""))
    booking = mine.get(town.booking_ids.get(citizen, ""))
    in_time = booking is not None and SLOTS[booking.slot_id] - RULES.notice >= town.now
    coming = booking is not None and SLOTS[booking.slot_id] + MEETING > town.now
    match verb:
        case "hold":
            owner = owners.get(slot_id)
            free = owner is None or (isinstance(owner, Hold) and owner.citizen_id == citizen)
            return free and SLOTS[slot_id] >= town.now + RULES.notice + RULES.lead
        case "book":
            return hold is not None and not coming
        case "move":
            return hold is not None and in_time
        case "cancel":
            return in_time
        case "absence":
            return booking is not None
        case _:
            return True


async def play(url: str, requests: list[Request]) -> None:
    database = Database.from_url(url, write_wait_seconds=5, keys=ContactKeys([CONTACT_KEY]))
    town = Town(database)
    try:
        await town.settle()
        for verb, who, slot_id in requests:
            if verb == "wait":
                town.now += timedelta(minutes=int(who))
                continue
            before, owners = await town.rows(), await town.owners()
            refusal = await town.step(verb, who, slot_id)
            if refusal:
                assert not must_succeed(verb, who, slot_id, town, owners), refusal
                assert await town.rows() == before, "a refused request changed something"
            await town.check()
    finally:
        await database.dispose()


@examples(max_examples=40, deadline=None)
@given(story=st.lists(scenes, min_size=4, max_size=12))
def test_a_slot_has_one_owner_and_every_answer_is_true(databases, story):
    requests = [request for scene in story for request in scene]
    with TemporaryDirectory() as folder:
        asyncio.run(play(databases.make(Path(folder)), requests))
