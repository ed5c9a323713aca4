import pytest
from sqlalchemy import text

from tests.backend.databases import POSTGRES_URL


@pytest.mark.skipif(
    not POSTGRES_URL,
    reason="set DIGISPOR_TEST_POSTGRES_URL to run everything in tests/backend on PostgreSQL",
)
async def test_this_run_is_on_postgresql(database):
    async with database.read() as work:
        assert "PostgreSQL" in await work.session.scalar(text("SELECT version()"))
