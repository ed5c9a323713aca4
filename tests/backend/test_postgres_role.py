"""On PostgreSQL the backend works as a role that owns nothing; this whole folder runs as that role there."""

import subprocess
import sys

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from backend.audit.anchoring import AuditAnchoring
from backend.audit.anchors import AnchorFile
from backend.audit.chain import AuditKey
from backend.audit.log import AuditLog
from backend.audit.tables import AuditOutcome
from backend.audit.verification import verify
from backend.clock import utc_now
from backend.db import ContactKeys, migrate
from backend.db.cleaning import clean
from backend.db.resealing import reseal
from backend.db.roles import grant
from backend.db.unit_of_work import StatementRefused
from tests.backend.databases import POSTGRES_URL, sqlite_only

INSUFFICIENT_PRIVILEGE = "42501"
postgres_only = pytest.mark.skipif(not POSTGRES_URL, reason="SQLite has no roles")


@pytest.fixture
def role(settings):
    """The role that the backend works as."""
    return make_url(settings.database_url).username


@pytest.fixture
def as_owner(settings, databases):
    """Runs statements as the owner of the tables."""

    async def run(*statements):
        engine = create_async_engine(databases.owned(settings.database_url))
        async with engine.begin() as connection:
            for statement in statements:
                await connection.execute(text(statement))
        await engine.dispose()

    return run


@postgres_only
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'ole'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "ALTER TABLE audit_entries DISABLE TRIGGER USER",
        "DROP TRIGGER audit_entries_changed ON audit_entries",
        "CREATE TRIGGER mine BEFORE INSERT ON audit_entries FOR EACH ROW "
        "EXECUTE FUNCTION refuse_changed_audit_entry()",
        "CREATE OR REPLACE FUNCTION refuse_changed_audit_entry() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN new; END $$",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id integer)",
        "CREATE INDEX mine ON citizens (name)",
        "ALTER TABLE citizens ADD COLUMN mine integer",
        "DROP TABLE citizens",
        "TRUNCATE citizens CASCADE",
        "UPDATE alembic_version SET version_num = '0001'",
        "CREATE ROLE mine",
    ],
)
async def test_the_role_cannot(database, statement):
    with pytest.raises(StatementRefused, match=INSUFFICIENT_PRIVILEGE):
        async with database.write() as work:
            await work.session.execute(text(statement))


@postgres_only
async def test_the_role_notes_in_the_log_and_verifies_it(database, settings):
    async with database.write() as work:
        log = AuditLog(work.session, settings, utc_now())
        await log.note(actor="karen", action="a", outcome=AuditOutcome.SHOWN)
        await work.commit()
    await AuditAnchoring(database, settings, utc_now).go_round()
    async with database.read() as work:
        anchors = AnchorFile(settings.data_path).read()
        assert (await verify(work.session, AuditKey(settings), anchors, lambda _: None)).entries == 1


@postgres_only
async def test_the_role_starts_seals_anew_and_cleans(database, settings, make_citizen):
    await make_citizen()
    await migrate.upgrade(settings.database_url, keys=ContactKeys.of(settings))
    assert (await reseal(database, lambda _: None)).unreadable == {}
    await clean(database)


@postgres_only
async def test_granting_again_takes_away_what_was_given_besides(
    database, settings, databases, role, as_owner
):
    await as_owner(
        f'GRANT ALL ON ALL TABLES IN SCHEMA public TO "{role}"',
        "GRANT UPDATE ON audit_entries TO PUBLIC",
        f'GRANT CREATE ON SCHEMA public TO "{role}"',
    )
    await grant(databases.owned(settings.database_url), role)
    for statement in ("UPDATE audit_entries SET actor = 'ole'", "CREATE TABLE mine (id integer)"):
        with pytest.raises(StatementRefused, match=INSUFFICIENT_PRIVILEGE):
            async with database.write() as work:
                await work.session.execute(text(statement))
    async with database.write() as work:
        await work.session.execute(text("DELETE FROM citizens"))


def granted(environment, role):
    command = [sys.executable, "-m", "backend.db", "grant", role]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@postgres_only
async def test_the_command_grants_as_the_owner(settings, databases, role, process_environment):
    url = databases.owned(settings.database_url)
    environment = process_environment(settings.data_path, DIGISPOR_DATABASE_URL=url)
    done = granted(environment, role)
    assert (done.returncode, done.stderr) == (0, "")
    unknown = granted(environment, 'no"body')
    assert unknown.returncode == 1
    assert "Traceback" not in unknown.stderr


@postgres_only
async def test_the_role_cannot_grant_itself_more(settings, role, process_environment):
    environment = process_environment(settings.data_path, DIGISPOR_DATABASE_URL=settings.database_url)
    assert granted(environment, role).returncode == 1


@sqlite_only
def test_on_sqlite_the_command_says_that_there_are_no_roles(tmp_path, process_environment):
    done = granted(process_environment(tmp_path), "digispor_backend")
    assert (done.returncode, done.stderr) == (1, "Kun PostgreSQL har roller.\n")
