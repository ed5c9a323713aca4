import re
import subprocess
import sys
from datetime import datetime

import pytest
from sqlalchemy import MetaData, inspect, text

from backend.db import migrate
from backend.db.engine import create_engine


@pytest.fixture
def url(tmp_path, databases):
    return databases.make_empty(tmp_path)


async def table_names(url: str) -> set[str]:
    engine = create_engine(url, wait_seconds=1)
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    await engine.dispose()
    return names


async def test_the_migrations_end_in_exactly_the_tables_of_the_code(url):
    await migrate.upgrade(url)
    await migrate.check(url)


async def test_every_migration_can_be_taken_back(url):
    await migrate.upgrade(url)
    await migrate.downgrade(url, "base")
    assert await table_names(url) <= {"alembic_version"}
    await migrate.upgrade(url)
    await migrate.check(url)


async def test_upgrading_twice_changes_nothing(url):
    await migrate.upgrade(url)
    before = await table_names(url)
    await migrate.upgrade(url)
    assert await table_names(url) == before


def test_revisions_are_one_line_and_numbered():
    names = sorted(path.name for path in (migrate.MIGRATIONS / "versions").glob("*.py"))
    numbers = [int(re.match(r"(\d{4})_", name).group(1)) for name in names]
    assert numbers == list(range(1, len(numbers) + 1))
    assert migrate.newest_revision() == names[-1][:4]


def test_the_command_line_upgrades_and_tells_where_it_is(tmp_path, process_environment):
    def run(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "backend.db", *arguments],
            env=process_environment(tmp_path),
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    newest = migrate.newest_revision()
    assert run("upgrade").strip() == f"database: at revision {newest}"
    assert run("current").strip() == f"{newest} of {newest}"


async def test_what_was_read_and_hard_to_understand_before_anybody_noted_it_is_known_from_what_is_stored(url):
    await migrate.upgrade(url)
    await migrate.downgrade(url, "0014")
    engine = create_engine(url, wait_seconds=1)
    at = {"early": "2026-11-18 09:00:00", "read": "2026-11-18 10:00:00", "late": "2026-11-18 11:00:00"}
    at = {name: datetime.fromisoformat(f"{moment}+00:00") for name, moment in at.items()}
    user = {"id": "u1", "login": "karen", "name": "Karen", "password_hash": "x", "failed_attempts": 0}
    async with engine.begin() as connection:
        tables = await connection.run_sync(_reflect)

        async def add(table, **row):
            await connection.execute(tables[table].insert().values(row))

        await add("console_users", created_at=at["early"], **user)
        for id in ("seen", "news", "never"):
            moments = {"started_at": at["early"], "last_activity_at": at["early"]}
            await add("conversations", id=id, team_id="intake", **moments)
        turns = [("seen", "early", "inform"), ("news", "early", "inform"), ("news", "late", "nlu_fallback")]
        for position, (id, when, intent) in enumerate(turns, 1):
            event = {"event_id": str(position), "kind": "user", "data": "{}"}
            of_both = {"conversation_id": id, "occurred_at": at[when], "position": position}
            await add("conversation_events", **event, **of_both)
            said = {"speaker": "citizen", "text": "x", "folded_text": "x", "intent": intent}
            await add("conversation_turns", **of_both, **said, ranking=[], entities=[], offered=[])
        for id in ("seen", "news"):
            entry = {"actor": "karen", "action": "conversation", "outcome": "shown", "listed": []}
            await add("audit_entries", at=at["read"], conversation_id=id, **entry)
    await engine.dispose()
    await migrate.upgrade(url)
    engine = create_engine(url, wait_seconds=1)
    async with engine.connect() as connection:
        known = text("SELECT id, last_citizen_turn, was_unsure FROM conversations ORDER BY id")
        assert [tuple(row) for row in await connection.execute(known)] == [
            ("never", None, False),
            ("news", 3, True),
            ("seen", 1, False),
        ]
        read = text("SELECT conversation_id, citizen_turn FROM conversation_readings ORDER BY 1")
        assert [tuple(row) for row in await connection.execute(read)] == [("news", 2), ("seen", 1)]
    await engine.dispose()


def _reflect(connection):
    metadata = MetaData()
    metadata.reflect(connection)
    return metadata.tables
