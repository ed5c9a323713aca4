"""When the database fails, the answer says so and nothing is half done."""

import sqlite3
from contextlib import closing

import pytest

from tests.backend.databases import sqlite_only

pytestmark = sqlite_only
FRIDAY = "2026-11-27 13:30"
TABLES = ("holds", "bookings", "booking_changes", "slot_claims", "idempotency_keys")


@pytest.fixture
def file(settings):
    """A second connection to the backend's database file."""
    with closing(sqlite3.connect(settings.data_path / "digispor.db", isolation_level=None)) as connection:
        yield connection


def stored(file) -> dict[str, list[tuple]]:
    return {table: sorted(file.execute(f"SELECT * FROM {table}")) for table in TABLES}


async def requests(desk):
    """One of each write, ready to send: each would succeed if the database worked."""
    citizen = await desk.citizen()
    booking = await desk.booked(citizen, await desk.slot(FRIDAY))
    hold_id = await desk.held(citizen, await desk.slot("2026-11-30 09:00"))
    other = await desk.held(await desk.citizen(), await desk.slot("2026-11-30 10:00"))
    slot = await desk.slot("2026-11-30 11:00")
    version = booking["version"]
    return [
        ("POST", "/holds", {"citizen_id": citizen, "slot_id": slot}),
        ("DELETE", f"/holds/{other}", None),
        ("POST", "/bookings", {"hold_id": other, "name": "Åse Ærø", "phone": "20123456"}),
        ("POST", f"/bookings/{booking['id']}/move", {"hold_id": hold_id, "version": version}),
        ("POST", f"/bookings/{booking['id']}/cancel", {"version": version, "reason": "Syg"}),
        ("POST", f"/bookings/{booking['id']}/absence", {"version": version, "reason": "Syg"}),
    ]


@pytest.mark.parametrize("which", range(6))
async def test_a_locked_database_is_told_and_the_repeat_succeeds(desk, file, which):
    method, path, body = (await requests(desk))[which]
    before = stored(file)
    file.execute("BEGIN IMMEDIATE")
    refused = await desk.ask(method, path, body, key="the-same")
    file.execute("ROLLBACK")
    assert (refused.status, refused.slug) == (503, "database-unavailable")
    assert stored(file) == before
    repeated = await desk.ask(method, path, body, key="the-same")
    assert repeated.status in (200, 201, 204)


@pytest.mark.parametrize("which", range(2, 6))
async def test_a_change_that_fails_at_its_last_step_leaves_nothing_behind(desk, file, which):
    method, path, body = (await requests(desk))[which]
    before = stored(file)
    # The history is written last, when booking, claim and hold have been changed already.
    file.execute(
        "CREATE TRIGGER break BEFORE INSERT ON booking_changes BEGIN SELECT RAISE(ABORT, 'broken'); END"
    )
    failed = await desk.ask(method, path, body, key="the-same")
    file.execute("DROP TRIGGER break")
    assert failed.status == 500
    assert stored(file) == before
    repeated = await desk.ask(method, path, body, key="the-same")
    assert repeated.status in (200, 201)


async def test_free_slots_are_not_invented_when_the_database_is_gone(desk, file):
    await desk.slot(FRIDAY)
    file.execute("ALTER TABLE slots RENAME TO slots_away")
    answer = await desk.ask("GET", "/slots")
    assert answer.status == 503
    assert answer.slug == "database-unavailable"
