"""Files of the assistant's own: SQLite databases that are nobody else's business, and who may work on one."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from pathlib import Path


def open_database(path: Path, prepare: str) -> sqlite3.Connection:
    """Opens a database that only its owner may read, creating it where it is missing.

    Args:
        path: The file; SQLite gives its side files the same rights.
        prepare: Statements that make what is not there yet.

    Raises:
        OSError: The file cannot be created or written to.
        sqlite3.Error: The file is not such a database.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    if not os.access(path, os.W_OK, effective_ids=True):
        # SQLite would open it to be read alone without a word, and keep to that when it can be written again.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    connection = sqlite3.connect(path)
    connection.executescript(prepare)
    return connection


def forget_traces(connection: sqlite3.Connection) -> None:
    """Leaves nothing of deleted rows in a database's files.

    Raises:
        sqlite3.Error: Another process is in the way; it can be tried again.
    """
    connection.execute("VACUUM")
    [(is_busy, _, _)] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if is_busy:
        raise sqlite3.OperationalError("the write-ahead log is in use")


class Claim:
    """Says which one, of all processes, may empty a database."""

    def __init__(self, database: Path) -> None:
        """Prepares a claim on the work in a database; it is not made yet."""
        self._file = database.with_name(f"{database.name}-claim").open("w")

    def take(self) -> bool:
        """Makes the claim, or tells that another holds it."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Gives the claim up for good."""
        self._file.close()
