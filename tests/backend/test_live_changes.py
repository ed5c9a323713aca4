"""Changes are numbered in the order in which they are committed, and only what is said or flagged is one."""

import asyncio

import pytest

from backend.live.changes import latest_change, next_change
from backend.transcripts.tables import Conversation
from tests.backend.story import Story


@pytest.fixture
def latest(database):
    async def latest():
        async with database.read() as work:
            return await latest_change(work.session)

    return latest


@pytest.fixture
def change_of(database):
    """The number of a conversation's latest change."""

    async def change_of(conversation_id):
        async with database.read() as work:
            return (await work.session.get_one(Conversation, conversation_id)).last_change

    return change_of


async def test_a_number_is_seen_only_when_all_before_it_are(database, latest):
    async def change():
        async with database.write() as work:
            number = await next_change(work.session)
            await work.commit()
            return number

    before = await latest()
    async with database.write() as work:
        first = await next_change(work.session)
        later = asyncio.create_task(change())
        # The other has had every chance to be quicker.
        await asyncio.sleep(0.1)
        assert await latest() == before
        await work.commit()
    assert [first, await later] == [before + 1, before + 2]
    assert await latest() == before + 2


async def test_a_change_that_was_not_committed_is_none(database, latest):
    before = await latest()
    async with database.write() as work:
        await next_change(work.session)
    assert await latest() == before


async def test_what_is_said_or_flagged_is_a_change_of_its_conversation_alone(archive, latest, change_of):
    await archive.send(Story("c1").user("hej").events)
    first = await change_of("c1")
    assert first == await latest()
    await archive.send(Story("c2").user("hej").events)
    assert (await change_of("c1"), await change_of("c2")) == (first, first + 1)
    await archive.flag("c1", "crisis")
    assert (await change_of("c1"), await latest()) == (first + 2, first + 2)


async def test_what_nobody_reads_or_came_before_is_no_change(archive, latest):
    story = Story("c1").user("hej")
    await archive.send(story.events)
    before = await latest()
    await archive.send(story.events)
    await archive.send(
        story.action("utter_greet").other("slot", name="requested_slot", value=None).events[1:]
    )
    assert await latest() == before


async def test_many_who_write_at_once_get_a_number_each(archive, latest, change_of):
    before = await latest()
    stories = [Story(f"c{number}").user("hej") for number in range(12)]
    await asyncio.gather(*(archive.send(story.events) for story in stories))
    assert sorted([await change_of(story.id) for story in stories]) == list(range(before + 1, before + 13))
