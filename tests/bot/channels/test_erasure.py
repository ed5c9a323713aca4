"""What the assistant has stored of a conversation is erased while nobody can speak in it."""

import asyncio
import json
import time
from contextlib import asynccontextmanager
from datetime import datetime

import aiohttp
import pytest
from aiohttp import web
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, TrackerStore

from bot.channels.citizen_message import CitizenMessage
from bot.channels.erasure import ErasureInput
from bot.channels.intake import Intake
from bot.channels.links import OneTimeLinks
from bot.channels.sms.messages import Incoming
from bot.channels.sms.store import SmsStore
from bot.erasing import NotErasable, erase_tracker
from bot.events.spool import Spool, SpooledEvent
from tests.bot.rasa_server import Listener, load_agent, serving, standing_in

TOKEN = "a-service-token"
NUMBER = "DAAA-BBBB-CCCC"
SECRET = "zyxkvark"
ERASED, OTHER = "sms.slettes", "sms.bliver"


class Backend:
    """Erases rows when it is asked to, unless it is away."""

    def __init__(self):
        self.is_down = False
        self.asked = []
        self.while_erasing = None
        self.obstacle = None
        self.latest_at = None

    @asynccontextmanager
    async def open(self):
        routes = (
            web.get("/api/v1/erasures/{number}/obstacle", self._tell_obstacle),
            web.post("/api/v1/erasures/{number}/rows", self._erase),
        )
        async with standing_in(*routes) as self.url:
            yield self

    async def _tell_obstacle(self, request):
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        self.latest_at = request.query.get("latest_at")
        return web.json_response({"obstacle": self.obstacle})

    async def _erase(self, request):
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        if self.is_down:
            raise web.HTTPServiceUnavailable
        self.asked.append((request.match_info["number"], await request.json()))
        if self.while_erasing:
            await self.while_erasing()
        return web.json_response({})


class SpoolingBroker(EventBroker):
    """Publishes into a spool that nobody empties."""

    def __init__(self, path):
        self.spool = Spool(path)

    def publish(self, event):
        self.spool.append([SpooledEvent.of(event)])


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "data"
    (made / "outbox").mkdir(parents=True)
    return made


@pytest.fixture
def agent(small_model, folder):
    return load_agent(small_model, folder / "rasa.db", SpoolingBroker(folder / "events.db"))


def files_with(words, folder):
    return sorted(
        path.name for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()
    )


async def speak(agent, conversation_id, text):
    message = CitizenMessage.typed(conversation_id, "sms", text, f"m{time.time_ns()}x")
    async with Intake(lambda: agent).conversation(conversation_id) as conversation:
        await conversation.take(message, Listener("sms"))


def leave_words(folder, conversation_id, words):
    """Puts words of a conversation into every file that holds some."""
    store = SmsStore(folder / "sms.db")
    heard = Incoming(f"m-{conversation_id[4:]}", conversation_id, words, 1.0)
    store.take_in(heard)
    store.answered(heard, [(words, 1)])
    store.close()
    spool = Spool(folder / "events.db")
    event = {"sender_id": conversation_id, "event": "user", "text": words, "timestamp": time.time()}
    spool.append([SpooledEvent.of(event)])
    spool.set_aside(SpooledEvent.of(event), "HTTP 422")
    spool.close()
    kept = {"path": "/x", "body": {"note": words}, "key": f"{conversation_id}:m1:flag"}
    (folder / "outbox" / f"{conversation_id}.json").write_text(json.dumps(kept))
    links = OneTimeLinks(folder / "links.db")
    links.issue(conversation_id, time.time())
    links.close()


@asynccontextmanager
async def erasing(agent, folder, backend):
    names = {"spool": "events.db", "sms": "sms.db", "links": "links.db", "outbox": "outbox"}
    credentials = {name: str(folder / file) for name, file in names.items()}
    credentials |= {"backend_url": backend.url, "service_token": TOKEN}
    async with serving(agent, ErasureInput.from_credentials(credentials)) as url:

        async def erase(conversation_id=ERASED, token=TOKEN, **more):
            body = {"conversation_id": conversation_id, "number": NUMBER, **more}
            headers = {"Authorization": f"Bearer {token}"}
            address = f"{url}/webhooks/erasure/conversations"
            async with (
                aiohttp.ClientSession(headers=headers) as session,
                session.post(address, json=body) as response,
            ):
                return response.status

        yield erase


@pytest.fixture
async def backend():
    async with Backend().open() as opened:
        yield opened


async def test_no_byte_of_the_conversation_is_left_in_any_file(agent, folder, backend):
    await speak(agent, ERASED, f"{SECRET} hej")
    leave_words(folder, ERASED, f"{SECRET} igen")
    assert files_with(SECRET, folder)
    async with erasing(agent, folder, backend) as erase:
        assert await erase() == 200
    assert files_with(SECRET, folder) == []
    assert files_with(ERASED, folder) == []


