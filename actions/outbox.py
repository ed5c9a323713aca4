"""A durable queue for words to the staff that could not be delivered when they were said.

A cancellation that meets a dead backend must still reach the municipality. It is written to a file before the
citizen is answered and sent again with the same idempotency key until the backend has taken it or refused it.
One file a request, written whole or not at all, so a crash in the middle loses nothing.
"""

import asyncio
import contextlib
import json
import logging
import os
import time
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from actions.backend_client import BackendClient, backend
from actions.backend_requests import BackendRefused, BackendUnavailable
from actions.settings import ActionSettings
from observability.correlation import correlated, current
from observability.metrics import Queue, worked

RETRY_SECONDS = 15.0
# A meeting that is over may have been marked meanwhile, by which the booking got another version.
_TOO_LATE = frozenset({"notice-period-passed", "version-conflict"})

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class OutboxRequest:
    """A write to repeat. `path` is below /api/v1; `key` is the key of the first attempt."""

    path: str
    body: dict[str, Any]
    key: str
    correlation_id: str = field(default_factory=current)
    """Of the message that caused it."""
    said_at: str | None = None
    """When the citizen said it, where that is told only if it has become too late."""

    @classmethod
    def cancellation(cls, booking_id: str, version: int, reason: str, key: str) -> "OutboxRequest":
        """A cancellation; its version lets the backend refuse it once the booking has been changed."""
        body = {"version": version, "reason": reason}
        return cls(f"/bookings/{booking_id}/cancel", body, key, said_at=_now())

    @classmethod
    def absence(cls, booking_id: str, version: int, reason: str, key: str) -> "OutboxRequest":
        """An "afbud" after the notice period; it counts from now, so it is another request than the first."""
        body = {"version": version, "reason": reason, "said_at": _now()}
        return cls(f"/bookings/{booking_id}/absence", body, f"{key}:absence")

    @classmethod
    def flag(cls, conversation_id: str, kind: str, key: str) -> "OutboxRequest":
        """A mark on the conversation for the staff."""
        return cls(f"/conversations/{conversation_id}/flags", {"kind": kind}, key)

    @classmethod
    def handover(cls, conversation_id: str, reason: str, asked_at: str, key: str) -> "OutboxRequest":
        """A wish for a person; its time gives the citizen their place in the queue."""
        body = {"reason": reason, "asked_at": asked_at}
        return cls(f"/conversations/{conversation_id}/handover", body, key)

    @classmethod
    def stop(cls, conversation_id: str, said_at: str, key: str) -> "OutboxRequest":
        """A wish not to be written to; its time lets a newer wish stand."""
        body = {"wanted": False, "said_at": said_at}
        return cls(f"/conversations/{conversation_id}/contact-wish", body, key)

    def is_about_a_booking_of(self, conversation_id: str) -> bool:
        """Tells whether a conversation asked for this, and of a booking; keys begin with who asked."""
        return self.path.startswith("/bookings/") and self.key.startswith(f"{conversation_id}:")

    def too_late_for_cancelling(self) -> "OutboxRequest | None":
        """Gives the "afbud" that a cancellation becomes when its time ran out while it waited."""
        booking, separator, _ = self.path.rpartition("/cancel")
        body = {**self.body, "said_at": self.said_at} if self.said_at else self.body
        return OutboxRequest(f"{booking}/absence", body, f"{self.key}:absence") if separator else None


class Outbox:
    """Requests on disk, oldest first.

    Args:
        folder: Where the files lie; made when missing.
        client: The backend they go to.
    """

    def __init__(self, folder: Path, client: BackendClient) -> None:
        self._folder = folder
        self._client = client
        # One at a time, so that whoever has waited for a request knows what became of it.
        self._sending = asyncio.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    async def keep(self, request: OutboxRequest) -> None:
        """Stores a request; returns when it is on disk.

        Raises:
            OSError: It could not be written; the citizen must then not be told that it is kept.
        """
        await asyncio.to_thread(self._write, request)

    async def deliver(self) -> int:
        """Tries every stored request once and gives how many were delivered."""
        delivered = 0
        for file, request in self._waiting():
            try:
                delivered += await self._send(file, request)
            except BackendUnavailable:
                continue
        return delivered

    async def settle(self, conversation_id: str) -> None:
        """Delivers what a conversation has asked about its bookings, so that what is read next is true to it.

        Raises:
            BackendUnavailable: Something still waits, and nobody knows whether an earlier try got through.
        """
        for file, request in self._waiting():
            if request.is_about_a_booking_of(conversation_id):
                try:
                    await self._send(file, request)
                except BackendUnavailable as error:
                    raise BackendUnavailable(str(error), outcome_unknown=True) from error

    def queue(self, now: float) -> Queue:
        """What waits to be delivered; a file's name begins with when it was written."""
        written = sorted(int(file.name.partition("-")[0]) / 1e9 for file in self._folder.glob("*.json"))
        return Queue("outbox", len(written), now - written[0] if written else 0.0)

    def is_writable(self) -> bool:
        """Tells whether a request could be kept."""
        return os.access(self._folder, os.W_OK)

    def _waiting(self) -> list[tuple[Path, OutboxRequest]]:
        waiting = []
        for file in sorted(self._folder.glob("*.json")):
            # One that is erased with its conversation, by another process, does not wait any more.
            with contextlib.suppress(FileNotFoundError):
                waiting.append((file, OutboxRequest(**json.loads(file.read_text(encoding="utf-8")))))
        return waiting

    async def _send(self, file: Path, request: OutboxRequest) -> bool:
        """Sends a request, unless it has been sent meanwhile; tells whether the backend took it now."""
        async with self._sending:
            if not self._still_waits(file):
                return False
            try:
                with correlated(request.correlation_id):
                    await self._deliver_one(request)
                taken = True
            except BackendRefused as refusal:
                # The booking was changed or cancelled in the meantime: the newer word stands.
                logger.warning("Outbox: %s was refused (%s)", request.path, refusal.slug)
                taken = False
            self._forget(file)
        return taken

    @staticmethod
    def _still_waits(file: Path) -> bool:
        return file.exists()

    @staticmethod
    def _forget(file: Path) -> None:
        # At once rather than in a thread, so that no file goes while `_waiting` reads them.
        file.unlink(missing_ok=True)

    async def _deliver_one(self, request: OutboxRequest) -> None:
        try:
            await self._client.post(request.path, request.body, request.key)
        except BackendRefused as refusal:
            late = request.too_late_for_cancelling() if refusal.slug in _TOO_LATE else None
            if late is None:
                raise
            await self._client.post(late.path, late.body, late.key)

    async def deliver_forever(self) -> None:
        """Delivers at start and every RETRY_SECONDS; a failing round is logged and the next one comes."""
        while True:
            try:
                await self.deliver()
                worked("outbox")
            except Exception:
                logger.exception("Outbox: a round failed")
            await asyncio.sleep(RETRY_SECONDS)

    def _write(self, request: OutboxRequest) -> None:
        name = f"{time.time_ns():020d}-{sha256(request.key.encode()).hexdigest()[:16]}"
        temporary = self._folder / f"{name}.part"
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(asdict(request), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(self._folder / f"{name}.json")
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat()


@lru_cache(maxsize=1)
def outbox() -> Outbox:
    """Gives the process's outbox."""
    return Outbox(ActionSettings.from_environment().data_dir / "outbox", backend())
