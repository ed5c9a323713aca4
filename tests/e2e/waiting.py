"""Waits for what the house does by itself."""

import time
from collections.abc import Callable

from benchmarks.sms_citizen import PATIENCE_SECONDS


def wait_until(condition: Callable[[], bool]) -> None:
    """Looks again and again whether something is so.

    Raises:
        AssertionError: It never was.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)
