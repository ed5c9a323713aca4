"""Which writes have been sent to the backend, on disk before they are sent.

A turn that was cut off when Rasa died is taken again from the start. Its write may have been carried out the
first time, so if the backend is away the second time, nobody knows, and the citizen must not be told that
nothing was done.
"""

import logging
import sqlite3
import time
from hashlib import sha256
from pathlib import Path

logger = logging.getLogger(__name__)

KEEP_SECONDS = 2 * 24 * 3600.0
"""How long an attempt is remembered. Clients and SMS providers repeat a message for a day."""

_PREPARE = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS attempts (key TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
"""


class Attempts:
    """The keys of writes that may have been carried out.

    Only their hashes are kept, so there is nothing of anybody's in the file.

    Args:
        file: Where they are kept; made when missing.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None

    def begin(self, key: str) -> bool:
        """Notes that a write is being sent; tells whether it may have been carried out before.

        Where it cannot be noted, nobody will know later, so it is told to be so at once.
        """
        try:
            with self._opened() as connection:
                added = connection.execute(
                    "INSERT OR IGNORE INTO attempts VALUES (?, ?)", (_hidden(key), time.time())
                )
        except (sqlite3.Error, OSError):
            logger.exception("An attempt could not be noted.")
            self._close()
            return True
        return added.rowcount == 0

    def forget(self, key: str) -> None:
        """Notes that a write was not carried out."""
        try:
            with self._opened() as connection:
                connection.execute("DELETE FROM attempts WHERE key = ?", (_hidden(key),))
        except (sqlite3.Error, OSError):
            logger.exception("An attempt could not be forgotten.")
            self._close()

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._file)
            self._connection.executescript(_PREPARE)
            with self._connection:
                self._connection.execute("DELETE FROM attempts WHERE at < ?", (time.time() - KEEP_SECONDS,))
        return self._connection

    def _close(self) -> None:
        """Opens it anew the next time: one that was opened on a full or read-only disk stays of no use."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _hidden(key: str) -> str:
    return sha256(key.encode()).hexdigest()
