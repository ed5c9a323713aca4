"""What is plain rows goes when its time is up: all of it, nothing else, and one process at a time."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from backend.api.idempotency import StoredAnswer
from backend.audit.log import AuditLog
from backend.audit.tables import AuditEntry, AuditOutcome
from backend.clock import utc_now
from backend.console.tables import ConsoleSession
from backend.db.unit_of_work import StatementRefused
from backend.privacy.assistant import ErasureChannel
from backend.retention.ledger import LEASE_LASTS, LeaseLost, Ledger
from backend.retention.policy import Kind
from backend.retention.run import Run
from backend.retention.tables import RetentionReport, RetentionRun
from tests.backend.conftest import SERVICE_TOKEN
from tests.backend.visitor import Visitor, hire


async def count(database, table):
    async with database.read() as work:
        return await work.session.scalar(select(func.count()).select_from(table))


async def keep_answers(database, moments):
    async with database.write() as work:
        await work.session.execute(delete(StoredAnswer))
        for number, moment in enumerate(moments):
            row = StoredAnswer(key=str(number), request="r", status=200, body="", created_at=moment)
            work.session.add(row)
        await work.commit()


@examples(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ages=st.lists(st.integers(28 * 24 * 60, 33 * 24 * 60), max_size=12),
    batch=st.integers(1, 5),
    killed_after=st.one_of(st.none(), st.integers(0, 3)),
)
async def test_all_that_is_due_goes_and_nothing_younger_however_often_it_is_killed(
    database, run, clock, policy, monkeypatch, ages, batch, killed_after
):
    period, now = policy.period(Kind.ANSWERS), clock()
    moments = [now - timedelta(minutes=age) for age in ages]
    await keep_answers(database, moments)
    if killed_after is not None:
        with monkeypatch.context() as during:
            during.setattr("backend.retention.run.breathe", killer(killed_after))
            try:
                await run(batch)
            except KeyboardInterrupt:
                # The lease of the killed process runs out.
                clock.now = now + LEASE_LASTS + timedelta(seconds=1)
        assert await count(database, StoredAnswer) >= sum(period.due_at(one) > now for one in moments)
    done = await run(batch)
    async with database.read() as work:
        left = await work.session.scalars(select(StoredAnswer.created_at).order_by(StoredAnswer.created_at))
        assert list(left) == sorted(one for one in moments if period.due_at(one) > clock())
    assert done[Kind.ANSWERS].error is None
    clock.now = now


def killer(after):
    """A pause between two batches in which the process is killed, after some that go well."""
    left = [after]

    async def pause():
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1

    return pause


async def test_while_one_process_deletes_no_other_does(database, settings, policy, clock, assistant):
    def another():
        door = ErasureChannel(assistant.url, SERVICE_TOKEN)
        return Run(database, settings, policy, door, clock)

    async with database.write() as work:
        await Ledger(work.session).hold("another", clock())
        await work.commit()
    with pytest.raises(LeaseLost):
        await another().go()
    clock.now += LEASE_LASTS + timedelta(seconds=1)
    await another().go()
    await another().go()
    assert await count(database, RetentionRun) == 2


async def test_whoever_has_lost_the_lease_deletes_nothing_more(database, run, clock, monkeypatch):
    await keep_answers(database, [clock() - timedelta(days=40)] * 4)

    async def taken_by_another():
        clock.now += LEASE_LASTS + timedelta(seconds=1)
        async with database.write() as work:
            await Ledger(work.session).hold("another", clock())
            await work.commit()

    monkeypatch.setattr("backend.retention.run.breathe", taken_by_another)
    with pytest.raises(LeaseLost):
        await run(batch=2)
    assert await count(database, StoredAnswer) == 2


async def test_sessions_that_have_run_out_go_and_others_stay(database, run, clock, client):
    await hire(database, clock)
    await Visitor(client).sign_in()
    assert (await run())[Kind.SESSIONS].deleted == 0
    clock.advance(hours=2)
    assert (await run())[Kind.SESSIONS].deleted == 1
    assert await count(database, ConsoleSession) == 0


@pytest.fixture
def note(database, settings):
    async def note(*days_ago):
        for days in days_ago:
            async with database.write() as work:
                log = AuditLog(work.session, settings, utc_now() - timedelta(days=days))
                await log.note(actor="karen", action="start", outcome=AuditOutcome.SHOWN)
                await work.commit()

    return note


@pytest.mark.parametrize("batch", [1, 2, 50])
async def test_the_audit_log_is_cut_after_a_year_and_stays_whole(
    database, owned_database, run, clock, note, batch
):
    # The database itself holds to the real time.
    clock.now = utc_now()
    await note(500, 400, 380, 300, 200, 1)
    done = (await run(batch, owned_database))[Kind.AUDIT]
    assert (done.deleted, done.error) == (3, None)
    async with database.read() as work:
        shown = select(func.count()).where(AuditEntry.action == "start")
        assert await work.session.scalar(shown) == 3


async def test_an_audit_log_that_the_backend_may_not_cut_is_told_of(run, monkeypatch):
    async def refused(*_):
        raise StatementRefused

    monkeypatch.setattr("backend.retention.run.AuditLog.cut", refused)
    done = await run()
    assert done[Kind.AUDIT].error == "owner"
    assert done[Kind.REPORTS].error is None


async def test_a_fault_with_one_kind_does_not_keep_the_others(run, clock, database, monkeypatch):
    await keep_answers(database, [clock() - timedelta(days=40)])

    async def fails(*_):
        raise RuntimeError

    monkeypatch.setattr("backend.retention.run.Run._cut_audit", fails)
    done = await run()
    assert (done[Kind.AUDIT].error, done[Kind.ANSWERS].deleted) == ("fault", 1)


async def test_what_was_done_is_stored_and_forgotten_in_its_turn(run, clock, database):
    await keep_answers(database, [clock() - timedelta(days=40), clock()])
    await run()
    async with database.read() as work:
        of_answers = select(RetentionReport).where(RetentionReport.kind == Kind.ANSWERS)
        report = await work.session.scalar(of_answers)
    assert (report.deleted, report.oldest_at, report.error) == (1, clock(), None)
    clock.advance(days=370)
    assert (await run())[Kind.REPORTS].deleted == 1
    assert await count(database, RetentionRun) == 1
