"""Erases what the assistant itself has stored of a conversation. Doing it again does no harm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rasa.core.tracker_store import (
    AwaitableTrackerStore,
    FailSafeTrackerStore,
    InMemoryTrackerStore,
    SQLTrackerStore,
    TrackerStore,
)

from bot.channels.links import OneTimeLinks
from bot.channels.sms.store import SmsStore
from bot.events.spool import Spool


class NotErasable(Exception):
    """There is a store that nothing can be erased from; so nothing is said to be erased."""


@dataclass(frozen=True)
class Files:
    """The files beside the tracker store that hold something of conversations.

    Attributes:
        spool: Events on their way to the backend.
        sms: Messages by SMS; there when there has been SMS.
        links: One-time links into conversations.
        outbox: Folder with what the actions could not deliver.
    """

    spool: Path
    sms: Path
    links: Path
    outbox: Path

    def erase(self, conversation_id: str) -> None:
        """Erases a conversation from all of them.

        Raises:
            OSError: A file cannot be reached; something may be left.
            sqlite3.Error: The same.
        """
        self._erase_from_outbox(conversation_id)
        if self.sms.exists():
            sms = SmsStore(self.sms)
            sms.erase(conversation_id)
            sms.close()
        links = OneTimeLinks(self.links)
        links.erase(conversation_id)
        links.close()
        spool = Spool(self.spool)
        spool.erase(conversation_id)
        spool.close()

    def times(self) -> Iterator[tuple[str, float]]:
        """When something last happened in conversations, by each file that holds something of them.

        What is in the outbox was said in a turn, which is in the tracker store.

        Raises:
            OSError: A file cannot be reached.
            sqlite3.Error: The same.
        """
        if self.sms.exists():
            with closing(SmsStore(self.sms)) as sms:
                yield from sms.times()
        with closing(OneTimeLinks(self.links)) as links:
            yield from links.times()
        with closing(Spool(self.spool)) as spool:
            yield from spool.times()

    def _erase_from_outbox(self, conversation_id: str) -> None:
        for file in self.outbox.glob("*.json"):
            try:
                request = json.loads(file.read_text(encoding="utf-8"))
            except FileNotFoundError:
                # Delivered at this moment.
                continue
            if str(request.get("key", "")).startswith(f"{conversation_id}:"):
                file.unlink(missing_ok=True)


def erase_tracker(store: TrackerStore, conversation_id: str) -> None:
    """Erases a conversation from Rasa's tracker store; its lock must be held.

    Raises:
        NotErasable: The store is of a kind that this cannot erase from.
    """
    for inner in stores_within(store):
        if isinstance(inner, SQLTrackerStore):
            _erase_rows(inner, conversation_id)
        elif isinstance(inner, InMemoryTrackerStore):
            inner.store.pop(conversation_id, None)
        else:
            raise NotErasable(type(inner).__name__)


def stores_within(store: TrackerStore) -> Iterator[TrackerStore]:
    """The stores that conversations are kept in, without what Rasa wraps around them."""
    if isinstance(store, AwaitableTrackerStore):
        yield from stores_within(store._tracker_store)
    elif isinstance(store, FailSafeTrackerStore):
        yield from stores_within(store._tracker_store)
        # Where conversations are kept while the store fails.
        yield from stores_within(store.fallback_tracker_store)
    else:
        yield store


def _erase_rows(store: SQLTrackerStore, conversation_id: str) -> None:
    is_sqlite = store.engine.dialect.name == "sqlite"
    with store.session_scope() as session:
        if is_sqlite:
            session.connection().exec_driver_sql("PRAGMA secure_delete = ON")
        session.query(store.SQLEvent).filter_by(sender_id=conversation_id).delete()
        session.commit()
    # Neither statement can be part of a transaction.
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM" if is_sqlite else "VACUUM events")
