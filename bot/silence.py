"""Finds the conversations that the assistant has something of and in which nothing has happened for long.

The backend asks (bot/channels/erasure.py): where every event of one was refused, it has nothing of it itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from sqlalchemy import func  # type: ignore[import-untyped]

from bot.channels.citizen_message import is_opaque_id
from bot.erasing import Files, NotErasable, stores_within

LOOKED_AT_ONCE = 500
"""How many conversations are gone through before there is an answer."""


@dataclass(frozen=True)
class Silent:
    """Some of the conversations, in the order of their ids.

    Attributes:
        ids: Those in which nothing has happened.
        next: Where to go on: behind this id. None when all have been gone through.
    """

    ids: list[str]
    next: str | None


def silent_since(store: TrackerStore, files: Files, moment: float, after: str) -> Silent:
    """Goes through some of the conversations in the tracker store and the files beside it.

    Args:
        store: Rasa's tracker store.
        files: The files beside it.
        moment: Since when nothing has happened in a conversation that is silent, in seconds since 1970.
        after: Those behind this id are gone through; "" for the first.

    Raises:
        NotErasable: The store is of a kind that nothing can be erased from.
        OSError: A file cannot be reached.
        sqlite3.Error: The same.
        sqlalchemy.exc.SQLAlchemyError: The tracker store cannot be reached.
    """
    latest: dict[str, float] = {}
    for source in (_in_trackers(store, after), files.times()):
        for conversation_id, at in source:
            if conversation_id > after:
                latest[conversation_id] = max(at, latest.get(conversation_id, at))
    looked_at = sorted(latest)[:LOOKED_AT_ONCE]
    silent = [id for id in looked_at if latest[id] < moment and is_opaque_id(id)]
    return Silent(silent, looked_at[-1] if len(looked_at) == LOOKED_AT_ONCE else None)


def _in_trackers(store: TrackerStore, after: str) -> Iterator[tuple[str, float]]:
    """When something last happened in each of the next conversations."""
    for inner in stores_within(store):
        if isinstance(inner, SQLTrackerStore):
            yield from _in_rows(inner, after)
        # What a store keeps in memory goes with the process.
        elif not isinstance(inner, InMemoryTrackerStore):
            raise NotErasable(type(inner).__name__)


def _in_rows(store: SQLTrackerStore, after: str) -> Iterator[tuple[str, float]]:
    event = store.SQLEvent
    # The order in which Python sorts them, whatever the database's own is.
    id = event.sender_id.collate("BINARY" if store.engine.dialect.name == "sqlite" else "C")
    with store.session_scope() as session:
        found = session.query(id, func.max(event.timestamp)).filter(id > after)
        yield from found.group_by(id).order_by(id).limit(LOOKED_AT_ONCE)
