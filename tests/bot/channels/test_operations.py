"""Health and metrics of the Rasa process, in a real web server with Rasa behind it."""

import sqlite3
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from prometheus_client.parser import text_string_to_metric_families
from rasa.utils.endpoints import EndpointConfig

from bot.channels.operations import OperationsInput
from bot.channels.sms.messages import Incoming, State
from bot.channels.sms.store import SmsStore
from bot.events.broker import SpoolingEventBroker
from bot.events.spool import Spool, SpooledEvent
from observability import room
from tests.bot.rasa_server import serving

TOKEN = "a-metrics-token-for-tests"
AUTHORISED = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def spool(tmp_path):
    opened = Spool(tmp_path / "events.db")
    yield opened
    opened.close()


@pytest.fixture
def sms(tmp_path):
    opened = SmsStore(tmp_path / "sms.db")
    yield opened
    opened.close()


@asynccontextmanager
async def client(agent, folder, token=TOKEN):
    given = {"token": token, "spool": str(folder / "events.db"), "sms": str(folder / "sms.db")}
    channel = OperationsInput.from_credentials(given)
    async with serving(agent, channel) as url, aiohttp.ClientSession(url) as session:
        yield session


async def scrape(session):
    async with session.get("/metrics", headers=AUTHORISED) as response:
        assert response.status == 200
        families = text_string_to_metric_families(await response.text())
        samples = [sample for family in families for sample in family.samples]
        return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


async def ready(session):
    async with session.get("/health/ready") as response:
        return response.status, await response.json()


async def test_a_live_process_says_so_where_the_others_do(agent, tmp_path):
    async with client(agent, tmp_path) as session, session.get("/health/live") as response:
        assert (response.status, await response.json()) == (200, {"status": "ok"})


async def test_ready_says_which_part_cannot_work(agent, tmp_path):
    async with client(agent, tmp_path) as session:
        status, told = await ready(session)
    assert status == 503
    assert told == {
        "status": "unavailable",
        "model": "ok",
        "actions": "unavailable",
        "spool": "ok",
        "disk": "ok",
    }


async def test_without_a_model_it_is_not_ready(tmp_path):
    async with client(None, tmp_path) as session:
        assert (await ready(session))[1]["model"] == "not-loaded"


async def test_without_room_on_the_disk_it_is_not_ready(agent, tmp_path, monkeypatch):
    monkeypatch.setattr(room, "LEAST_FREE_BYTES", 10**18)
    async with client(agent, tmp_path) as session:
        assert (await ready(session))[1]["disk"] == "full"


async def test_a_spool_that_cannot_be_written_is_told(agent, tmp_path, spool):
    other = sqlite3.connect(tmp_path / "events.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with client(agent, tmp_path) as session:
        assert (await ready(session))[1]["spool"] == "not-writable"
    other.close()


@pytest.fixture
async def action_server():
    """One that answers as ours does (tests/actions/test_server.py)."""

    async def actions(request):
        is_rasa = request.headers.get("Authorization") == "Bearer right"
        return web.json_response([], status=200 if is_rasa else 401)

    app = web.Application()
    app.router.add_get("/actions", actions)
    async with TestServer(app) as server:
        yield server


@pytest.mark.parametrize(
    ("shown", "status", "state"), [("Bearer right", 200, "ok"), ("Bearer wrong", 503, "refused")]
)
async def test_it_is_ready_when_the_action_server_acts_for_it(
    agent, tmp_path, monkeypatch, action_server, shown, status, state
):
    endpoint = EndpointConfig(str(action_server.make_url("/webhook")), headers={"Authorization": shown})
    monkeypatch.setattr(agent, "action_endpoint", endpoint)
    async with client(agent, tmp_path) as session:
        answered, told = await ready(session)
    assert (answered, told["actions"]) == (status, state)


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer wrong", TOKEN])
@pytest.mark.parametrize("token", ["", TOKEN])
async def test_the_metrics_are_for_who_shows_the_token(agent, tmp_path, token, shown):
    async with client(agent, tmp_path, token) as session:
        response = await session.get("/metrics", headers={"Authorization": shown})
        assert response.status == 401


async def test_what_waits_is_counted_with_its_age(agent, tmp_path, spool, sms):
    said_at = time.time() - 90
    said = [{"sender_id": "c1", "event": "user", "timestamp": said_at + number} for number in range(3)]
    events = [SpooledEvent.of(event) for event in said]
    spool.append(events)
    spool.set_aside(events[2], "HTTP 422")
    sms.take_in(Incoming("m1", "c1", "hej", 1.0))
    sms.take_in(Incoming("m2", "c2", "hej", 1.0))
    sms.answered(sms.oldest_waiting("c2"), [("svar", 1), ("mere", 1)])
    sms.begin_attempt("m2-0", 0)
    sms.end_attempt("m2-0", State.SENT)
    async with client(agent, tmp_path) as session:
        seen = await scrape(session)
    waiting = {name: seen["digispor_waiting", name] for name in ("events", "events_refused", "sms_incoming")}
    assert waiting == {"events": 2, "events_refused": 1, "sms_incoming": 1}
    assert seen["digispor_waiting", "sms_outgoing"] == 1
    assert 90 <= seen["digispor_waiting_oldest_seconds", "events"] < 190


async def test_an_sms_that_is_tried_again_has_waited_since_the_message_it_answers(tmp_path, sms):
    sms.take_in(Incoming("m1", "c1", "hej", 1.0))
    sms.answered(sms.oldest_waiting("c1"), [("svar", 1)])
    [_, before] = sms.queues(time.time() + 100)
    sms.begin_attempt("m1-0", 0)
    sms.end_attempt("m1-0", State.WAITING)
    [_, after] = sms.queues(time.time() + 100)
    assert after.waiting == 1
    assert after.oldest_seconds >= before.oldest_seconds >= 100


async def test_without_sms_nothing_waits_there(agent, tmp_path):
    async with client(agent, tmp_path) as session:
        seen = await scrape(session)
    assert seen["digispor_waiting", "sms_outgoing"] == 0
    assert not (tmp_path / "sms.db").exists()


async def test_what_citizens_say_is_counted_by_whether_it_was_understood(agent, tmp_path, spool):
    broker = SpoolingEventBroker(spool, endpoint=None)

    def say(intent, text="hej"):
        understood = {"intent": {"name": intent}}
        broker.publish(
            {
                "sender_id": "c1",
                "event": "user",
                "text": text,
                "timestamp": time.time(),
                "input_channel": "web",
                "parse_data": understood,
            }
        )

    async with client(agent, tmp_path) as session:
        before = await scrape(session)
        for intent in ("affirm", "nlu_fallback", "deny"):
            say(intent)
        say("open_chat", "/open_chat")
        after = await scrape(session)
    grown = {
        read: after["digispor_messages_total", "web", read] - before["digispor_messages_total", "web", read]
        for read in ("understood", "not_understood")
    }
    assert grown == {"understood": 2, "not_understood": 1}