async def test_other_conversations_stay_as_they_are(agent, folder, backend):
    for conversation_id in (ERASED, OTHER):
        await speak(agent, conversation_id, "hej")
        leave_words(folder, conversation_id, conversation_id)
    async with erasing(agent, folder, backend) as erase:
        await erase()
    tracker = await agent.tracker_store.retrieve(OTHER)
    assert tracker.latest_message.text == "hej"
    assert {"links.db", "rasa.db"} <= set(files_with(OTHER, folder))
    assert [file.stem for file in (folder / "outbox").iterdir()] == [OTHER]


async def test_the_rows_go_last_and_up_to_now(agent, folder, backend):
    await speak(agent, ERASED, "hej")
    before = time.time()
    async with erasing(agent, folder, backend) as erase:
        await erase()
    [(number, body)] = backend.asked
    assert number == NUMBER
    assert body["until"] > time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(before - 1))


async def test_who_writes_meanwhile_waits_and_begins_anew(agent, folder, backend):
    await speak(agent, ERASED, f"{SECRET} hej")
    writing = []

    async def somebody_writes():
        writing.append(asyncio.create_task(speak(agent, ERASED, "hej igen")))
        await asyncio.sleep(0.2)
        assert not writing[0].done()

    backend.while_erasing = somebody_writes
    async with erasing(agent, folder, backend) as erase:
        assert await erase() == 200
        await writing[0]
    tracker = await agent.tracker_store.retrieve_full_tracker(ERASED)
    said = [event.text for event in tracker.events if event.type_name == "user"]
    assert said == ["/open_chat", "hej igen"]


async def test_a_backend_that_is_away_makes_it_fail_and_again_it_works(agent, folder, backend):
    await speak(agent, ERASED, f"{SECRET} hej")
    backend.is_down = True
    async with erasing(agent, folder, backend) as erase:
        assert await erase() == 503
        backend.is_down = False
        assert await erase() == 200
    assert files_with(SECRET, folder) == []


async def test_nothing_is_erased_while_a_person_has_the_conversation(agent, folder, backend):
    await speak(agent, ERASED, f"{SECRET} hej")
    before, backend.obstacle = files_with(SECRET, folder), "person"
    async with erasing(agent, folder, backend) as erase:
        assert await erase() == 409
        assert (files_with(SECRET, folder), backend.asked) == (before, [])
        backend.obstacle = None
        assert await erase() == 200
    assert files_with(SECRET, folder) == []


async def test_the_backend_is_told_when_something_last_happened_also_what_it_has_not_heard_of(
    agent, folder, backend
):
    before = time.time()
    await speak(agent, ERASED, "hej")
    backend.obstacle = "not_due"
    async with erasing(agent, folder, backend) as erase:
        assert await erase() == 409
        assert datetime.fromisoformat(backend.latest_at).timestamp() > before - 1
        assert await erase(conversation_id="sms.ukendt") == 409
        assert backend.latest_at is None


async def test_nobody_but_the_backend_erases(agent, folder, backend):
    async with erasing(agent, folder, backend) as erase:
        assert await erase(token="another") == 401
        assert await erase(conversation_id="20304050") == 400
    assert backend.asked == []


async def test_a_message_that_waits_for_an_answer_is_not_lost(agent, folder, backend):
    store = SmsStore(folder / "sms.db")
    store.take_in(Incoming("m9", ERASED, "hallo?", 1.0))
    async with erasing(agent, folder, backend) as erase:
        assert await erase() == 200
    assert store.oldest_waiting(ERASED).text == "hallo?"
    store.close()


async def test_a_message_that_the_provider_sends_again_is_still_known(agent, folder, backend):
    leave_words(folder, ERASED, "hej")
    async with erasing(agent, folder, backend) as erase:
        await erase()
    store = SmsStore(folder / "sms.db")
    assert not store.take_in(Incoming(f"m-{ERASED[4:]}", ERASED, "hej", 1.0))
    store.close()


def test_what_a_failing_store_keeps_in_memory_is_erased_too():
    primary, fallback = InMemoryTrackerStore(None), InMemoryTrackerStore(None)
    primary.store[ERASED] = fallback.store[ERASED] = "serialised"
    erase_tracker(FailSafeTrackerStore(primary, fallback_tracker_store=fallback), ERASED)
    assert (primary.store, fallback.store) == ({}, {})


def test_a_store_that_cannot_be_erased_from_is_refused():
    class Elsewhere(TrackerStore):
        pass

    with pytest.raises(NotErasable):
        erase_tracker(Elsewhere(None), ERASED)


def test_an_event_that_was_erased_is_not_set_aside_afterwards(folder):
    spool = Spool(folder / "events.db")
    event = SpooledEvent.of({"sender_id": ERASED, "event": "user", "text": SECRET})
    spool.append([event])
    spool.erase(ERASED)
    spool.set_aside(event, "HTTP 422")
    assert (spool.count(), spool.refused()) == (0, [])
    spool.close()
