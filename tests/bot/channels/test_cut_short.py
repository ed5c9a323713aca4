"""A crash between the end of a turn and its apology leaves no citizen in silence."""

import time

import pytest
from rasa.shared.core.events import BotUttered, ConversationPaused, UserUttered

from bot.channels.seal import Seal
from bot.channels.sms.messages import Incoming
from bot.channels.sms.store import SmsStore
from tests.bot.channels.test_rest import client, post
from tests.bot.channels.test_sms_channel import ID, desk
from tests.bot.channels.test_web import KEY, Browser, chat_server, texts

__all__ = ["desk"]

APOLOGY = "Noget gik galt hos os."


async def cut_short(agent, conversation_id, *more):
    """Leaves a conversation as a crash does: the last message is heard, and nothing was said to it."""
    tracker = await agent.tracker_store.get_or_create_tracker(conversation_id)
    heard = UserUttered("ja", message_id="m1", input_channel="rest")
    tracker.update_with_events([heard, *more], agent.domain)
    await agent.tracker_store.save(tracker)


async def apologies(agent, conversation_id):
    tracker = await agent.tracker_store.retrieve_full_tracker(conversation_id)
    return sum(isinstance(event, BotUttered) and event.text == APOLOGY for event in tracker.events)


async def test_who_sends_the_message_again_hears_an_apology_and_then_the_same(agent):
    await cut_short(agent, "c1")
    async with client(agent) as session:
        for _ in range(2):
            async with post(session, {"sender": "c1", "message": "ja", "message_id": "m1"}) as response:
                assert texts(await response.json()) == [APOLOGY]
    assert await apologies(agent, "c1") == 1


async def test_who_comes_back_to_the_chat_hears_it_there_once(agent):
    await cut_short(agent, "c1")
    token = Seal(KEY).session_token("c1")
    async with chat_server(agent) as url:
        async with Browser(url) as tab:
            assert texts((await tab.session(token))["history"]) == ["ja"]
            assert texts(await tab.hear()) == [APOLOGY]
        async with Browser(url) as tab:
            assert texts((await tab.session(token))["history"]) == ["ja", APOLOGY]
    assert await apologies(agent, "c1") == 1


async def test_who_writes_by_sms_hears_it_when_the_message_is_taken_up(agent, desk):
    await cut_short(agent, ID)
    store = SmsStore(desk.path)
    store.take_in(Incoming("m1", ID, "ja", time.time()))
    store.close()
    async with desk.open(agent):
        assert await desk.heard(1) == [APOLOGY]


@pytest.mark.parametrize("more", [[ConversationPaused()], [BotUttered("Så starter vi.")]])
async def test_who_waits_for_a_person_or_was_answered_hears_none(agent, more):
    await cut_short(agent, "c1", *more)
    request = {"sender": "c1", "message": "ja", "message_id": "m1"}
    async with client(agent) as session, post(session, request) as response:
        assert APOLOGY not in texts(await response.json())
    assert await apologies(agent, "c1") == 0
