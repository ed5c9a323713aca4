"""There is a run each night, also when the night was missed or the run was stopped."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from backend.danish import COPENHAGEN
from backend.privacy.assistant import ErasureChannel
from backend.retention.ledger import LeaseLost, Ledger
from backend.retention.tables import RetentionRun
from backend.retention.worker import RetentionWorker, latest_night
from tests.backend.conftest import SERVICE_TOKEN


@pytest.fixture
def worker(database, settings, policy, assistant, clock):
    door = ErasureChannel(assistant.url, SERVICE_TOKEN)
    return RetentionWorker(database, settings, policy, door, clock)


@pytest.fixture
def ended(database):
    async def ended():
        async with database.read() as work:
            runs = await work.session.scalars(select(RetentionRun).order_by(RetentionRun.started_at))
            return [run.ended_at is not None for run in runs]

    return ended


async def test_there_is_one_run_a_night(worker, clock, ended):
    await worker.look()
    clock.advance(hours=16)
    await worker.look()
    assert await ended() == [True]
    clock.advance(hours=2)
    await worker.look()
    await worker.look()
    assert await ended() == [True, True]


async def test_a_run_that_was_stopped_is_begun_again(worker, clock, ended, monkeypatch):
    async def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr("backend.retention.run.Run._cut_audit", killed)
        with pytest.raises(KeyboardInterrupt):
            await worker.look()
    with pytest.raises(LeaseLost):
        await worker.look()
    clock.advance(minutes=6)
    await worker.look()
    assert await ended() == [False, True]


async def test_what_could_not_be_done_is_tried_again_after_an_hour(
    worker, clock, ended, make_citizen, assistant
):
    await make_citizen("alene")
    clock.advance(days=200)
    assistant.is_down = True
    await worker.look()
    clock.advance(minutes=59)
    await worker.look()
    assert (len(await ended()), assistant.erased) == (1, [])
    assistant.is_down = False
    clock.advance(minutes=1)
    await worker.look()
    assert assistant.erased == ["alene"]


async def test_the_runs_are_kept_apart_from_what_others_do(worker, database, clock, ended):
    async with database.write() as work:
        await Ledger(work.session).begin("another", clock() - timedelta(days=2))
        await work.commit()
    await worker.look()
    assert await ended() == [False, True]


@pytest.mark.parametrize(
    ("now", "begins"),
    [("2026-11-24T01:59", "2026-11-23T02:00"), ("2026-11-24T02:00", "2026-11-24T02:00")],
)
def test_the_night_begins_at_two(now, begins):
    here, night = (datetime.fromisoformat(one).replace(tzinfo=COPENHAGEN) for one in (now, begins))
    assert latest_night(here) == night
