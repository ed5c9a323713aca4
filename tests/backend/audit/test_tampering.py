"""Whoever changes, removes, adds or moves entries behind the log's back is found, at the first place."""

import pytest
from sqlalchemy import update

from backend.audit.verification import Broken, Fault
from tests.backend.audit.tampering import TABLE, append, chain_anew, tamper
from tests.backend.databases import sqlite_only


@pytest.fixture
async def log(note, anchor):
    """Eight entries, of which five were anchored."""
    await note("a", "b", "c", "d", "e")
    await anchor()
    await note("f", "g", "h")


async def found(verified):
    with pytest.raises(Broken) as broken:
        await verified()
    return broken.value.fault, broken.value.position


async def test_a_log_that_nobody_touched_is_whole(log, verified):
    whole = await verified()
    assert (whole.entries, whole.removed, whole.anchors) == (8, 0, 1)


CHANGES = {
    "at": "'2026-01-01 10:00:00.000000'",
    "actor": "'ole'",
    "action": "'z'",
    "outcome": "'refused'",
    "conversation_id": "'c9'",
    "listed": """'["c1"]'""",
    "about": "'ole'",
    "removed": "2",
    "removed_hash": "'0'",
    "previous_hash": "hash",
    "signature": "'x.y'",
    "hash": "previous_hash",
}


def test_every_field_is_changed_by_some_test():
    assert {column.name for column in TABLE.columns} == CHANGES.keys() | {"position"}


@pytest.mark.parametrize(
    ("field", "position"), [*((field, 4) for field in CHANGES), ("actor", 1), ("actor", 8)]
)
async def test_a_changed_field_is_found(log, database, verified, field, position):
    await tamper(database, f"UPDATE audit_entries SET {field} = {CHANGES[field]} WHERE position = {position}")
    # A cut is looked for first: this one says that the log should begin at 3.
    expected = (Fault.MISPLACED, 1) if field == "removed" else (Fault.CHANGED, position)
    assert await found(verified) == expected


@sqlite_only
@pytest.mark.parametrize("field", ["at", "actor", "listed", "signature", "hash", "previous_hash"])
@pytest.mark.parametrize("value", ["'nonsense'", "7", "x'ff'"])
async def test_what_cannot_even_be_read_is_found(log, database, verified, field, value):
    await tamper(database, f"UPDATE audit_entries SET {field} = {value} WHERE position = 4")
    assert await found(verified) == (Fault.CHANGED, 4)


@pytest.mark.parametrize("position", [1, 4, 7])
async def test_a_removed_entry_is_found(log, database, verified, position):
    await tamper(database, f"DELETE FROM audit_entries WHERE position = {position}")
    assert await found(verified) == (Fault.REMOVED, position)


async def test_a_removed_entry_is_found_where_the_others_moved_up(log, database, verified):
    await tamper(
        database,
        "DELETE FROM audit_entries WHERE position = 4",
        *(
            f"UPDATE audit_entries SET position = {later - 1} WHERE position = {later}"
            for later in range(5, 9)
        ),
    )
    assert await found(verified) == (Fault.MISPLACED, 4)


@pytest.mark.parametrize("moved", [9, 100])
async def test_an_entry_with_another_number_is_found(log, database, verified, moved):
    await tamper(database, f"UPDATE audit_entries SET position = {moved} WHERE position = 8")
    assert await found(verified) == (Fault.REMOVED, 8)


@pytest.mark.parametrize("pair", [(2, 3), (2, 7)])
async def test_entries_that_changed_places_are_found(log, database, verified, pair):
    one, other = pair
    await tamper(
        database,
        f"UPDATE audit_entries SET position = -1 WHERE position = {one}",
        f"UPDATE audit_entries SET position = {one} WHERE position = {other}",
        f"UPDATE audit_entries SET position = {other} WHERE position = -1",
    )
    assert await found(verified) == (Fault.MISPLACED, one)


async def test_a_copied_entry_that_is_put_in_is_found(log, database, verified):
    names = ", ".join(column.name for column in TABLE.columns if column.name != "position")
    await tamper(
        database,
        *(
            f"UPDATE audit_entries SET position = {later + 1} WHERE position = {later}"
            for later in (8, 7, 6, 5)
        ),
        f"INSERT INTO audit_entries (position, {names}) SELECT 5, {names} FROM audit_entries "
        "WHERE position = 2",
    )
    assert await found(verified) == (Fault.MISPLACED, 5)


@pytest.mark.parametrize("position", [0, -5])
async def test_an_entry_before_the_first_is_found(log, database, verified, position):
    names = ", ".join(column.name for column in TABLE.columns if column.name != "position")
    await tamper(
        database,
        f"INSERT INTO audit_entries (position, {names}) SELECT {position}, {names} FROM audit_entries "
        "WHERE position = 1",
    )
    assert await found(verified) == (Fault.MISPLACED, position)


async def test_the_newest_entries_are_missed_when_they_were_anchored(log, database, verified):
    await tamper(database, "DELETE FROM audit_entries WHERE position >= 5")
    assert await found(verified) == (Fault.CUT_OFF, 5)


async def test_an_emptied_log_is_found(log, database, verified):
    await tamper(database, "DELETE FROM audit_entries")
    assert await found(verified) == (Fault.CUT_OFF, 1)


async def test_newer_entries_do_not_hide_that_others_stood_there(log, database, verified, note):
    await tamper(database, "DELETE FROM audit_entries WHERE position >= 5")
    await note("i", "j", "k")
    assert await found(verified) == (Fault.REWRITTEN, 5)


async def test_without_anchors_nobody_says_that_the_log_is_whole(log, verified):
    with pytest.raises(Broken) as broken:
        await verified(anchors=[])
    assert broken.value.fault is Fault.NOT_ANCHORED


async def test_whoever_makes_the_hashes_fit_has_no_key_to_sign_with(log, database, verified):
    await chain_anew(database, 6, actor="ole")
    assert await found(verified) == (Fault.FORGED, 6)


async def test_an_entry_that_somebody_else_chained_is_found(log, database, verified, note):
    await append(database)
    await note("j")
    assert await found(verified) == (Fault.FORGED, 9)


async def test_an_entry_that_claims_another_key_is_found(log, database, verified):
    await append(database, signature="01234567." + "0" * 64)
    assert await found(verified) == (Fault.FORGED, 9)


async def test_a_cut_that_somebody_else_noted_is_found(log, database, verified):
    async with database.read() as work:
        hash_of_third = await work.session.scalar(
            TABLE.select().with_only_columns(TABLE.c.hash).where(TABLE.c.position == 3)
        )
    await append(database, removed=3, removed_hash=hash_of_third)
    await tamper(database, "DELETE FROM audit_entries WHERE position <= 3")
    assert await found(verified) == (Fault.FORGED, 9)


async def test_a_log_that_was_written_anew_without_the_key_is_found(log, database, verified):
    await tamper(database, update(TABLE).values(signature="01234567." + "0" * 64))
    await chain_anew(database, 1, actor="ole")
    assert await found(verified) == (Fault.REWRITTEN, 5)
