"""One line for each step, and a sign of life while a long one runs."""

from __future__ import annotations

import sys
import threading
import time
from typing import Callable, TextIO

HEARTBEAT_SECONDS = 15


class Progress:
    """Prints each step when it is done, with its seconds; usable from several threads at once.

    On a terminal the running steps stand on one line that is renewed every second; elsewhere a line is
    printed every fifteen seconds, so that a log shows that something happens.
    """

    def __init__(self, out: TextIO = sys.stdout, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._live = out.isatty()
        self._lock = threading.Lock()
        self._running: dict[str, float] = {}
        self._ended = threading.Event()
        self._ticker: threading.Thread | None = None

    def __enter__(self) -> Progress:
        self._ticker = threading.Thread(target=self._tick, daemon=True)
        self._ticker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._ticker:
            self._ticker.join()
        with self._lock:
            self._clear_live_line()

    def step(self, title: str, work: Callable[[], str]) -> None:
        """Does the work and prints one line with what came of it.

        Args:
            title: What the step sets up, in Danish.
            work: Does it and returns in a few words what came of it.
        """
        started = self._clock()
        with self._lock:
            self._running[title] = started
        mark, outcome = "✗", "mislykkedes"
        try:
            outcome = work()
            mark = "✓"
        finally:
            with self._lock:
                del self._running[title]
                self._clear_live_line()
                self._print(f"{mark} {title}: {outcome} ({self._clock() - started:.0f} s)")

    def say(self, text: str) -> None:
        """Prints a line beside the steps."""
        with self._lock:
            self._clear_live_line()
            self._print(text)

    def show_running(self) -> None:
        """Shows which steps are running and for how long."""
        with self._lock:
            now = self._clock()
            steps = ", ".join(f"{title} ({now - since:.0f} s)" for title, since in self._running.items())
            if not steps:
                return
            if self._live:
                self._out.write(f"\r\033[K… {steps}")
                self._out.flush()
            else:
                self._print(f"… {steps}")

    def _tick(self) -> None:
        while not self._ended.wait(1 if self._live else HEARTBEAT_SECONDS):
            self.show_running()

    def _clear_live_line(self) -> None:
        if self._live:
            self._out.write("\r\033[K")
            self._out.flush()

    def _print(self, text: str) -> None:
        self._out.write(text + "\n")
        self._out.flush()
