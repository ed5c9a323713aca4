"""How far answers have come is handed over to the spool of events: all of it, also after a crash."""

import json
import sqlite3

import pytest

from bot.channels.sms.deliveries import Deliveries
from bot.channels.sms.messages import Incoming, State
from bot.channels.sms.store import SmsStore
from bot.events.spool import Spool


@pytest.fixture
def store(tmp_path):
    opened = SmsStore(tmp_path / "sms.db")
    yield opened
    opened.close()


@pytest.fixture
def spool(tmp_path):
    opened = Spool(tmp_path / "events.db")
    yield opened
    opened.close()


def answer(store, *texts, id="m1"):
    taken = Incoming(id, "sms.abc", "hej", 1.0)
    store.take_in(taken)
    store.answered(taken, [(text, 1) for text in texts])


def send(store, reference):
    store.begin_attempt(reference, 0)
    store.end_attempt(reference, State.SENT)


def spooled(spool):
    return [json.loads(event.body) for event in spool.oldest(100, 1_000_000)]


def test_each_step_of_an_answer_is_an_event_of_its_conversation(store, spool):
    answer(store, "et", "to")
    send(store, "m1-0")
    store.report("m1-0", State.DELIVERED)
    send(store, "m1-1")
    store.report("m1-1", State.FAILED)
    Deliveries(store, spool).hand_over()
    told = spooled(spool)
    assert {one["conversation_id"] for one in told} == {"sms.abc"}
    events = [one["event"] for one in told]
    assert [(event["name"], event["state"]) for event in events] == [
        ("m1-0", "sent"),
        ("m1-0", "delivered"),
        ("m1-1", "sent"),
        ("m1-1", "failed"),
    ]
    for event in events:
        assert (event["event"], event["message_id"], event["answers"]) == ("sms_delivery", "m1", 2)


def test_a_report_that_changes_nothing_is_not_told_again(store, spool):
    answer(store, "et")
    send(store, "m1-0")
    for _ in range(3):
        store.report("m1-0", State.DELIVERED)
    store.report("m1-0", State.FAILED)
    Deliveries(store, spool).hand_over()
    Deliveries(store, spool).hand_over()
    assert [one["event"]["state"] for one in spooled(spool)] == ["sent", "delivered"]


def test_an_answer_that_is_only_on_its_way_is_not_told_of(store, spool):
    answer(store, "et")
    store.begin_attempt("m1-0", 0)
    store.end_attempt("m1-0", State.WAITING)
    Deliveries(store, spool).hand_over()
    assert spooled(spool) == []


def test_what_is_sent_to_somebody_without_a_conversation_is_not_told_of(store, spool):
    store.say("r1", "sms.abc", "Ring til os", 1)
    send(store, "r1")
    Deliveries(store, spool).hand_over()
    assert spooled(spool) == []


def test_a_crash_between_the_two_files_loses_nothing_and_tells_nothing_twice(store, spool, monkeypatch):
    answer(store, "et")
    send(store, "m1-0")

    def crash(_):
        raise sqlite3.OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(store, "told", crash)
        with pytest.raises(sqlite3.OperationalError):
            Deliveries(store, spool).hand_over()
    Deliveries(store, spool).hand_over()
    assert [one["event"]["state"] for one in spooled(spool)] == ["sent"]
    assert store.untold(10) == []


def test_a_spool_that_fails_leaves_it_to_be_told_later(store, spool, monkeypatch):
    answer(store, "et")
    send(store, "m1-0")

    def fail(_):
        raise sqlite3.OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(spool, "append", fail)
        with pytest.raises(sqlite3.OperationalError):
            Deliveries(store, spool).hand_over()
    Deliveries(store, spool).hand_over()
    assert len(spooled(spool)) == 1
