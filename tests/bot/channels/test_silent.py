"""The assistant tells which conversations it has stored something of and nothing has happened in for long."""

import time
from contextlib import asynccontextmanager
from datetime import datetime, timezone

import aiohttp
import pytest
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import silence
from bot.channels.erasure import ErasureInput
from bot.channels.links import LIFETIME_SECONDS, OneTimeLinks
from bot.channels.sms.messages import Incoming
from bot.channels.sms.store import SmsStore
from bot.events.spool import Spool, SpooledEvent
from tests.bot.channels.test_erasure import TOKEN, Backend, leave_words
from tests.bot.rasa_server import load_agent, serving

NOW = time.time()
LONG_AGO, SINCE = NOW - 200 * 86_400, NOW - 180 * 86_400


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "outbox").mkdir()
    return tmp_path


@pytest.fixture
def agent(small_model, folder):
    return load_agent(small_model, folder / "rasa.db")


@pytest.fixture
def ask(agent, folder):
    """Asks as the backend does, and gives the status and the answer."""

    async def ask(token=TOKEN, **more):
        async with asked(agent, folder) as post:
            return await post("silent", {"since": iso(SINCE), "after": "", **more}, token)

    return ask


@asynccontextmanager
async def asked(agent, folder, backend_url="http://127.0.0.1:9"):
    files = {name: str(folder / f"{name}.db") for name in ("sms", "links")}
    files |= {"spool": str(folder / "events.db"), "outbox": str(folder / "outbox")}
    channel = ErasureInput.from_credentials({**files, "backend_url": backend_url, "service_token": TOKEN})
    async with serving(agent, channel) as url:

        async def post(path, body, token=TOKEN):
            headers = {"Authorization": f"Bearer {token}"}
            async with (
                aiohttp.ClientSession(headers=headers) as session,
                session.post(f"{url}/webhooks/erasure/{path}", json=body) as response,
            ):
                return response.status, await response.json(content_type=None)

        yield post


def iso(moment):
    return datetime.fromtimestamp(moment, timezone.utc).isoformat()


async def hear(agent, conversation_id, *moments):
    events = [UserUttered("hej", timestamp=moment) for moment in moments]
    await agent.tracker_store.save(DialogueStateTracker.from_events(conversation_id, events))


def spool(folder, conversation_id, at, *, refused=False):
    opened = Spool(folder / "events.db")
    event = SpooledEvent.of({"sender_id": conversation_id, "event": "user", "timestamp": at})
    opened.append([event])
    if refused:
        opened.set_aside(event, "HTTP 422")
    opened.close()


async def test_who_has_said_nothing_for_long_is_told_and_nobody_else(ask, agent):
    await hear(agent, "tavs", LONG_AGO, LONG_AGO + 60)
    await hear(agent, "ny", NOW)
    await hear(agent, "vendt-tilbage", LONG_AGO, NOW)
    assert await ask() == (200, {"silent": ["tavs"], "next": None})


async def test_what_is_in_no_tracker_but_in_a_file_is_told_too(ask, folder, monkeypatch):
    spool(folder, "afvist", LONG_AGO, refused=True)
    spool(folder, "venter", LONG_AGO)
    links = OneTimeLinks(folder / "links.db")
    links.issue("link", LONG_AGO - LIFETIME_SECONDS)
    links.close()
    with monkeypatch.context() as then:
        then.setattr(time, "time", lambda: LONG_AGO)
        store = SmsStore(folder / "sms.db")
        heard = Incoming("m1", "sms.svaret", "hej", LONG_AGO)
        store.take_in(heard)
        store.answered(heard, [])
        store.say("r1", "sms.skrevet", "hej", 1)
        store.close()
    status, told = await ask()
    assert (status, told["silent"]) == (200, ["afvist", "link", "sms.skrevet", "sms.svaret", "venter"])


async def test_what_has_just_happened_in_any_file_keeps_a_conversation_from_being_told(ask, agent, folder):
    for id in ("afvist", "venter", "sms.venter"):
        await hear(agent, id, LONG_AGO)
    spool(folder, "afvist", NOW, refused=True)
    spool(folder, "venter", NOW)
    store = SmsStore(folder / "sms.db")
    # However long ago it came: it is not answered yet, and erasing would leave it.
    store.take_in(Incoming("m1", "sms.venter", "hej", LONG_AGO))
    store._connection.execute("UPDATE incoming SET received_at = ?", (LONG_AGO,))
    store._connection.commit()
    store.close()
    assert (await ask())[1]["silent"] == []


async def test_an_event_without_a_time_counts_from_when_it_was_refused(ask, folder):
    spool(folder, "uden-tid", None, refused=True)
    spool(folder, "uden-tid-og-sendt", None)
    assert (await ask())[1]["silent"] == []


async def test_so_many_at_a_time_and_from_where_the_last_answer_ended(ask, agent, folder, monkeypatch):
    monkeypatch.setattr(silence, "LOOKED_AT_ONCE", 3)
    expected = []
    for number in range(10):
        id = f"c{number}"
        at = NOW if number in (1, 3, 4, 5) else LONG_AGO
        if number % 3:
            await hear(agent, id, at)
        else:
            spool(folder, id, at)
        expected += [id] if at < SINCE else []
    found, after, answers = [], "", 0
    while after is not None:
        _, told = await ask(after=after)
        found += told["silent"]
        after, answers = told["next"], answers + 1
    assert (found, answers) == (expected, 4)


async def test_what_is_erased_is_not_told_again(agent, folder):
    id = "sms.slettes"
    await hear(agent, id, LONG_AGO)
    leave_words(folder, id, "hej")
    everything = iso(NOW + 2 * LIFETIME_SECONDS)
    async with Backend().open() as backend, asked(agent, folder, backend.url) as post:
        _, told = await post("silent", {"since": everything, "after": ""})
        assert told["silent"] == [id]
        status, _ = await post("conversations", {"conversation_id": id, "number": "DAAA-BBBB-CCCC"})
        assert status == 200
        _, told = await post("silent", {"since": everything, "after": ""})
        assert told["silent"] == []


async def test_what_no_channel_has_named_is_left_out(ask, agent):
    """It could not be asked to be erased either."""
    await hear(agent, "20304050", LONG_AGO)
    assert (await ask())[1]["silent"] == []


async def test_nobody_but_the_backend_is_told(ask, agent):
    await hear(agent, "tavs", LONG_AGO)
    assert (await ask(token="another"))[0] == 401


@pytest.mark.parametrize("faulty", [{"since": "i går"}, {"since": None}, {"after": None}])
async def test_a_question_that_cannot_be_read_is_refused(ask, faulty):
    assert (await ask(**faulty))[0] == 400


async def test_without_a_model_or_with_a_store_of_another_kind_it_is_not_known(folder, agent):
    class Elsewhere(TrackerStore):
        pass

    body = {"since": iso(SINCE), "after": ""}
    async with asked(None, folder) as post:
        assert (await post("silent", body))[0] == 503
    agent.tracker_store = FailSafeTrackerStore(Elsewhere(None))
    async with asked(agent, folder) as post:
        assert (await post("silent", body))[0] == 503
