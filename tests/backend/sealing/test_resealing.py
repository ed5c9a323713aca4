"""The key is changed while the house runs; what breaks off goes on where it was."""

import asyncio
import subprocess
import sys

import pytest
from sqlalchemy import select, text, update

from backend.booking.tables import Booking
from backend.citizens.tables import Citizen
from backend.db import resealing
from backend.db.resealing import NOT_SEALED, count_left, reseal, sealed_columns, unknown_keys
from backend.handover.repository import HandoverRepository
from backend.outreach.repository import OutreachRepository
from backend.problems import DatabaseUnavailable
from backend.teams.scope import EVERY_TEAM
from tests.backend.conftest import CONTACT_KEY
from tests.backend.databases import POSTGRES_URL
from tests.backend.sealing.conftest import BOTH, NAME, NEW, NEWER_KEY, OLD, PHONE, stored
from tests.backend.story import Story


@pytest.fixture
async def written(desk, archive, database, clock):
    """Something in every sealed column, and more rows than are sealed at once."""
    citizen = await desk.make_citizen("c-zyx")
    booked = await desk.book(await desk.held(citizen["id"], await desk.slot("2026-11-27 09:00")), NAME, PHONE)
    assert booked.status == 201
    await archive.send(Story("c-zyx").user("hej").events)
    async with database.write() as work:
        await HandoverRepository(work.session, EVERY_TEAM).add_call_request("c-zyx", PHONE, clock())
        await OutreachRepository(work.session).invite_if_absent("k", PHONE, "***19", "Karen", clock())
        for number in range(25):
            at = {"created_at": clock(), "channel": "web"}
            work.session.add(Citizen(conversation_id=f"c-{number}", name=f"Navn {number}", phone=PHONE, **at))
        await work.commit()


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch):
    monkeypatch.setattr(resealing, "AT_ONCE", 7)
    monkeypatch.setattr(resealing, "_TRY_AGAIN_SECONDS", 0)


async def marks(database):
    """The beginnings of everything that is sealed, by column."""
    found = {}
    for table, names in sealed_columns().items():
        for name in names:
            rows = await stored(database, f"SELECT {name} AS held FROM {table.name}")
            found[f"{table.name}.{name}"] = {row["held"][:11] for row in rows if row["held"]}
    return found


async def names_and_numbers(database):
    async with database.read() as work:
        citizens = await work.session.execute(select(Citizen.conversation_id, Citizen.name, Citizen.phone))
        bookings = await work.session.execute(select(Booking.citizen_name, Booking.citizen_phone))
        return sorted(citizens.all()), bookings.all()


async def test_everything_is_sealed_with_the_newest_key_and_says_the_same(database, with_keys, written):
    before = await names_and_numbers(database)
    assert set().union(*(await marks(database)).values()) == {OLD.mark}
    assert all((await marks(database)).values()), "a sealed column is not tried"
    both, told = with_keys(BOTH), []
    assert await count_left(both) > 25
    resealed = await reseal(both, told.append)
    assert resealed.rows == sum(told) > 25
    assert not resealed.unreadable
    assert await count_left(both) == 0
    new = with_keys(NEW)
    assert set().union(*(await marks(new)).values()) == {NEW.mark}
    assert await names_and_numbers(new) == before
    indexes = await stored(new, "SELECT phone_index FROM citizens WHERE phone_index IS NOT NULL")
    assert {row["phone_index"] for row in indexes} == set(NEW.indexes(PHONE, "citizens.phone"))
    assert (await reseal(both, told.append)).rows == 0


async def test_what_broke_off_half_way_goes_on(database, with_keys, written):
    class Killed(BaseException):
        pass

    def die(_):
        raise Killed

    before = await names_and_numbers(database)
    both = with_keys(BOTH)
    everything = await count_left(both)
    with pytest.raises(Killed):
        await reseal(both, die)
    left = await count_left(both)
    assert 0 < left < everything
    assert await names_and_numbers(both) == before
    assert (await reseal(both, lambda _: None)).rows == left
    assert await names_and_numbers(with_keys(NEW)) == before


