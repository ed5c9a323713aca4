"""Every message in and out, on disk before anything else happens: a file that a crash cannot empty.

A provider counts a message as delivered once it has our answer, so the answer waits for the disk. What is
said stands here only until it has been answered or sent; after that only ids and states are left, by which a
repeat is known and staff can see whether a message arrived.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

from bot.channels.sms.messages import Delivery, Incoming, Outgoing, State
from bot.storage import Claim, forget_traces, open_database
from observability.metrics import Queue

KEEP_IDS_SECONDS = 30 * 24 * 3600.0
"""How long an id is remembered. Providers repeat a message for a day."""

# "full" waits for the disk, so that a power cut takes nothing that a provider was told we have.
_PREPARE = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS incoming (
    position INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL, text TEXT NOT NULL, sent_at REAL NOT NULL, received_at REAL NOT NULL,
    response TEXT NOT NULL, is_silent INTEGER NOT NULL, waits INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS incoming_waiting ON incoming (conversation_id, sent_at, position) WHERE waits;
CREATE INDEX IF NOT EXISTS incoming_times ON incoming (conversation_id, received_at);
CREATE TABLE IF NOT EXISTS outgoing (
    position INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL UNIQUE, conversation_id TEXT NOT NULL,
    text TEXT NOT NULL, parts INTEGER NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at REAL NOT NULL, changed_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS outgoing_unsent ON outgoing (conversation_id, position)
    WHERE state IN ('waiting', 'sending');
CREATE TABLE IF NOT EXISTS answers (
    reference TEXT PRIMARY KEY, message_id TEXT NOT NULL, answers INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS untold (
    position INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL, conversation_id TEXT NOT NULL,
    message_id TEXT NOT NULL, answers INTEGER NOT NULL, state TEXT NOT NULL, changed_at REAL NOT NULL
);
CREATE VIEW IF NOT EXISTS next_outgoing AS SELECT * FROM outgoing WHERE position IN (
    SELECT MIN(position) FROM outgoing WHERE state IN ('waiting', 'sending') GROUP BY conversation_id
);
"""


LONGEST_PAUSE_SECONDS = 300.0
"""Nothing is put off for longer; what seems to be was put off before the clock was set back, and is due."""


