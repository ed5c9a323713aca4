"""What the databases hold of a conversation when everything has come to rest."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from benchmarks.house import House


@dataclass(frozen=True)
class Change:
    """Something that happened to a booking.

    Attributes:
        kind: What, in the words of the backend.
        starts_at: When the meeting is, afterwards.
        at: When it happened.
    """

    kind: str
    starts_at: datetime
    at: float


@dataclass(frozen=True)
class Stored:
    """What is stored of a conversation.

    Attributes:
        answers: The answers that count, in order; None for one that was passed over.
        changes: What happened to its bookings, in order.
        writes: When each write began that was carried out, by the id of the message and the operation.
        heard: The ids of the messages in Rasa's tracker.
        transcript: The ids of the citizen's messages in the transcript.
        disputed: Whether a disagreement is stored.
        occupation: The job that is stored.
        track: The track of the latest proposal.
        standing: How many meetings stand.
        named: How many meetings tell whose they are.
    """

    answers: tuple[int | None, ...] = ()
    changes: tuple[Change, ...] = ()
    writes: Mapping[tuple[str, str], float] = field(default_factory=dict)
    heard: tuple[str, ...] = ()
    transcript: tuple[str, ...] = ()
    disputed: bool = False
    occupation: str | None = None
    track: str | None = None
    standing: int = 0
    named: int = 0


@dataclass(frozen=True)
class Archive:
    """Everything that is stored.

    Attributes:
        of: By conversation.
        taken_twice: Slots at which more than one meeting stands, and citizens with more than one.
        waiting: What has not arrived where it belongs, by place.
    """

    of: dict[str, Stored] = field(default_factory=dict)
    taken_twice: tuple[str, ...] = ()
    waiting: dict[str, int] = field(default_factory=dict)


_CITIZENS = "SELECT id, conversation_id, wished_occupation FROM citizens"
_ANSWERS = (
    "SELECT s.citizen_id, a.response FROM assessment_answers a JOIN assessments s ON s.id = a.assessment_id "
    "WHERE a.withdrawn_at IS NULL ORDER BY s.created_at, a.sequence"
)
_CHANGES = (
    "SELECT b.citizen_id, k.kind, k.at, s.starts_at FROM booking_changes k "
    "JOIN bookings b ON b.id = k.booking_id JOIN slots s ON s.id = k.slot_id ORDER BY b.rowid, k.version"
)
# An empty number is stored as it is, any other is sealed.
_BOOKINGS = "SELECT citizen_id, status = 'booked' AS stands, citizen_phone != '' AS is_named FROM bookings"
_PLACEMENTS = "SELECT citizen_id, track, disputed FROM placements ORDER BY created_at"
_WRITES = "SELECT key, created_at FROM idempotency_keys WHERE status < 300"
_TURNS = (
    "SELECT conversation_id, message_id FROM conversation_turns WHERE speaker = 'citizen' ORDER BY position"
)
_TWICE = (
    "SELECT 'slot ' || slot_id FROM bookings WHERE status = 'booked' GROUP BY slot_id HAVING COUNT(*) > 1 "
    "UNION SELECT 'citizen ' || citizen_id FROM bookings WHERE status = 'booked' "
    "GROUP BY citizen_id HAVING COUNT(*) > 1"
)
_ERASURES = "SELECT COUNT(*) AS n FROM erasures WHERE request_id IS NOT NULL AND told_at IS NULL"
_HEARD = (
    "SELECT sender_id, json_extract(data, '$.message_id') AS message_id FROM events "
    "WHERE type_name = 'user' ORDER BY id"
)


def read(house: House) -> Archive:
    """Reads the databases of a house."""
    backend, rasa = house.folder / "digispor.db", house.folder / "rasa.db"
    citizens = _rows(backend, _CITIZENS)
    answers = _grouped(_rows(backend, _ANSWERS), "citizen_id")
    changes = _grouped(_rows(backend, _CHANGES), "citizen_id")
    bookings = _grouped(_rows(backend, _BOOKINGS), "citizen_id")
    placements = _grouped(_rows(backend, _PLACEMENTS), "citizen_id")
    turns = _grouped(_rows(backend, _TURNS), "conversation_id")
    heard = _grouped(_rows(rasa, _HEARD), "sender_id")
    writes: dict[str, dict[tuple[str, str], float]] = {}
    for row in _rows(backend, _WRITES):
        conversation, message, operation = (*row["key"].split(":", 2), "", "")[:3]
        began_at = _moment(row["created_at"]).timestamp()
        writes.setdefault(conversation, {})[message, operation] = began_at
    by_conversation = {citizen["conversation_id"]: citizen for citizen in citizens}
    of = {}
    for conversation in {*by_conversation, *heard, *turns}:
        citizen = by_conversation.get(conversation, {})
        id = citizen.get("id")
        proposed = placements.get(id, [])
        of[conversation] = Stored(
            answers=tuple(row["response"] for row in answers.get(id, [])),
            changes=tuple(
                Change(row["kind"], _moment(row["starts_at"]), _moment(row["at"]).timestamp())
                for row in changes.get(id, [])
            ),
            writes=writes.get(conversation, {}),
            heard=tuple(row["message_id"] for row in heard.get(conversation, [])),
            transcript=tuple(row["message_id"] for row in turns.get(conversation, [])),
            disputed=any(row["disputed"] for row in proposed),
            occupation=citizen.get("wished_occupation"),
            track=proposed[-1]["track"] if proposed else None,
            standing=sum(row["stands"] for row in bookings.get(id, [])),
            named=sum(row["is_named"] for row in bookings.get(id, [])),
        )
    taken_twice = tuple(next(iter(row.values())) for row in _rows(backend, _TWICE))
    return Archive(of, taken_twice, waiting(house))


def waiting(house: House) -> dict[str, int]:
    """Counts what is on its way: events to the backend, cancellations in the outbox, erasures."""
    [spool] = _rows(house.folder / "events.db", "SELECT COUNT(*) AS n FROM pending")
    [refused] = _rows(house.folder / "events.db", "SELECT COUNT(*) AS n FROM set_aside")
    [erasures] = _rows(house.folder / "digispor.db", _ERASURES)
    outbox = len(list((house.folder / "outbox").glob("*.json")))
    return {
        "spool": int(spool["n"]),
        "refused": int(refused["n"]),
        "outbox": outbox,
        "erasures": int(erasures["n"]),
    }


def _rows(path: Path, query: str) -> list[dict[str, Any]]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query)]


def _grouped(rows: list[dict[str, Any]], column: str) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def _moment(stored: str) -> datetime:
    moment = datetime.fromisoformat(stored)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
