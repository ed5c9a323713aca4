"""Makes a repeated write harmless: its answer is kept with what it wrote, in the same transaction."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, Sealed, insert_if_absent
from backend.problems import IdempotencyKeyReused
from observability.correlation import current

MAX_KEY_LENGTH = 200


class StoredAnswer(Base):
    """The answer that a write gave; a row without status belongs to a request still under way."""

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(String(MAX_KEY_LENGTH), primary_key=True)
    request: Mapped[str] = mapped_column(Sealed("idempotency_keys.request"))
    """The fingerprint. It is sealed, because whoever knows all but a number of a request can count through
    the numbers."""
    status: Mapped[int | None]
    body: Mapped[str | None] = mapped_column(Sealed("idempotency_keys.body"))
    about: Mapped[str | None] = mapped_column(Text)
    """The ids in the answer, by which what is about a citizen is found and erased."""
    created_at: Mapped[datetime] = mapped_column(index=True)
    correlation_id: Mapped[str | None] = mapped_column(String(36))
    """Under which the write stands in the logs of every process, and the message that caused it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of an answer that was given."""

    status: int
    body: str


def fingerprint(method: str, path: str, body: bytes) -> str:
    """What identifies a request: the same key with another fingerprint is a mistake of the caller."""
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).hexdigest()


async def claim(session: AsyncSession, key: str, request: str, now: datetime) -> Answer | None:
    """Takes the key for this request, or gives the answer that it already got.

    The row is inserted first, so that of two concurrent requests the later waits for the earlier: on SQLite
    for the write lock, on PostgreSQL for the row.

    Raises:
        IdempotencyKeyReused: The key belongs to another request.
    """
    row = {"key": key, "request": request, "created_at": now, "correlation_id": current() or None}
    if await insert_if_absent(session, StoredAnswer, row):
        return None
    stored = await session.scalar(select(StoredAnswer).where(StoredAnswer.key == key))
    if stored is None or stored.request != request or stored.status is None or stored.body is None:
        raise IdempotencyKeyReused
    return Answer(stored.status, stored.body)


async def keep(session: AsyncSession, key: str, answer: Answer) -> None:
    """Keeps the answer under a claimed key."""
    kept = {"status": answer.status, "body": answer.body, "about": " ".join(ids_in(answer.body))}
    await session.execute(update(StoredAnswer).where(StoredAnswer.key == key).values(kept))


def ids_in(body: str) -> list[str]:
    """The ids of what an answer is about: its own, and all that it names."""
    found: set[str] = set()

    def note(told: dict[str, Any]) -> dict[str, Any]:
        ids = (value for name, value in told.items() if name == "id" or name.endswith("_id"))
        found.update(value for value in ids if isinstance(value, str))
        return told

    if body:
        json.loads(body, object_hook=note)
    return sorted(found)