class SmsStore:
    """The messages on disk. Every method is one transaction."""

    def __init__(self, path: Path) -> None:
        """Opens the file, creating it where it is missing.

        Raises:
            OSError: The file cannot be created.
            sqlite3.Error: The file is not one of ours.
        """
        self._connection = open_database(path, _PREPARE)
        self._claim = Claim(path)

    def claim(self) -> bool:
        """Tells whether the holder may answer and send. Only one holder, of all processes, may at a time."""
        return self._claim.take()

    def close(self) -> None:
        """Closes the files and gives up the claim. What waits stays on disk."""
        self._connection.close()
        self._claim.release()

    # In

    def take_in(self, message: Incoming, *, waits: bool = True) -> bool:
        """Stores a message; tells whether it is new.

        Args:
            message: The message.
            waits: Whether it is to be answered. One that is not is only known by its id.
        """
        text = message.text if waits else ""
        with self._connection:
            cursor = self._connection.execute(
                "INSERT OR IGNORE INTO incoming"
                " (message_id, conversation_id, text, sent_at, received_at, response, is_silent, waits)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    message.id,
                    message.conversation_id,
                    text,
                    message.sent_at,
                    time.time(),
                    message.response,
                    message.is_silent,
                    waits,
                ),
            )
        return cursor.rowcount == 1

    def received_between(self, conversation_id: str, since: float, until: float) -> int:
        """Counts the messages of a conversation that came between two moments."""
        [(count,)] = self._connection.execute(
            "SELECT COUNT(*) FROM incoming WHERE conversation_id = ? AND received_at BETWEEN ? AND ?",
            (conversation_id, since, until),
        )
        return int(count)

    def conversations_waiting(self) -> list[str]:
        """The conversations that have something to be answered."""
        rows = self._connection.execute("SELECT DISTINCT conversation_id FROM incoming WHERE waits")
        return [conversation_id for (conversation_id,) in rows]

    def oldest_waiting(self, conversation_id: str, *, announcements: bool = True) -> Incoming | None:
        """The message of a conversation that is to be answered, or the announcement to be said, next."""
        row = self._connection.execute(
            "SELECT message_id, conversation_id, text, sent_at, response, is_silent, received_at"
            " FROM incoming WHERE conversation_id = ? AND waits AND (? OR response = '')"
            " ORDER BY sent_at, position LIMIT 1",
            (conversation_id, announcements),
        ).fetchone()
        return Incoming(*row) if row else None

    def answered(self, message: Incoming, answers: Sequence[tuple[str, int]]) -> None:
        """Puts the answers to a message, each with its number of parts, on their way; forgets what it said.

        Both or neither: a message is never answered twice, nor forgotten without its answer.
        """
        with self._connection:
            self._connection.execute(
                "UPDATE incoming SET waits = 0, text = '' WHERE message_id = ?", (message.id,)
            )
            for number, (text, parts) in enumerate(answers):
                reference = f"{message.id}-{number}"
                self._insert_outgoing(reference, message.conversation_id, text, parts)
                self._connection.execute(
                    "INSERT OR IGNORE INTO answers VALUES (?, ?, ?)", (reference, message.id, len(answers))
                )

    def say(self, reference: str, conversation_id: str, text: str, parts: int) -> bool:
        """Puts a message on its way that answers none; tells whether it is new."""
        with self._connection:
            return self._insert_outgoing(reference, conversation_id, text, parts)

    def _insert_outgoing(self, reference: str, conversation_id: str, text: str, parts: int) -> bool:
        now = time.time()
        cursor = self._connection.execute(
            "INSERT OR IGNORE INTO outgoing"
            " (reference, conversation_id, text, parts, state, next_attempt_at, changed_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (reference, conversation_id, text, parts, State.WAITING.value, 0, now),
        )
        return cursor.rowcount == 1

    # Out

    def conversations_to_send(self, now: float) -> list[str]:
        """The conversations that have a message whose time has come."""
        rows = self._connection.execute(
            "SELECT conversation_id FROM next_outgoing WHERE (next_attempt_at <= ? OR next_attempt_at > ?)",
            (now, now + LONGEST_PAUSE_SECONDS),
        )
        return [conversation_id for (conversation_id,) in rows]

    def next_to_send(self, conversation_id: str, now: float) -> Outgoing | None:
        """The message that a conversation waits for, if its time has come: one at a time, in order."""
        row = self._connection.execute(
            "SELECT reference, conversation_id, text, attempts FROM next_outgoing"
            " WHERE conversation_id = ? AND (next_attempt_at <= ? OR next_attempt_at > ?)",
            (conversation_id, now, now + LONGEST_PAUSE_SECONDS),
        ).fetchone()
        return Outgoing(*row) if row else None

    def has_unsent(self, conversation_id: str) -> bool:
        """Whether there is a message that nobody can have read yet: it was not handed over."""
        found = self._connection.execute(
            "SELECT 1 FROM outgoing WHERE conversation_id = ? AND state = ? LIMIT 1",
            (conversation_id, State.WAITING.value),
        )
        return found.fetchone() is not None

    def begin_attempt(self, reference: str, give_up_waiting_at: float) -> None:
        """Notes that a message is being sent, before it is.

        Args:
            reference: The message.
            give_up_waiting_at: When to send it again if nobody has heard how this attempt went.
        """
        self._change(reference, State.SENDING, attempt=True, next_attempt_at=give_up_waiting_at)

    def end_attempt(self, reference: str, state: State, next_attempt_at: float = 0) -> None:
        """Notes how an attempt went. A report that has come before stands."""
        self._change(reference, state, next_attempt_at=next_attempt_at)

    def report(self, reference: str, state: State) -> None:
        """Notes what the provider reports. What arrives late, after a final state, changes nothing."""
        self._change(reference, state)

    def state_of(self, reference: str) -> State | None:
        """Where a message is."""
        row = self._connection.execute(
            "SELECT state FROM outgoing WHERE reference = ?", (reference,)
        ).fetchone()
        return State(row[0]) if row else None

    def state_of_answers(self, message_id: str) -> State | None:
        """Where the answers to a message are, together: the one that is furthest behind, or a failure."""
        waits = self._connection.execute(
            "SELECT waits FROM incoming WHERE message_id = ?", (message_id,)
        ).fetchone()
        if waits is None:
            return None
        state = self.state_of_parts(message_id)
        if state is not State.FAILED and (waits[0] or state is None):
            return State.WAITING
        return state

    def state_of_parts(self, message_id: str) -> State | None:
        """Where the SMS of a message are, together: the one that is furthest behind, or a failure."""
        rows = self._connection.execute(
            "SELECT state FROM outgoing WHERE reference GLOB ? || '-[0-9]*'", (message_id,)
        )
        states = {State(state) for (state,) in rows}
        if not states:
            return None
        if State.FAILED in states:
            return State.FAILED
        if states & {State.WAITING, State.SENDING}:
            return State.WAITING
        return State.SENT if State.SENT in states else State.DELIVERED

    def untold(self, count: int) -> list[Delivery]:
        """What the backend has not been told of the answers, in the order it happened."""
        rows = self._connection.execute(
            "SELECT position, reference, conversation_id, message_id, answers, state, changed_at FROM untold"
            " ORDER BY position LIMIT ?",
            (count,),
        )
        return [
            Delivery(position, reference, conversation_id, message_id, answers, State(state), changed_at)
            for position, reference, conversation_id, message_id, answers, state, changed_at in rows
        ]

    def told(self, deliveries: Sequence[Delivery]) -> None:
        """Forgets what is on its way to the backend."""
        with self._connection:
            self._connection.executemany(
                "DELETE FROM untold WHERE position = ?", [(delivery.position,) for delivery in deliveries]
            )

    def queues(self, now: float) -> list[Queue]:
        """What waits to be answered, and what waits to be sent, with the age of the oldest."""
        [(incoming, came_at)] = self._connection.execute(
            "SELECT COUNT(*), MIN(received_at) FROM incoming WHERE waits"
        )
        [(outgoing, said_at)] = self._connection.execute(
            # Each attempt changes it; how long it has waited is told by what it answers.
            "SELECT COUNT(*), MIN(COALESCE(received_at, changed_at)) FROM outgoing"
            " LEFT JOIN answers USING (reference) LEFT JOIN incoming USING (message_id)"
            " WHERE state IN ('waiting', 'sending')"
        )
        return [
            Queue("sms_incoming", incoming, now - (came_at or now)),
            Queue("sms_outgoing", outgoing, now - (said_at or now)),
        ]

    def forget(self, now: float) -> None:
        """Forgets the ids of messages that are done with and older than `KEEP_IDS_SECONDS`."""
        before = now - KEEP_IDS_SECONDS
        with self._connection:
            self._connection.execute("DELETE FROM incoming WHERE NOT waits AND received_at < ?", (before,))
            self._connection.execute(
                "DELETE FROM outgoing WHERE state NOT IN ('waiting', 'sending') AND changed_at < ?", (before,)
            )
            self._connection.execute(
                "DELETE FROM answers WHERE reference NOT IN (SELECT reference FROM outgoing)"
            )

    def times(self) -> list[tuple[str, float]]:
        """When something last happened to messages, by conversation; never yet, where one is unanswered."""
        rows = self._connection.execute(
            "SELECT conversation_id, MAX(at) FROM"
            " (SELECT conversation_id, CASE WHEN waits THEN 9e999 ELSE received_at END AS at FROM incoming"
            " UNION ALL SELECT conversation_id, changed_at FROM outgoing"
            " UNION ALL SELECT conversation_id, changed_at FROM untold) GROUP BY conversation_id"
        )
        return rows.fetchall()

    def erase(self, conversation_id: str) -> None:
        """Forgets a conversation without a trace, except what the citizen wrote that waits for an answer.

        Ids of messages stay, as nobody's, so that one the provider sends again is not taken for a new one.

        Raises:
            sqlite3.Error: Something of it may be left; it can be tried again.
        """
        with self._connection:
            for table in ("untold", "outgoing"):
                self._connection.execute(
                    f"DELETE FROM {table} WHERE conversation_id = ?",  # noqa: S608
                    (conversation_id,),
                )
            self._connection.execute(
                "DELETE FROM answers WHERE reference NOT IN (SELECT reference FROM outgoing)"
            )
            self._connection.execute(
                "UPDATE incoming SET conversation_id = '', text = '' WHERE conversation_id = ? AND NOT waits",
                (conversation_id,),
            )
        forget_traces(self._connection)

    def forget_outgoing(self, reference: str) -> None:
        """Forgets that a message was ever sent."""
        with self._connection:
            self._connection.execute("DELETE FROM outgoing WHERE reference = ?", (reference,))

    def _change(
        self, reference: str, state: State, *, attempt: bool = False, next_attempt_at: float = 0
    ) -> None:
        keeps_text = state in (State.WAITING, State.SENDING)
        earlier = json.dumps([one.value for one in state.reached_from])
        with self._connection:
            changed = self._connection.execute(
                "UPDATE outgoing SET state = ?, attempts = attempts + ?, next_attempt_at = ?, changed_at = ?,"
                " text = CASE WHEN ? THEN text ELSE '' END"
                " WHERE reference = ? AND state IN (SELECT value FROM json_each(?))",
                (state.value, attempt, next_attempt_at, time.time(), keeps_text, reference, earlier),
            )
            if changed.rowcount and not keeps_text:
                self._connection.execute(
                    "INSERT INTO untold"
                    " (reference, conversation_id, message_id, answers, state, changed_at)"
                    " SELECT reference, conversation_id, message_id, answers, state, changed_at"
                    " FROM outgoing JOIN answers USING (reference) WHERE reference = ?",
                    (reference,),
                )
