"""A conversation is read as it was stored, whatever the clock did meanwhile."""

import pytest
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import read_endpoint_config

from bot.tracker_store import OrderedTrackerStore


@pytest.fixture
def store(tmp_path):
    return OrderedTrackerStore(Domain.empty(), db=str(tmp_path / "rasa.db"))


async def said(store, *events):
    tracker = await store.retrieve("c1") or DialogueStateTracker("c1", [])
    tracker.update_with_events(list(events), Domain.empty())
    await store.save(tracker)


async def texts(store):
    tracker = await store.retrieve("c1")
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


async def test_what_is_said_after_the_clock_was_set_back_is_remembered(store):
    await said(store, SessionStarted(timestamp=7200.0), UserUttered("hej", timestamp=7201.0))
    await said(store, UserUttered("to timer før", timestamp=10.0))
    await said(store, UserUttered("og videre", timestamp=7300.0))
    assert await texts(store) == ["hej", "to timer før", "og videre"]


async def test_what_was_said_before_the_latest_session_is_left_out(store):
    await said(store, SessionStarted(timestamp=1.0), UserUttered("før", timestamp=2.0))
    await said(store, SessionStarted(timestamp=3.0))
    await said(store, UserUttered("efter", timestamp=4.0))
    assert await texts(store) == ["efter"]
    everything = await store.retrieve_full_tracker("c1")
    assert sum(isinstance(event, UserUttered) for event in everything.events) == 2


async def test_a_conversation_without_a_session_is_read_whole(store):
    await said(store, UserUttered("hej", timestamp=5.0))
    await said(store, UserUttered("igen", timestamp=1.0))
    assert await texts(store) == ["hej", "igen"]


def test_rasa_uses_it(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGISPOR_DATA_DIR", str(tmp_path))
    for name in ("DIGISPOR_ACTIONS_URL", "DIGISPOR_BACKEND_URL", "DIGISPOR_SERVICE_TOKEN"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    configured = read_endpoint_config("endpoints.yml", endpoint_type="tracker_store")
    store = TrackerStore.create(configured, Domain.empty())
    assert isinstance(store, OrderedTrackerStore)
    assert isinstance(store, SQLTrackerStore)
