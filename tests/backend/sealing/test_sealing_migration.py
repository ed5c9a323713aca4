"""What was stored before names and numbers were sealed is sealed by the upgrade, and opened by going back."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from sqlalchemy import MetaData, text

from backend.db import migrate
from backend.db.engine import create_engine
from backend.db.sealed import CannotUnseal
from tests.backend.databases import sqlite_only
from tests.backend.sealing.conftest import NAME, NEW, OLD, PHONE

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
BODY = f'{{"id":"b0","citizen_id":"c0","citizen_name":"{NAME}","citizen_phone":"{PHONE}"}}'
HELD = {
    "citizens": ("name", "phone"),
    "bookings": ("citizen_name", "citizen_phone"),
    "call_requests": ("phone",),
    "outreach_messages": ("phone",),
    "idempotency_keys": ("request", "body"),
}


async def plant(url, citizens=3):
    """Fills a database as it was before."""
    engine = create_engine(url, wait_seconds=5, foreign_keys=False)
    async with engine.begin() as connection:
        tables = await connection.run_sync(_reflect)

        async def add(table, **row):
            await connection.execute(tables[table].insert().values(row))

        for number in range(citizens):
            told = {"name": NAME, "phone": PHONE} if number % 2 == 0 else {}
            of_it = {"id": f"c{number}", "conversation_id": f"c-{number}", "channel": "web"}
            await add("citizens", **of_it, **told, created_at=AT)
        await add("consultants", id="k", name="Mette", title="t", phone="12345678", email="m@k.example")
        slot = {"id": "s", "consultant_id": "k", "meeting_form": "phone"}
        await add("slots", **slot, starts_at=AT, ends_at=AT.replace(hour=9))
        for number, (name, phone) in enumerate(((NAME, PHONE), ("(slettet)", ""))):
            booking = {
                "id": f"b{number}",
                "citizen_id": "c0",
                "slot_id": "s",
                "status": "booked",
                "version": 1,
            }
            who = {"citizen_name": name, "citizen_phone": phone}
            await add("bookings", **booking, **who, created_at=AT, updated_at=AT)
        await add("conversations", id="c-0", started_at=AT, last_activity_at=AT)
        await add("call_requests", id="r", conversation_id="c-0", phone=PHONE, asked_at=AT)
        message = {"id": "m", "key": "k", "kind": "invitation", "recipient": "***19", "state": "waiting"}
        moments = dict.fromkeys(("due_at", "created_at", "changed_at"), AT)
        await add("outreach_messages", **message, **moments, phone=PHONE, values={})
        await add("idempotency_keys", key="c-0:book", request="f" * 64, status=201, body=BODY, created_at=AT)
        await add("idempotency_keys", key="under-way", request="e" * 64, created_at=AT)
    await engine.dispose()


def _reflect(connection):
    metadata = MetaData()
    metadata.reflect(connection)
    return metadata.tables


async def held(url):
    """What stands in the columns that are or will be sealed."""
    engine = create_engine(url, wait_seconds=5)
    found = {}
    async with engine.connect() as connection:
        for table, names in HELD.items():
            rows = await connection.execute(text(f"SELECT {', '.join(names)} FROM {table}"))
            found[table] = sorted(map(str, rows.all()))
    await engine.dispose()
    return found


@pytest.fixture
def url(tmp_path, databases):
    """The URL of an empty database."""
    return databases.make_empty(tmp_path)


@pytest.fixture
async def before(url):
    """The URL of a database at the revision before, with something in every column."""
    await migrate.upgrade(url, "0022")
    await plant(url)
    return url


async def test_the_upgrade_seals_and_going_back_opens(before):
    plain = await held(before)
    await migrate.upgrade(before, keys=OLD)
    await migrate.check(before)
    engine = create_engine(before, wait_seconds=5)
    async with engine.connect() as connection:
        rows = (await connection.execute(text("SELECT name, phone, phone_index FROM citizens"))).all()
        bookings = (await connection.execute(text("SELECT citizen_name, citizen_phone FROM bookings"))).all()
        about = text("SELECT about FROM idempotency_keys ORDER BY key")
        ids = list(await connection.scalars(about))
    await engine.dispose()
    named = [row for row in rows if row.name]
    assert len(named) == 2
    for name, phone, index in named:
        assert (OLD.open(name, "citizens.name"), OLD.open(phone, "citizens.phone")) == (NAME, PHONE)
        assert [index] == OLD.indexes(PHONE, "citizens.phone")
    assert all(row.phone is None and row.phone_index is None for row in rows if not row.name)
    assert sorted(phone[:2] for _, phone in bookings) == ["", "1."]
    assert ids == ["b0 c0", ""]
    await migrate.downgrade(before, "0022", keys=OLD)
    assert await held(before) == plain


async def test_many_rows_are_sealed_too(url):
    await migrate.upgrade(url, "0022")
    await plant(url, citizens=1203)
    await migrate.upgrade(url, keys=OLD)
    sealed = (await held(url))["citizens"]
    assert len([row for row in sealed if OLD.mark in row]) == 602
    assert not [row for row in sealed if PHONE in row]


@pytest.mark.parametrize("keys", [None, NEW])
async def test_going_back_without_the_key_changes_nothing(before, keys):
    await migrate.upgrade(before, keys=OLD)
    sealed = await held(before)
    with pytest.raises(CannotUnseal):
        await migrate.downgrade(before, "0022", keys=keys)
    assert await held(before) == sealed
    await migrate.check(before)


async def test_without_a_key_nothing_is_migrated(before):
    plain = await held(before)
    with pytest.raises(CannotUnseal, match="DIGISPOR_CONTACT_KEY"):
        await migrate.upgrade(before)
    assert await held(before) == plain


async def test_the_rules_of_the_tables_hold_as_before(before):
    await migrate.upgrade(before, keys=OLD)
    engine = create_engine(before, wait_seconds=5)
    for statement in (
        "UPDATE bookings SET status = 'nonsense'",
        "UPDATE outreach_messages SET state = 'nonsense'",
        "UPDATE outreach_messages SET kind = 'nonsense'",
        "UPDATE outreach_messages SET phone = NULL",
        "UPDATE outreach_messages SET booking_id = 'none'",
        "UPDATE bookings SET slot_id = 'none'",
        "UPDATE bookings SET citizen_phone = NULL",
    ):
        async with engine.connect() as connection:
            with pytest.raises(Exception, match=r"(?i)constraint"):
                await connection.execute(text(statement))
    await engine.dispose()


@sqlite_only
async def test_the_command_leaves_no_name_or_number_in_the_files(before, tmp_path, process_environment):
    done = upgrade_by_command(process_environment(tmp_path, DIGISPOR_DATABASE_URL=before))
    assert done.returncode == 0, done.stderr
    for path in tmp_path.glob("empty.db*"):
        assert PHONE.encode() not in path.read_bytes()
        assert NAME.encode() not in path.read_bytes()


def upgrade_by_command(environment):
    command = [sys.executable, "-m", "backend.db", "upgrade"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