async def test_what_the_house_writes_meanwhile_is_not_written_over(with_keys, written):
    async with with_keys(BOTH).write() as work:
        await work.session.execute(update(Citizen).values(name="En Anden"))
        beside = asyncio.create_task(reseal(with_keys(BOTH), lambda _: None))
        # It comes as far as it can: on PostgreSQL to the rows that are being changed.
        await asyncio.sleep(0.5)
        await work.commit()
    await beside
    citizens, _ = await names_and_numbers(with_keys(NEW))
    assert {name for _, name, _ in citizens} == {"En Anden"}


async def test_a_busy_database_is_waited_for(with_keys, written, monkeypatch):
    both, refused = with_keys(BOTH), []
    some = resealing._seal_some

    async def busy_at_first(*arguments):
        if len(refused) < 3:
            refused.append(1)
            raise DatabaseUnavailable
        return await some(*arguments)

    monkeypatch.setattr(resealing, "_seal_some", busy_at_first)
    await reseal(both, lambda _: None)
    assert await count_left(both) == 0


async def test_what_no_key_opens_is_told_and_left_as_it_is(with_keys, written):
    new = with_keys(NEW)
    before = await stored(new, "SELECT citizen_phone FROM bookings")
    resealed = await reseal(new, lambda _: None)
    assert resealed.rows == 0
    assert resealed.unreadable["bookings.citizen_phone"] == 1
    assert await stored(new, "SELECT citizen_phone FROM bookings") == before
    assert await unknown_keys(new) == {OLD.mark[2:-1]}
    assert await unknown_keys(with_keys(BOTH)) == set()


def run(settings, process_environment, command, contact_key):
    return subprocess.run(
        [sys.executable, "-m", "backend.db", command],
        env=process_environment(
            settings.data_path,
            DIGISPOR_DATABASE_URL=settings.database_url,
            DIGISPOR_CONTACT_KEY=contact_key,
        ),
        capture_output=True,
        text=True,
        check=False,
    )


async def test_the_command_tells_when_the_older_key_may_go(settings, process_environment, with_keys, written):
    both = f"{NEWER_KEY},{CONTACT_KEY}"
    done = run(settings, process_environment, "reseal", both)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nu kan de ældre nøgler fjernes" in done.stdout
    assert run(settings, process_environment, "upgrade", NEWER_KEY).returncode == 0


async def test_the_command_refuses_to_say_so_while_a_key_is_missing(settings, process_environment, written):
    done = run(settings, process_environment, "reseal", NEWER_KEY)
    assert done.returncode == 1
    assert "fjernes" not in done.stdout
    assert "bookings.citizen_phone (1)" in done.stdout


async def test_an_upgrade_with_the_wrong_key_says_which_is_missing(settings, process_environment, written):
    refused = run(settings, process_environment, "upgrade", NEWER_KEY)
    assert refused.returncode != 0
    assert OLD.mark[2:-1] in refused.stderr
    assert "DIGISPOR_CONTACT_KEY" in refused.stderr
    assert "Traceback" not in refused.stderr


async def test_what_is_not_sealed_is_told_of_without_its_words(database, written):
    async with database.write() as work:
        await work.session.execute(text("UPDATE citizens SET phone = :phone"), {"phone": PHONE})
        await work.commit()
    assert await unknown_keys(database) == {NOT_SEALED}


@pytest.mark.skipif(bool(POSTGRES_URL), reason="the server decides when bytes are overwritten")
async def test_nothing_that_the_older_key_opens_is_left_in_the_files(
    settings, process_environment, with_keys, written, database
):
    values = await stored(database, "SELECT phone FROM citizens WHERE phone IS NOT NULL")
    await database.dispose()
    done = run(settings, process_environment, "reseal", f"{NEWER_KEY},{CONTACT_KEY}")
    assert done.returncode == 0, done.stdout + done.stderr
    for path in settings.data_path.glob("digispor.db*"):
        held = path.read_bytes()
        assert not [row["phone"] for row in values if row["phone"].encode() in held], path.name
