"""The database that is measured: the benchmark's own, filled once and used again."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from backend.db.engine import create_engine
from backend.db.migrate import upgrade
from benchmarks.console.filling import RECIPE, Scale, fill
from benchmarks.console.language import Language
from benchmarks.console.stores import KEYS, PostgresStore, SqliteStore, Store

NAME = "digispor_bench_console"
_STAMP = "benchmark_fill"


class SqliteFile:
    """A file in a folder of the benchmark's own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "digispor.db"
        self.url = f"sqlite+aiosqlite:///{self._path.resolve()}"

    @property
    def place(self) -> str:
        """Where it is, and how large."""
        return f"{os.path.relpath(self._path)}, {self._path.stat().st_size / 2**30:.1f} GB"

    async def empty(self) -> None:
        """Removes what was there."""
        for path in self._path.parent.glob(f"{self._path.name}*"):
            path.unlink()

    async def store(self) -> Store:
        """Opens it to be filled."""
        return SqliteStore(self._path)


class PostgresDatabase:
    """A database of the benchmark's own on a server.

    Args:
        server: SQLAlchemy URL of a database on it.
        name: What the benchmark's own is called.
    """

    def __init__(self, server: str, name: str = NAME) -> None:
        self._server = make_url(server)
        self._name = name
        self.url = self._server.set(database=name).render_as_string(hide_password=False)

    @property
    def place(self) -> str:
        """Where it is."""
        return f"{self._name} on {self._server.host}"

    async def empty(self) -> None:
        """Removes what was there, and makes it anew."""
        await self.drop(f"CREATE DATABASE {self._name}")

    async def drop(self, *then: str) -> None:
        """Removes what was there."""
        address = self._server.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(address)
        for statement in (f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)", *then):
            await connection.execute(statement)
        await connection.close()

    async def store(self) -> Store:
        """Opens it to be filled."""
        return await PostgresStore.open(self.url)


MeasuredDatabase = SqliteFile | PostgresDatabase


async def ensure_filled(
    database: MeasuredDatabase, scale: Scale, language: Language, progress: Callable[[int], object]
) -> None:
    """Fills a database, unless it is filled so already; brings it to the newest revision."""
    stamp = re.sub(r"\s+", " ", f"{RECIPE} {scale}")
    if await _stamp_of(database) != stamp:
        await database.empty()
        await upgrade(database.url, keys=KEYS)
        await fill(await database.store(), scale, language, datetime.now(UTC), progress)
        await _write_stamp(database, stamp)
    await upgrade(database.url, keys=KEYS)


async def _stamp_of(database: MeasuredDatabase) -> str | None:
    engine = create_engine(database.url, wait_seconds=5)
    try:
        async with engine.connect() as connection:
            stamp: str | None = await connection.scalar(text(f"SELECT stamp FROM {_STAMP}"))
            return stamp
    except (DBAPIError, asyncpg.InvalidCatalogNameError):
        return None
    finally:
        await engine.dispose()


async def _write_stamp(database: MeasuredDatabase, stamp: str) -> None:
    engine = create_engine(database.url, wait_seconds=5)
    async with engine.begin() as connection:
        await connection.execute(text(f"CREATE TABLE {_STAMP} (stamp TEXT NOT NULL)"))
        await connection.execute(text(f"INSERT INTO {_STAMP} VALUES (:stamp)"), {"stamp": stamp})
    await engine.dispose()
