"""A booking desk, and what the database holds as it is stored."""

from typing import Any

import pytest
from sqlalchemy import text

from backend.db import ContactKeys, Database
from tests.backend.booking.conftest import desk, settings
from tests.backend.conftest import CONTACT_KEY

__all__ = ["desk", "settings"]

NEWER_KEY = "a-newer-contact-key-for-tests-that-is-long-enough"
NAME, PHONE = "Zyxi Kvarkholm", "+4526171819"
OLD, BOTH, NEW = (ContactKeys(secrets) for secrets in ([CONTACT_KEY], [NEWER_KEY, CONTACT_KEY], [NEWER_KEY]))


async def stored(database: Database, query: str) -> list[dict[str, Any]]:
    """Rows as they are on the disk, below the types of the columns."""
    async with database.read() as work:
        return [dict(row) for row in (await work.session.execute(text(query))).mappings()]


@pytest.fixture
async def with_keys(settings):
    """The test's database with some keys."""
    made = []

    def open_with(keys):
        database = Database.from_url(settings.resolved_database_url, write_wait_seconds=10, keys=keys)
        made.append(database)
        return database

    yield open_with
    for database in made:
        await database.dispose()


@pytest.fixture
async def booking(desk):
    """A citizen's booking, made through the API."""
    slot = await desk.slot("2026-11-27 09:00")
    answer = await desk.book(await desk.held(await desk.citizen(), slot), NAME, PHONE)
    assert answer.status == 201, answer.body
    return answer.body
