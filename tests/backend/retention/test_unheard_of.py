"""A conversation that only the assistant has goes when its time is up, as if the backend had heard of it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from backend.danish import COPENHAGEN
from backend.privacy.assistant import ErasureChannel
from backend.privacy.tables import ErasedConversation, Erasure
from backend.retention.__main__ import foresee
from backend.retention.policy import Kind
from tests.backend.conftest import SERVICE_TOKEN
from tests.backend.privacy.conftest import WEB
from tests.backend.retention.test_conversations import rows
from tests.backend.story import START, Story

SAID = datetime.fromtimestamp(START, COPENHAGEN)


@pytest.fixture
def time_is_up(clock, policy):
    clock.now = policy.conversation_goes_at(SAID)


async def test_it_goes_when_its_time_is_up_and_not_a_minute_before(run, clock, policy, assistant):
    assistant.held = {"c1": START}
    clock.now = policy.conversation_goes_at(SAID) - timedelta(minutes=1)
    assert (await run())[Kind.CONVERSATIONS].deleted == 0
    clock.now = policy.conversation_goes_at(SAID)
    done = (await run())[Kind.CONVERSATIONS]
    assert (done.deleted, done.error, assistant.erased) == (1, None, ["c1"])
    assert (await run())[Kind.CONVERSATIONS].deleted == 0


@pytest.mark.parametrize("batch", [1, 2, 50])
async def test_however_many_there_are_all_go_that_are_silent_and_no_other(
    time_is_up, run, clock, assistant, batch
):
    silent = [f"c{number}" for number in range(0, 10, 2)]
    assistant.held = {f"c{number}": clock().timestamp() for number in range(10)} | dict.fromkeys(
        silent, START
    )
    assert (await run(batch))[Kind.CONVERSATIONS].deleted == len(silent)
    assert assistant.erased == silent


async def test_what_the_backend_knows_to_be_alive_stays(time_is_up, run, clock, assistant, archive):
    await archive.send(Story("c1", start=clock().timestamp() - 86_400).user("hej").events)
    assistant.held = {"c1": START}
    assert (await run())[Kind.CONVERSATIONS].deleted == 0
    assert assistant.erased == []


async def test_a_request_about_the_data_keeps_it(time_is_up, run, clock, assistant, person):
    await person.asks("export")
    assistant.held = {WEB: START}
    assert (await run())[Kind.CONVERSATIONS].deleted == 0
    assert assistant.erased == []


async def test_who_writes_when_it_has_begun_keeps_it_and_nothing_is_left_begun(
    time_is_up, run, assistant, database
):
    assistant.held, assistant.heard = {"c1": START}, {"c1"}
    done = (await run())[Kind.CONVERSATIONS]
    assert (done.deleted, done.error, assistant.erased) == (0, None, [])
    assert await rows(database, Erasure) == []


async def test_an_assistant_that_is_away_is_asked_again_and_the_rest_is_deleted_meanwhile(
    time_is_up, run, assistant, clock
):
    assistant.held, assistant.is_down = {"c1": START}, True
    done = await run()
    assert (done[Kind.CONVERSATIONS].deleted, done[Kind.CONVERSATIONS].error) == (0, "assistant")
    assert all(done[kind].error is None for kind in Kind if kind is not Kind.CONVERSATIONS)
    assistant.is_down = False
    done = await run()
    assert (done[Kind.CONVERSATIONS].deleted, done[Kind.CONVERSATIONS].error) == (1, None)


async def test_what_was_stopped_when_it_had_begun_is_taken_up(
    time_is_up, run, clock, assistant, database, monkeypatch
):
    async def killed(*_):
        raise KeyboardInterrupt

    assistant.held = {"c1": START, "c2": START}
    with monkeypatch.context() as during:
        during.setattr(ErasureChannel, "erase", killed)
        with pytest.raises(KeyboardInterrupt):
            await run()
    begun = {one.number for one in await rows(database, Erasure)}
    clock.advance(minutes=6)
    assert (await run())[Kind.CONVERSATIONS].deleted == 2
    assert {one.number for one in await rows(database, Erasure)} == begun
    assert set(assistant.erased) == {"c1", "c2"}


async def test_afterwards_it_is_known_as_erased_and_what_comes_late_does_not_bring_it_back(
    time_is_up, run, assistant, archive, database
):
    assistant.held = {"c1": START}
    await run()
    await archive.send(Story("c1").user("hej").events)
    assert await archive.ids() == []
    [erasure] = await rows(database, Erasure)
    assert (erasure.conversation_id, erasure.done_at is not None) == (None, True)


async def test_one_that_was_erased_before_and_has_come_again_goes_again(
    time_is_up, run, clock, assistant, archive, database, policy
):
    assistant.held = {"c1": START}
    await run()
    again = clock().timestamp() + 86_400
    assistant.held = {"c1": again}
    clock.now = policy.conversation_goes_at(datetime.fromtimestamp(again, COPENHAGEN))
    assert (await run())[Kind.CONVERSATIONS].deleted == 1
    async with database.read() as work:
        [stone] = await work.session.scalars(select(ErasedConversation))
    assert stone.until.timestamp() > again


async def test_it_is_foreseen_and_whether_the_assistant_was_asked_is_told(
    time_is_up, database, policy, assistant, clock, archive
):
    await archive.send(Story("c1").user("hej").events)
    assistant.held = {"c1": START, "c2": START}
    door = ErasureChannel(assistant.url, SERVICE_TOKEN)
    found = (await foresee(database, policy, door, clock()))[Kind.CONVERSATIONS]
    assert (found.deleted, found.error) == (2, None)
    assistant.is_down = True
    found = (await foresee(database, policy, door, clock()))[Kind.CONVERSATIONS]
    assert (found.deleted, found.error) == (1, "assistant")
    assert assistant.erased == []
