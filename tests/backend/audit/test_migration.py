"""What was noted before the log was a chain becomes the beginning of the chain."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import MetaData, text

from backend.audit.anchoring import AuditAnchoring
from backend.audit.verification import Broken
from backend.clock import utc_now
from backend.db import migrate
from tests.backend.audit.tampering import chain_anew

ENTRY = {"at": datetime(2026, 11, 18, 9, 0, tzinfo=UTC), "actor": "karen", "outcome": "shown"}


@pytest.fixture
def settings(settings, tmp_path, databases):
    """Settings with a database that nothing was migrated in."""
    return settings.model_copy(update={"database_url": databases.make_empty(tmp_path)})


@pytest.fixture
async def noted(database, settings):
    """Entries of before, in a numbering with gaps as PostgreSQL leaves them."""
    await migrate.upgrade(settings.database_url)
    await migrate.downgrade(settings.database_url, "0020")
    for position in (1, 2, 5, 9):
        listed = ["c1", "ø"] if position == 5 else []
        await insert(database, position=position, action=f"{position}", listed=listed)
    await migrate.upgrade(settings.database_url)


async def insert(database, **said):
    async with database.write() as work:
        connection = await work.session.connection()
        metadata = MetaData()
        await connection.run_sync(metadata.reflect, only=["audit_entries"])
        await connection.execute(metadata.tables["audit_entries"].insert().values(**ENTRY, **said))
        await work.commit()


async def stored(database):
    async with database.read() as work:
        found = await work.session.execute(text("SELECT position, action FROM audit_entries ORDER BY 1"))
        return [tuple(row) for row in found]


async def test_what_was_noted_before_is_vouched_for_by_the_first_anchoring(
    database, settings, noted, note, verified
):
    assert await stored(database) == [(1, "1"), (2, "2"), (3, "5"), (4, "9")]
    await AuditAnchoring(database, settings, utc_now).go_round()
    await note("new")
    assert (await verified()).entries == 6


async def test_what_was_noted_before_cannot_be_changed_any_more(database, settings, noted, verified):
    await AuditAnchoring(database, settings, utc_now).go_round()
    await chain_anew(database, 2, actor="ole")
    with pytest.raises(Broken):
        await verified()


async def test_the_chain_can_be_taken_back_and_the_log_goes_on(database, settings, noted, note):
    await note("new")
    await migrate.downgrade(settings.database_url, "0020")
    await insert(database, action="later", listed=[])
    assert await stored(database) == [(1, "1"), (2, "2"), (3, "5"), (4, "9"), (5, "new"), (6, "later")]
    await migrate.upgrade(settings.database_url)
    assert len(await stored(database)) == 6
