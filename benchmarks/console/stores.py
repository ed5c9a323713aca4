"""Puts many rows into a database at once, below the ORM; every constraint, index and trigger holds."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol, Self

import asyncpg
from sqlalchemy import Dialect, Table, make_url
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg as postgresql

import backend.tables  # noqa: F401 - for its effect on the metadata
from backend.db import Base, ContactKeys
from backend.db.sealed import give_keys

Row = Mapping[str, Any]
CONTACT_KEY = "the key of a benchmark that is filled once"
KEYS = ContactKeys([CONTACT_KEY])


class Store(Protocol):
    """A database to fill."""

    async def add(self, table: str, rows: Iterable[Row]) -> None:
        """Adds rows to a table; all of them have all of its columns."""

    async def finish(self) -> None:
        """Stores it all for good."""


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _values(name: str, rows: Iterable[Row], dialect: Dialect) -> Iterable[tuple[Any, ...]]:
    """Rows as the driver takes them, in the order of the columns."""
    columns = [(column.name, _as_stored(column.type, dialect)) for column in _table(name).columns]
    return (tuple(convert(row[key]) if convert else row[key] for key, convert in columns) for row in rows)


def _as_stored(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    processor: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return processor


class SqliteStore:
    """A SQLite file that nobody else uses while it is filled."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        # A file whose filling breaks off is filled anew, so nothing is done to save it.
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -2000000"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("BEGIN")
        self._dialect = sqlite.dialect()
        give_keys(self._dialect, KEYS)

    async def add(self, table: str, rows: Iterable[Row]) -> None:
        """Adds rows to a table."""
        columns = [column.name for column in _table(table).columns]
        named = ", ".join(f'"{column}"' for column in columns)
        places = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({named}) VALUES ({places})"
        self._connection.executemany(statement, _values(table, rows, self._dialect))

    async def finish(self) -> None:
        """Stores it all for good."""
        self._connection.execute("COMMIT")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.close()


class PostgresStore:
    """A PostgreSQL database."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._dialect = postgresql.dialect()
        give_keys(self._dialect, KEYS)

    @classmethod
    async def open(cls, url: str) -> Self:
        """The database at an SQLAlchemy URL."""
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(address)
        await connection.execute("SET synchronous_commit = off")
        return cls(connection)

    async def add(self, table: str, rows: Iterable[Row]) -> None:
        """Adds rows to a table."""
        await self._connection.copy_records_to_table(
            table,
            records=_values(table, rows, self._dialect),
            columns=[column.name for column in _table(table).columns],
        )

    async def finish(self) -> None:
        """Counts rows for the planner, as autovacuum does for a database that grows slowly."""
        await self._connection.execute(
            "SELECT setval(pg_get_serial_sequence('conversation_events', 'position'), max(position)) "
            "FROM conversation_events"
        )
        await self._connection.execute("VACUUM ANALYZE")
        await self._connection.close()
