"""Writing to the log: one chain whoever writes, kept by the database, cut only where it is old."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from backend.audit.anchoring import AuditAnchoring
from backend.audit.anchors import AnchorFile
from backend.audit.log import CUT, KEPT_AT_LEAST, KEY_IN_USE, AuditLog
from backend.audit.tables import AuditEntry, AuditOutcome
from backend.audit.verification import Broken, Fault
from backend.clock import utc_now
from backend.db import ContactKeys, Database
from backend.db.unit_of_work import StatementRefused
from tests.backend.audit.tampering import tamper
from tests.backend.databases import POSTGRES_URL, sqlite_only

OLD = timedelta(days=200)


async def actions(database):
    async with database.read() as work:
        query = select(AuditEntry.position, AuditEntry.action).order_by(AuditEntry.position)
        return [tuple(row) for row in await work.session.execute(query)]


async def test_two_backends_that_write_at_once_write_one_chain(database, settings, anchor, verified):
    other = Database.from_url(
        settings.resolved_database_url, write_wait_seconds=30, keys=ContactKeys.of(settings)
    )

    async def write(through, action):
        async with through.write() as work:
            await work.session.execute(select(func.count(AuditEntry.position)))
            for _ in range(2):
                await AuditLog(work.session, settings, utc_now()).note(
                    actor="karen", action=action, outcome=AuditOutcome.SHOWN
                )
            await work.commit()

    try:
        await asyncio.gather(
            *(write(through, f"{number}") for number in range(20) for through in (database, other))
        )
    finally:
        await other.dispose()
    await anchor()
    assert (await verified()).entries == 80
    # What one transaction notes stands together.
    names = [action for _, action in await actions(database)]
    assert names[::2] == names[1::2]


async def test_what_is_rolled_back_leaves_no_gap(database, settings, note, anchor, verified):
    await note("a")
    async with database.write() as work:
        await AuditLog(work.session, settings, utc_now()).note(
            actor="karen", action="b", outcome=AuditOutcome.SHOWN
        )
    await note("c")
    await anchor()
    assert await actions(database) == [(1, "a"), (2, "c")]
    assert (await verified()).entries == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'ole' WHERE position = 2",
        "UPDATE audit_entries SET actor = actor",
        "DELETE FROM audit_entries WHERE position = 3",
        "DELETE FROM audit_entries",
        pytest.param("INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries", marks=sqlite_only),
        pytest.param(
            "TRUNCATE audit_entries",
            marks=pytest.mark.skipif(not POSTGRES_URL, reason="SQLite has no TRUNCATE"),
        ),
    ],
)
async def test_the_database_refuses_to_change_or_remove_entries_however_old(database, note, statement):
    await note("a", "b", "c", at=utc_now() - OLD)
    with pytest.raises(StatementRefused):
        async with database.write() as work:
            await work.session.execute(text(statement))
    assert [action for _, action in await actions(database)] == ["a", "b", "c"]


class TestCutting:
    """Old entries are removed, and the log says so."""

    @pytest.fixture
    def cut(self, database, settings):
        async def cut(before):
            async with database.write() as work:
                count = await AuditLog(work.session, settings, utc_now()).cut(before)
                await work.commit()
                return count

        return cut

    async def test_a_cut_log_is_whole_and_says_how_much_is_gone(self, database, note, anchor, verified, cut):
        await note("a", "b", "c", at=utc_now() - OLD)
        await anchor()
        await note("d")
        assert await cut(utc_now() - KEPT_AT_LEAST) == 3
        await note("e")
        await anchor()
        assert await actions(database) == [(4, "d"), (5, CUT), (6, "e")]
        whole = await verified()
        assert (whole.entries, whole.removed) == (3, 3)

    async def test_a_log_can_be_cut_again_and_as_a_whole(self, database, note, anchor, verified, cut):
        await note("a", at=utc_now() - 2 * OLD)
        assert await cut(utc_now() - OLD) == 1
        await note("b", "c", at=utc_now() - OLD)
        assert await cut(utc_now() - KEPT_AT_LEAST) == 0
        await anchor()
        assert (await verified()).removed == 1

    async def test_a_log_of_which_everything_is_old_keeps_the_entry_of_the_cut(
        self, database, note, anchor, verified, cut
    ):
        await note("a", "b", at=utc_now() - OLD)
        assert await cut(utc_now() - KEPT_AT_LEAST) == 2
        await anchor()
        assert await actions(database) == [(3, CUT)]
        assert (await verified()).removed == 2
        assert await cut(utc_now() - KEPT_AT_LEAST) == 0

    async def test_nothing_is_cut_behind_an_entry_that_is_to_be_kept(self, database, note, cut):
        await note("a", at=utc_now() - OLD)
        await note("b")
        await note("c", at=utc_now() - OLD)
        assert await cut(utc_now() - KEPT_AT_LEAST) == 1
        assert [action for _, action in await actions(database)] == ["b", "c", CUT]

    async def test_what_is_younger_than_six_months_is_not_cut(self, note, cut):
        await note("a", at=utc_now() - OLD)
        with pytest.raises(ValueError, match="kept longer"):
            await cut(utc_now() - KEPT_AT_LEAST + timedelta(minutes=1))

    async def test_the_database_keeps_what_is_young_though_a_cut_names_it(self, database, note):
        await note("a", "b")
        async with database.write() as work:
            entry = await work.session.get(AuditEntry, 2)
            said = {column.name: getattr(entry, column.name) for column in AuditEntry.__table__.columns}
            work.session.add(AuditEntry(**{**said, "position": 3, "removed": 2, "removed_hash": entry.hash}))
            await work.commit()
        with pytest.raises(StatementRefused):
            async with database.write() as work:
                await work.session.execute(text("DELETE FROM audit_entries WHERE position = 1"))

    async def test_an_old_entry_that_no_cut_names_is_missed_after_a_cut(
        self, database, note, anchor, verified, cut
    ):
        await note("a", "b", at=utc_now() - OLD)
        await note("c", "d")
        await cut(utc_now() - KEPT_AT_LEAST)
        await anchor()
        await tamper(database, "DELETE FROM audit_entries WHERE position = 3")
        with pytest.raises(Broken) as broken:
            await verified()
        assert (broken.value.fault, broken.value.position) == (Fault.REMOVED, 3)

    async def test_a_removed_entry_that_is_put_back_is_found(self, database, note, anchor, verified, cut):
        await note("a", "b", at=utc_now() - OLD)
        await cut(utc_now() - KEPT_AT_LEAST)
        await anchor()
        names = ", ".join(column.name for column in AuditEntry.__table__.columns if column.name != "position")
        await tamper(
            database,
            f"INSERT INTO audit_entries (position, {names}) SELECT 1, {names} FROM audit_entries "
            "WHERE position = 3",
        )
        with pytest.raises(Broken) as broken:
            await verified()
        assert (broken.value.fault, broken.value.position) == (Fault.MISPLACED, 1)


class TestAnotherKey:
    """The console's secret is changed, and with it the key."""

    @pytest.fixture
    def renewed(self, settings):
        return settings.model_copy(update={"console_secret": type(settings.console_secret)("x" * 32)})

    async def test_nothing_vouches_for_the_log_until_the_new_key_has_signed(
        self, note, anchor, verified, renewed
    ):
        await note("a", "b")
        await anchor()
        with pytest.raises(Broken) as broken:
            await verified(by=renewed)
        assert broken.value.fault is Fault.NOT_VOUCHED_FOR

    async def test_the_first_anchoring_with_a_new_key_vouches_for_what_was(
        self, database, note, anchor, verified, renewed
    ):
        await note("a", "b")
        await anchor()
        for _ in range(2):
            await AuditAnchoring(database, renewed, utc_now).go_round()
        await note("c", by=renewed)
        assert await actions(database) == [(1, "a"), (2, "b"), (3, KEY_IN_USE), (4, "c")]
        assert (await verified(by=renewed)).entries == 4

    async def test_what_the_old_key_signed_cannot_be_changed(self, database, note, verified, renewed):
        await note("a", "b")
        await AuditAnchoring(database, renewed, utc_now).go_round()
        await tamper(database, "UPDATE audit_entries SET actor = 'ole' WHERE position = 1")
        with pytest.raises(Broken) as broken:
            await verified(by=renewed)
        assert (broken.value.fault, broken.value.position) == (Fault.CHANGED, 1)

    async def test_the_old_key_signs_nothing_behind_the_new_one(self, database, note, verified, renewed):
        await note("a")
        await AuditAnchoring(database, renewed, utc_now).go_round()
        await note("b")
        with pytest.raises(Broken) as broken:
            await verified(by=renewed)
        assert (broken.value.fault, broken.value.position) == (Fault.FORGED, 3)


