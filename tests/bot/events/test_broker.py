"""Everything that is published arrives at the backend once and in order, whatever happens on the way."""

import asyncio
import os
import sqlite3
import sys
from pathlib import Path

import pytest
from rasa.core.brokers.broker import EventBroker
from rasa.core.channels.channel import UserMessage
from rasa.utils.endpoints import EndpointConfig

from bot.events import sender as sender_module
from bot.events.spool import Spool
from tests.bot.events.fake_backend import TOKEN, fake_backend
from tests.bot.rasa_server import load_agent


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    monkeypatch.setattr(sender_module, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(sender_module, "LONGEST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(sender_module, "LOOK_AGAIN_SECONDS", 0.05)


@pytest.fixture
async def backend():
    async with fake_backend() as backend:
        yield backend


@pytest.fixture
def spool_path(tmp_path):
    return tmp_path / "spool" / "events.db"


async def open_broker(backend, spool_path):
    """As Rasa does it from endpoints.yml."""
    config = EndpointConfig.from_dict(
        {
            "type": "bot.events.broker.SpoolingEventBroker",
            "url": backend.url,
            "token": TOKEN,
            "spool": spool_path,
        }
    )
    return await EventBroker.create(config)


@pytest.fixture
async def broker(backend, spool_path):
    broker = await open_broker(backend, spool_path)
    yield broker
    await broker.close()


def turn(at, message_id="m1", sender_id="c1"):
    """A message and two answers, as Rasa publishes them."""
    said = {"sender_id": sender_id, "timestamp": at}
    return [
        {**said, "event": "user", "text": "ja", "message_id": message_id},
        {**said, "event": "slot", "name": "asked"},
        {**said, "event": "bot", "text": "Tak."},
        {**said, "event": "bot", "text": "Så starter vi."},
    ]


async def test_a_turn_that_is_taken_again_is_said_once(broker, backend):
    for at in (1.0, 2.0):
        for event in turn(at):
            broker.publish(event)
    # The slots are two, and each has a time of its own.
    await backend.until(lambda backend: len(backend.events) == 5)
    said = [text for text in backend.texts if text]
    assert said == ["ja", "Tak.", "Så starter vi."]


async def test_what_is_said_twice_to_a_message_or_to_two_messages_is_kept_twice(broker, backend):
    first, _, thanks, _ = turn(1.0)
    for event in (first, thanks, {**thanks, "timestamp": 1.5}, *turn(2.0, "m2"), *turn(3.0, sender_id="c2")):
        broker.publish(event)
    await backend.until(lambda backend: len(backend.events) == 11)
    assert backend.texts.count("ja") == 3
    assert backend.texts.count("Tak.") == 4


def say(broker, *texts, sender_id="c1"):
    for number, text in enumerate(texts):
        broker.publish({"sender_id": sender_id, "event": "user", "text": text, "timestamp": float(number)})


NUMBERS = [str(number) for number in range(450)]


async def test_events_arrive_in_order(backend, broker):
    say(broker, *NUMBERS)
    await backend.until(lambda backend: len(backend.events) == len(NUMBERS))
    assert backend.texts == NUMBERS
    assert max(map(len, backend.batches)) <= sender_module.BATCH_EVENTS


async def test_an_event_carries_its_conversation(backend, broker):
    say(broker, "hej", sender_id="c7")
    await backend.until(lambda backend: backend.events)
    [event] = backend.events.values()
    assert event["conversation_id"] == "c7"
    assert event["event"] == {"sender_id": "c7", "event": "user", "text": "hej", "timestamp": 0.0}


async def test_the_spool_is_empty_once_all_is_acknowledged(backend, broker, spool_path):
    say(broker, *NUMBERS)
    await backend.until(lambda backend: len(backend.events) == len(NUMBERS))
    spool = Spool(spool_path)
    # The backend has the last events a moment before the spool hears that it has.
    for _ in range(1000):
        if spool.count() == 0:
            break
        await asyncio.sleep(0.01)
    assert spool.count() == 0


async def test_what_is_said_while_the_backend_is_down_arrives_when_it_is_up(backend, broker):
    say(broker, "før")
    await backend.until(lambda backend: backend.texts == ["før"])
    await backend.stop()
    say(broker, *NUMBERS)
    await asyncio.sleep(0.2)
    await backend.start()
    await backend.until(lambda backend: len(backend.events) == 1 + len(NUMBERS))
    assert backend.texts == ["før", *NUMBERS]


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
async def test_a_backend_that_is_not_itself_loses_nothing(backend, broker, status):
    backend.status = status
    say(broker, *NUMBERS)
    await backend.until(lambda backend: len(backend.batches) >= 3)
    assert backend.events == {}
    backend.status = None
    await backend.until(lambda backend: len(backend.events) == len(NUMBERS))
    assert backend.texts == NUMBERS


async def test_a_refused_event_is_set_aside_and_the_rest_arrive_in_order(backend, broker, spool_path, caplog):
    backend.refuses = {"7", "8", "449"}
    say(broker, *NUMBERS)
    await backend.until(lambda backend: len(backend.events) == len(NUMBERS) - 3)
    assert backend.texts == [text for text in NUMBERS if text not in backend.refuses]
    say(broker, "efter", sender_id="c2")
    await backend.until(lambda backend: "efter" in backend.texts)
    aside = [refused.event.event_id for refused in Spool(spool_path).refused()]
    assert len(aside) == 3
    assert all(event_id in caplog.text for event_id in aside)


async def test_an_acknowledgement_that_is_lost_doubles_nothing(backend, spool_path):
    first = await open_broker(backend, spool_path)
    backend.answers.clear()
    say(first, "en", "to")
    await backend.until(lambda backend: len(backend.events) >= 1)
    await first.close()
    backend.answers.set()
    second = await open_broker(backend, spool_path)
    await backend.until(lambda backend: len(backend.events) == 2)
    await second.close()
    assert backend.texts == ["en", "to"]


async def test_a_killed_process_loses_nothing_and_doubles_nothing(backend, spool_path):
    backend.answers.clear()
    arguments = [str(Path(__file__).with_name("publisher.py")), str(spool_path), backend.url, TOKEN, "300"]
    publisher = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    # It is killed with a batch taken by the backend and not acknowledged, and the rest in the spool.
    assert await publisher.stdout.readline() == b"published\n"
    await backend.until(lambda backend: backend.events)
    publisher.kill()
    await publisher.wait()
    assert 0 < len(backend.events) < 300
    backend.answers.set()
    broker = await open_broker(backend, spool_path)
    await backend.until(lambda backend: len(backend.events) == 300)
    await broker.close()
    assert backend.texts == NUMBERS[:300]


async def test_two_brokers_on_one_spool_keep_the_order(backend, spool_path):
    # Rasa opens a second one when it is given a new model.
    first, second = [await open_broker(backend, spool_path) for _ in range(2)]
    for number, text in enumerate(NUMBERS):
        say((first, second)[number % 2], text)
    await backend.until(lambda backend: len(backend.events) == len(NUMBERS))
    assert backend.texts == NUMBERS
    await first.close()
    say(second, "efter")
    await backend.until(lambda backend: "efter" in backend.texts)
    await second.close()


async def test_a_full_disk_is_not_an_error_to_rasa_and_loses_nothing(backend, broker, monkeypatch):
    def full(self, events):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as context:
        context.setattr(Spool, "append", full)
        say(broker, "en", "to")
    say(broker, "tre", sender_id="c2")
    await backend.until(lambda backend: len(backend.events) == 3)
    assert backend.texts == ["en", "to", "tre"]


async def test_a_conversation_with_rasa_arrives_as_it_is_in_the_tracker(
    backend, broker, small_model, tmp_path
):
    agent = load_agent(small_model, tmp_path / "rasa.db", event_broker=broker)
    for text in ("/open_chat", "ja", "goddag"):
        await agent.handle_message(UserMessage(text, sender_id="c1"))
    tracker = await agent.tracker_store.retrieve_full_tracker("c1")
    await backend.until(lambda backend: len(backend.events) >= len(tracker.events))
    arrived = [event["event"] for event in backend.events.values()]
    assert arrived == [{"sender_id": "c1", **event.as_dict()} for event in tracker.events]


async def test_events_set_aside_are_told_of_at_the_next_start(backend, broker, spool_path, caplog):
    backend.refuses = {"en"}
    say(broker, "en", "to")
    await backend.until(lambda backend: backend.texts == ["to"])
    await broker.close()
    caplog.clear()
    again = await open_broker(backend, spool_path)
    await again.close()
    assert "1 events were refused and are set aside" in caplog.text
