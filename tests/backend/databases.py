"""The databases that tests run on: a SQLite file each, or a PostgreSQL database each.

With DIGISPOR_TEST_POSTGRES_URL=postgresql+asyncpg://user@host/postgres every test in tests/backend runs on
that server instead, as the role that docs/operations.md gives the backend. The user must be allowed to create
databases and roles.
"""

import asyncio
import os
import shutil
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import make_url

from backend.db.migrate import upgrade
from backend.db.roles import grant

POSTGRES_URL = os.environ.get("DIGISPOR_TEST_POSTGRES_URL", "")
sqlite_only = pytest.mark.skipif(
    bool(POSTGRES_URL), reason="it is about SQLite, and this run is on PostgreSQL"
)


class SqliteFiles:
    """Copies of one migrated file."""

    def __init__(self, template: Path) -> None:
        self._template = template
        asyncio.run(upgrade(f"sqlite+aiosqlite:///{template}"))

    def make(self, directory: Path) -> str:
        """The URL of a new migrated database."""
        shutil.copy(self._template, directory / "digispor.db")
        return f"sqlite+aiosqlite:///{directory / 'digispor.db'}"

    def make_empty(self, directory: Path) -> str:
        """The URL of a new database without tables."""
        return f"sqlite+aiosqlite:///{directory / 'empty.db'}"

    def owned(self, url: str) -> str:
        """The URL of the same database for its owner."""
        return url

    def drop_all(self) -> None:
        """The files go with their directories."""


class PostgresDatabases:
    """Copies of one migrated database on a server."""

    def __init__(self) -> None:
        self._made: list[str] = []
        self._role = f"digispor_test_{uuid4().hex}"
        password = make_url(POSTGRES_URL).password
        self._administer(f"CREATE ROLE {self._role} LOGIN" + (f" PASSWORD '{password}'" if password else ""))
        self._template = self._create("template0")
        asyncio.run(upgrade(self._url(self._template)))
        asyncio.run(grant(self._url(self._template), self._role))

    def make(self, directory: Path) -> str:
        """The URL of a new migrated database, for the backend's role."""
        url = make_url(self._url(self._create(self._template))).set(username=self._role)
        return url.render_as_string(hide_password=False)

    def make_empty(self, directory: Path) -> str:
        """The URL of a new database without tables."""
        return self._url(self._create("template0"))

    def owned(self, url: str) -> str:
        """The URL of the same database for its owner."""
        return self._url(str(make_url(url).database))

    def drop_all(self) -> None:
        """Removes every database that was made, and the role."""
        for name in reversed(self._made):
            self._administer(f"DROP DATABASE {name} WITH (FORCE)")
        self._administer(f"DROP ROLE {self._role}")

    def _create(self, template: str) -> str:
        name = f"digispor_test_{uuid4().hex}"
        self._administer(f"CREATE DATABASE {name} TEMPLATE {template}")
        self._made.append(name)
        return name

    def _url(self, name: str) -> str:
        return make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)

    def _administer(self, statement: str) -> None:
        async def execute() -> None:
            address = make_url(POSTGRES_URL).set(drivername="postgresql")
            connection = await asyncpg.connect(address.render_as_string(hide_password=False))
            await connection.execute(statement)
            await connection.close()

        asyncio.run(execute())
