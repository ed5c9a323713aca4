"""Keeps what the three processes said, a file a day, for as long as it must be possible to look back."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import BinaryIO

MOST_BYTES = 100 * 1024 * 1024
"""A file that has grown larger is set aside before the day is over."""


class LogFile:
    """The log that is written now, and those that are set aside beside it.

    Args:
        path: The log that is written now.
        keep_days: How long the others are kept.
        now: When it is begun.
    """

    def __init__(self, path: Path, keep_days: int, now: datetime) -> None:
        self._path = path
        self._keep = timedelta(days=keep_days)
        self._begun = now

    def open(self) -> BinaryIO:
        """Opens it to be written anew; what an earlier run has said is set aside."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._path.exists() and self._path.stat().st_size:
            os.replace(self._path, self._aside(self._last_written()))
        self._forget_old(self._begun)
        # Always at the end, also when that has become the beginning again.
        return self._path.open("ab")

    def turn(self, now: datetime) -> None:
        """Sets aside what was said on an earlier day, or is much for one file, and forgets what is too old.

        The processes write on into the same file, which cannot be moved under them. What they say between the
        copy and the cut is lost: at most some lines a day.

        Raises:
            OSError: The disk is full, or somebody has taken the file away. Nothing that was said is lost.
        """
        size = self._path.stat().st_size
        if size and (now.date() != self._begun.date() or size > MOST_BYTES):
            aside = self._aside(now)
            try:
                shutil.copy2(self._path, aside)
            except OSError:
                aside.unlink(missing_ok=True)
                raise
            os.truncate(self._path, 0)
            self._begun = now
        self._forget_old(now)

    def _last_written(self) -> datetime:
        return datetime.fromtimestamp(self._path.stat().st_mtime, timezone.utc)

    def _aside(self, moment: datetime) -> Path:
        return self._path.with_name(f"{self._path.stem}-{moment:%Y%m%dT%H%M%S.%fZ}{self._path.suffix}")

    def _forget_old(self, now: datetime) -> None:
        for path in self._path.parent.glob(f"{self._path.stem}-*{self._path.suffix}"):
            if datetime.fromtimestamp(path.stat().st_mtime, timezone.utc) < now - self._keep:
                path.unlink()
