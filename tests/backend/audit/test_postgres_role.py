"""The PostgreSQL role that docs/operations.md gives the backend can note, and can do no more to the log."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import text

from backend.audit.log import AuditLog
from backend.audit.tables import AuditOutcome
from backend.clock import utc_now
from backend.db.unit_of_work import StatementRefused
from backend.settings import PROJECT_ROOT
from tests.backend.databases import POSTGRES_URL

INSUFFICIENT_PRIVILEGE = "42501"
pytestmark = pytest.mark.skipif(not POSTGRES_URL, reason="SQLite has no roles")


@pytest.fixture
async def role(database):
    """The role, made as the documentation says, under a name of this test's own."""
    documented = (PROJECT_ROOT / "docs/operations.md").read_text("utf-8")
    (statements,) = re.findall(r"((?:^    [A-Z][^\n]*digispor_backend[^\n]*;\n)+)", documented, re.MULTILINE)
    name = f"digispor_test_{uuid4().hex}"
    async with database.write() as work:
        for statement in statements.replace("digispor_backend", name).replace("'...'", "'x'").split(";\n"):
            if statement.strip():
                await work.session.execute(text(statement))
        await work.commit()
    yield name
    async with database.write() as work:
        await work.session.execute(text(f"DROP OWNED BY {name}"))
        await work.session.execute(text(f"DROP ROLE {name}"))
        await work.commit()


@pytest.fixture
def run_as(database, role):
    async def run_as(statement):
        async with database.write() as work:
            await work.session.execute(text(f"SET LOCAL ROLE {role}"))
            await work.session.execute(text(statement))

    return run_as


async def test_the_role_notes_and_neither_changes_nor_removes(
    database, settings, role, run_as, anchor, verified
):
    async with database.write() as work:
        await work.session.execute(text(f"SET LOCAL ROLE {role}"))
        await AuditLog(work.session, settings, utc_now()).note(
            actor="karen", action="a", outcome=AuditOutcome.SHOWN
        )
        await work.commit()
    await anchor()
    assert (await verified()).entries == 1
    for statement in (
        "UPDATE audit_entries SET actor = 'ole'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "ALTER TABLE audit_entries DISABLE TRIGGER USER",
    ):
        with pytest.raises(StatementRefused, match=INSUFFICIENT_PRIVILEGE):
            await run_as(statement)
