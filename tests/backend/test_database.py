import asyncio
import re
import sqlite3
import traceback
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import StatementError

from backend.citizens.tables import Citizen
from backend.db import ContactKeys, Database, insert_if_absent
from backend.db.engine import POOL_SIZE
from backend.db.unit_of_work import StatementRefused
from backend.problems import DatabaseUnavailable
from tests.backend.databases import sqlite_only

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def a_citizen(conversation_id: str = "c-1", created_at: datetime = NOW) -> Citizen:
    return Citizen(conversation_id=conversation_id, channel="web", created_at=created_at)


async def add(database: Database, citizens: list[Citizen], *, then_fail: bool = False) -> None:
    async with database.write() as work:
        work.session.add_all(citizens)
        await work.session.flush()
        if then_fail:
            raise RuntimeError
        await work.commit()


async def count(database: Database) -> int:
    async with database.read() as work:
        return await work.session.scalar(select(func.count()).select_from(Citizen)) or 0


async def test_rolls_back_uncommitted_work_by_default(database):
    async with database.write() as work:
        work.session.add(a_citizen())
        await work.session.flush()
    assert await count(database) == 0


async def test_rolls_back_when_something_fails_halfway(database):
    with pytest.raises(RuntimeError):
        await add(database, [a_citizen()], then_fail=True)
    assert await count(database) == 0


async def test_what_the_database_refuses_is_told_without_the_refused_row(database):
    await add(database, [a_citizen("conversation-of-amina")])
    with pytest.raises(StatementRefused) as refusal:
        await add(database, [a_citizen("conversation-of-amina")])
    told = "".join(traceback.format_exception(refusal.value))
    assert re.search(r"StatementRefused: (IntegrityError|UniqueViolationError 23505)", told)
    assert "session.flush()" in told
    assert "conversation-of-amina" not in told.replace('a_citizen("conversation-of-amina")', "")


async def test_keeps_what_is_committed(database):
    async with database.write() as work:
        work.session.add(a_citizen())
        await work.commit()
    assert await count(database) == 1


async def test_a_stored_time_comes_back_as_the_same_moment_in_utc(database):
    summer_in_denmark = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    async with database.write() as work:
        work.session.add(a_citizen(created_at=summer_in_denmark))
        await work.commit()
    async with database.read() as work:
        stored = await work.session.scalar(select(Citizen.created_at))
    assert stored == summer_in_denmark
    assert stored.tzinfo == UTC


async def test_a_time_without_time_zone_is_not_stored(database):
    with pytest.raises(StatementError, match="time zone"):
        await add(database, [a_citizen(created_at=datetime(2026, 7, 1))])
    assert await count(database) == 0


async def test_many_writers_at_once_all_get_their_turn(database):
    async def write(number: int) -> None:
        async with database.write() as work:
            seen = await work.session.scalar(select(func.count()).select_from(Citizen))
            work.session.add(a_citizen(f"c-{number}-{seen}"))
            await work.commit()

    await asyncio.gather(*(write(number) for number in range(40)))
    assert await count(database) == 40


@sqlite_only
async def test_a_writer_sees_what_the_writer_before_it_committed(database):
    async def raise_by_one() -> None:
        async with database.write() as work:
            seen = await work.session.scalar(select(func.count()).select_from(Citizen))
            assert await insert_if_absent(
                work.session,
                Citizen,
                {"id": f"{seen}", "conversation_id": f"{seen}", "channel": "web", "created_at": NOW},
            )
            await work.commit()

    await asyncio.gather(*(raise_by_one() for _ in range(20)))
    assert await count(database) == 20


@sqlite_only
async def test_another_process_writing_does_not_stop_reading(database, settings):
    other = sqlite3.connect(settings.data_path / "digispor.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert await count(database) == 0
    other.rollback()
    other.close()


@pytest.fixture
async def impatient(settings):
    database = Database.from_url(
        settings.resolved_database_url, write_wait_seconds=0.05, keys=ContactKeys.of(settings)
    )
    yield database
    await database.dispose()


@sqlite_only
async def test_a_database_locked_by_another_process_is_unavailable_and_nothing_is_stored(impatient, settings):
    other = sqlite3.connect(settings.data_path / "digispor.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable):
        await add(impatient, [a_citizen()])
    other.rollback()
    other.close()
    assert await count(impatient) == 0


@sqlite_only
async def test_a_write_that_waits_too_long_for_its_turn_is_refused(impatient):
    async with impatient.write():
        with pytest.raises(DatabaseUnavailable):
            await add(impatient, [a_citizen()])
    await add(impatient, [a_citizen()])
    assert await count(impatient) == 1


@sqlite_only
async def test_a_full_disk_is_unavailable_and_leaves_nothing_half_done(database, settings):
    own = Database.from_url(
        settings.resolved_database_url, write_wait_seconds=1, keys=ContactKeys.of(settings)
    )
    async with own.read() as work:
        # SQLite's own page limit, set on the one connection in the pool, answers exactly as a full disk does.
        await work.session.execute(text("PRAGMA max_page_count = 1"))
    with pytest.raises(DatabaseUnavailable):
        await add(own, [a_citizen(f"c-{number}") for number in range(2000)])
    await own.dispose()
    assert await count(database) == 0


async def test_connections_from_when_nothing_could_be_written_are_not_used_again(settings):
    url = settings.resolved_database_url
    own = Database.from_url(url, write_wait_seconds=1, keys=ContactKeys.of(settings))

    def open_read_only(dialect, _record, arguments, parameters):
        if dialect.name == "sqlite":
            # What SQLite does by itself with a file that it may not write; root may write every file.
            [file] = arguments
            return dialect.connect(f"file:{file}?mode=ro", **parameters, uri=True)
        standby = {**parameters["server_settings"], "default_transaction_read_only": "on"}
        return dialect.connect(*arguments, **{**parameters, "server_settings": standby})

    event.listen(own.engine.sync_engine, "do_connect", open_read_only)
    assert await asyncio.gather(*(count(own) for _ in range(POOL_SIZE))) == [0] * POOL_SIZE
    with pytest.raises(DatabaseUnavailable):
        await add(own, [a_citizen()])
    event.remove(own.engine.sync_engine, "do_connect", open_read_only)
    await asyncio.gather(*(add(own, [a_citizen(f"c-{number}")]) for number in range(POOL_SIZE)))
    assert await count(own) == POOL_SIZE
    await own.dispose()


@sqlite_only
async def test_a_database_that_cannot_be_opened_is_unavailable(tmp_path):
    (tmp_path / "digispor.db").mkdir()
    database = Database.from_url(f"sqlite+aiosqlite:///{tmp_path}/digispor.db", write_wait_seconds=0.05)
    with pytest.raises(DatabaseUnavailable):
        await count(database)
    await database.dispose()


@sqlite_only
async def test_every_connection_syncs_its_commits_and_enforces_foreign_keys(database):
    async with database.read() as work:
        synchronous = await work.session.scalar(text("PRAGMA synchronous"))
        foreign_keys = await work.session.scalar(text("PRAGMA foreign_keys"))
        journal = await work.session.scalar(text("PRAGMA journal_mode"))
    assert (synchronous, foreign_keys, journal) == (2, 1, "wal")
