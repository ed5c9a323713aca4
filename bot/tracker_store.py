"""Rasa's tracker store, which here goes by the order of events and not by the clock, and fails aloud."""

from __future__ import annotations

from typing import Any

from rasa.core.agent import Agent
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore
from rasa.shared.core.events import SessionStarted
from sqlalchemy import func, or_  # type: ignore[import-untyped]


class OrderedTrackerStore(SQLTrackerStore):
    """Finds what was said since a session began by when it was stored.

    Rasa looks for events that are later than the beginning of the session. Of what was said after the clock
    of the machine was set back, it would know nothing.
    """

    def _event_query(self, session: Any, sender_id: str, fetch_events_from_all_sessions: bool) -> Any:
        event = self.SQLEvent
        events = session.query(event).filter(event.sender_id == sender_id)
        if not fetch_events_from_all_sessions:
            began = (
                session.query(func.max(event.id))
                .filter(event.sender_id == sender_id, event.type_name == SessionStarted.type_name)
                .scalar_subquery()
            )
            events = events.filter(or_(event.id >= began, began.is_(None)))
        return events.order_by(event.id)


def store_or_fail(agent: Agent) -> None:
    """Takes away the net under Rasa's tracker store.

    When storing fails, the net keeps the conversation in memory and says nothing. What was taken for heard
    would be gone with the process, and the conversation would jump back as soon as storing works again.
    """
    store = agent.tracker_store
    if isinstance(store, FailSafeTrackerStore):
        agent.tracker_store = agent.processor.tracker_store = store._tracker_store
