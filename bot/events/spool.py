"""A queue on disk for events that the backend has not yet acknowledged."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.storage import Claim, forget_traces, open_database
from observability.metrics import Queue

# WAL with "normal" survives a killed process; only a power cut can cost the last moments. "full" would wait
# for the disk at each of the ten or so events of a turn.
_PREPARE = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS pending (
    position INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS set_aside (
    event_id TEXT PRIMARY KEY, body TEXT NOT NULL, reason TEXT NOT NULL, set_aside_at REAL NOT NULL
);
"""


@dataclass(frozen=True)
class SpooledEvent:
    """An event as it will be sent.

    Attributes:
        event_id: The same for the same event, however often it is published, and for what is said again when
            a turn is taken again.
        body: JSON with event_id, conversation_id and the event.
    """

    event_id: str
    body: str

    @classmethod
    def of(cls, event: dict[str, Any], identity: object = None) -> SpooledEvent:
        """Wraps an event as Rasa publishes it, with the conversation's id under `sender_id`.

        Args:
            event: The event.
            identity: What makes it the same as another, where that is not all of it.
        """
        canonical = _canonical(event)
        event_id = hashlib.sha256(_canonical(identity or event).encode()).hexdigest()
        conversation = json.dumps(event["sender_id"])
        body = f'{{"event_id":"{event_id}","conversation_id":{conversation},"event":{canonical}}}'
        return cls(event_id, body)


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


@dataclass(frozen=True)
class RefusedEvent:
    """An event that the backend would not take.

    Attributes:
        event: The event.
        reason: Why, as the backend answered.
        at: When it was set aside, in seconds since 1970.
    """

    event: SpooledEvent
    reason: str
    at: float


class Spool:
    """Keeps events in the order they were published until they are removed or set aside."""

    def __init__(self, path: Path) -> None:
        """Opens the spool, creating it where it is missing.

        Raises:
            OSError: The file cannot be created.
            sqlite3.Error: The file is not a spool.
        """
        self._connection = open_database(path, _PREPARE)
        self._claim = Claim(path)

    def claim(self) -> bool:
        """Tells whether the holder may empty the spool. Only one holder, of all processes, may at a time.

        Rasa opens a second spool, and never closes the first, when it is given a new model.
        """
        return self._claim.take()

    def append(self, events: Iterable[SpooledEvent]) -> None:
        """Adds events at the end, all or none. One that is already waiting is not added again."""
        rows = [(event.event_id, event.body) for event in events]
        with self._connection:
            self._connection.executemany("INSERT OR IGNORE INTO pending (event_id, body) VALUES (?, ?)", rows)

    def try_to_write(self) -> None:
        """Does what adding an event does, and adds none.

        Raises:
            sqlite3.Error: An event could not be kept now.
        """
        with self._connection:
            self._connection.execute("DELETE FROM pending WHERE position < 0")

    def oldest(self, count: int, max_characters: int) -> list[SpooledEvent]:
        """Gives the events that have waited longest; at least one, if any, whatever its length."""
        rows = self._connection.execute(
            "SELECT event_id, body FROM pending ORDER BY position LIMIT ?", (count,)
        )
        batch: list[SpooledEvent] = []
        characters = 0
        with contextlib.closing(rows):
            for event_id, body in rows:
                characters += len(body)
                if batch and characters > max_characters:
                    break
                batch.append(SpooledEvent(event_id, body))
        return batch

    def remove(self, events: Iterable[SpooledEvent]) -> None:
        """Forgets events that have arrived."""
        with self._connection:
            self._connection.executemany(
                "DELETE FROM pending WHERE event_id = ?", [(event.event_id,) for event in events]
            )

    def set_aside(self, event: SpooledEvent, reason: str) -> None:
        """Takes an event that cannot be delivered out of the queue, and keeps it for a person to look at."""
        with self._connection:
            # Out of the queue: one that was erased meanwhile is not there any more, and stays away.
            self._connection.execute(
                "INSERT OR REPLACE INTO set_aside"
                " SELECT event_id, body, ?, ? FROM pending WHERE event_id = ?",
                (reason, time.time(), event.event_id),
            )
            self._connection.execute("DELETE FROM pending WHERE event_id = ?", (event.event_id,))

    def count(self) -> int:
        """How many events are waiting."""
        [(count,)] = self._connection.execute("SELECT COUNT(*) FROM pending")
        return int(count)

    def queues(self, now: float) -> list[Queue]:
        """What waits to be delivered, and what is set aside for a person, with the age of the oldest."""
        oldest = self._connection.execute(
            "SELECT json_extract(body, '$.event.timestamp') FROM pending ORDER BY position LIMIT 1"
        ).fetchone()
        [(refused, refused_at)] = self._connection.execute(
            "SELECT COUNT(*), MIN(set_aside_at) FROM set_aside"
        )
        return [
            Queue("events", self.count(), now - oldest[0] if oldest else 0.0),
            Queue("events_refused", refused, now - (refused_at or now)),
        ]

    def refused(self) -> list[RefusedEvent]:
        """The events that are set aside, in the order they were."""
        rows = self._connection.execute(
            "SELECT event_id, body, reason, set_aside_at FROM set_aside ORDER BY set_aside_at, rowid"
        )
        return [RefusedEvent(SpooledEvent(event_id, body), reason, at) for event_id, body, reason, at in rows]

    def take_back(self, events: Iterable[SpooledEvent]) -> None:
        """Puts events that were set aside at the end of the queue, to be tried again."""
        taken = list(events)
        with self._connection:
            self._connection.executemany(
                "INSERT OR IGNORE INTO pending (event_id, body) VALUES (?, ?)",
                [(event.event_id, event.body) for event in taken],
            )
            self._connection.executemany(
                "DELETE FROM set_aside WHERE event_id = ?", [(event.event_id,) for event in taken]
            )

    def times(self) -> list[tuple[str, float]]:
        """When the last event happened of what waits or is set aside, by conversation.

        One without a time of its own counts from when it was set aside; it will be, if it waits.
        """
        rows = self._connection.execute(
            "SELECT json_extract(body, '$.conversation_id') AS conversation,"
            " MAX(COALESCE(json_extract(body, '$.event.timestamp'), at))"
            " FROM (SELECT body, 9e999 AS at FROM pending UNION ALL SELECT body, set_aside_at FROM set_aside)"
            " GROUP BY conversation"
        )
        return rows.fetchall()

    def erase(self, conversation_id: str) -> None:
        """Forgets what waits or is set aside of a conversation, without a trace.

        Raises:
            sqlite3.Error: Something of it may be left; it can be tried again.
        """
        with self._connection:
            for table in ("pending", "set_aside"):
                self._connection.execute(
                    f"DELETE FROM {table} WHERE json_extract(body, '$.conversation_id') = ?",  # noqa: S608
                    (conversation_id,),
                )
        forget_traces(self._connection)

    def close(self) -> None:
        """Closes the files and gives up the claim. What is waiting stays on disk."""
        self._connection.close()
        self._claim.release()