class TestAnchoring:
    """Where the log has come to is written outside its table."""

    async def test_each_place_is_anchored_once(self, note, anchor, settings, caplog):
        caplog.set_level("INFO", "digispor.audit")
        await anchor()
        await note("a", "b")
        await anchor()
        await anchor()
        await note("c")
        await anchor()
        anchors = AnchorFile(settings.data_path).read()
        assert [one.position for one in anchors] == [2, 3]
        told = [record.fields for record in caplog.records if record.name == "digispor.audit"]
        assert told == [{"position": one.position, "hash": one.hash} for one in anchors]

    async def test_a_torn_line_costs_no_other_anchor(self, note, anchor, settings, verified):
        await note("a")
        await anchor()
        file = AnchorFile(settings.data_path)
        with file.path.open("a") as opened:
            opened.write('{"at":"2026-\n')
        await note("b")
        await anchor()
        assert [one.position for one in file.read()] == [1, 2]
        assert (await verified()).entries == 2

    async def test_a_file_that_cannot_be_written_is_told_of_and_tried_again(
        self, note, anchor, settings, caplog
    ):
        await note("a")
        file = AnchorFile(settings.data_path)
        file.path.mkdir()
        await anchor()
        assert "cannot be anchored" in caplog.text
        file.path.rmdir()
        await anchor()
        assert len(file.read()) == 1
