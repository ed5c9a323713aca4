"""Metrics for Prometheus: those that every process has, and who may read them."""

import hmac
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from observability.room import free_bytes

PATH = "/metrics"
CONTENT_TYPE = CONTENT_TYPE_LATEST
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Limits of the buckets of durations."""

_WAITING = Gauge("digispor_waiting", "How many wait in a queue", ["queue"])
_OLDEST = Gauge(
    "digispor_waiting_oldest_seconds", "How long the one that waits longest has waited", ["queue"]
)
_FREE = Gauge("digispor_disk_free_bytes", "Room on the disk of the data folder")
_WORKED = Gauge(
    "digispor_worker_last_success_timestamp_seconds",
    "When a background worker last ended a round well",
    ["worker"],
)


@dataclass(frozen=True)
class Queue:
    """A queue as it is now.

    Attributes:
        name: Which one.
        waiting: How many wait in it.
        oldest_seconds: How long the first has waited; 0 when none waits.
    """

    name: str
    waiting: int
    oldest_seconds: float = 0.0


def may_read(authorization: str | None, token: str) -> bool:
    """Tells whether a scrape shows the token; without a token nobody may."""
    shown = (authorization or "").encode(errors="surrogateescape")
    return bool(token) and hmac.compare_digest(shown, f"Bearer {token}".encode())


def expect(*workers: str) -> None:
    """Lets it be seen too that a background worker has not ended a single round since the process began."""
    for worker in workers:
        _WORKED.labels(worker)


def worked(worker: str) -> None:
    """Notes that a background worker has ended a round well."""
    _WORKED.labels(worker).set(time.time())


def exposition(queues: Iterable[Queue], data_folder: Path) -> bytes:
    """Everything this process counts, as Prometheus reads it. A queue that cannot be read is left out."""
    _WAITING.clear()
    _OLDEST.clear()
    for queue in queues:
        _WAITING.labels(queue.name).set(queue.waiting)
        _OLDEST.labels(queue.name).set(max(0.0, queue.oldest_seconds))
    _FREE.set(free_bytes(data_folder))
    return generate_latest()
