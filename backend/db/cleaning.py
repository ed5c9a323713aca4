"""Takes the remains of deleted rows out of the database's files."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from backend.db.base import Base
from backend.db.unit_of_work import Database
from backend.problems import DatabaseUnavailable

_SQLITE = (
    # The search index only marks what is deleted, until its parts are joined into one.
    "INSERT INTO conversation_turn_words(conversation_turn_words) VALUES ('optimize')",
    # Deleted rows are overwritten as they go (see engine.py), but not the copies that splitting pages left.
    "VACUUM",
)
# Whoever reads does so for a moment, but there is often somebody.
_TRIES, _BETWEEN_TRIES_SECONDS = 50, 0.1


async def clean(database: Database) -> None:
    """Leaves nothing of deleted rows in the files; on PostgreSQL, as far as its server lets a client do that.

    Raises:
        DatabaseUnavailable: Somebody else is reading or writing; nothing is lost by trying again.
    """
    if _is_sqlite(database):
        await _run(database, _SQLITE)
        await flush(database)
    else:
        await _run(database, [f'VACUUM "{table.name}"' for table in Base.metadata.sorted_tables])


async def flush(database: Database) -> None:
    """Leaves nothing in SQLite's write-ahead log of what the file itself does not hold any more.

    Raises:
        DatabaseUnavailable: Somebody else is reading or writing.
    """
    if not _is_sqlite(database):
        return
    for _ in range(_TRIES):
        async with _driver(database) as driver, driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as told:
            is_busy, *_ = await told.fetchone()
        if not is_busy:
            return
        await asyncio.sleep(_BETWEEN_TRIES_SECONDS)
    raise DatabaseUnavailable("The write-ahead log is in use")


def _is_sqlite(database: Database) -> bool:
    return database.engine.dialect.name == "sqlite"


async def _run(database: Database, statements: Sequence[str]) -> None:
    async with _driver(database) as driver:
        for statement in statements:
            await driver.execute(statement)


@asynccontextmanager
async def _driver(database: Database) -> AsyncIterator[Any]:
    """The driver's own connection: these statements cannot be part of a transaction."""
    try:
        async with database.engine.connect() as connection:
            yield (await connection.get_raw_connection()).driver_connection
    except Exception as error:
        raise DatabaseUnavailable("The database's files could not be cleaned now") from error
