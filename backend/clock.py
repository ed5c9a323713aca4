"""Where the time comes from, so that tests can choose it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment, timezone aware, in UTC."""
    return datetime.now(UTC)
