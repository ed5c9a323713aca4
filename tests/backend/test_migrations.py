import re
import subprocess
import sys

import pytest
from sqlalchemy import inspect

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
