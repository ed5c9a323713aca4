"""Links that carry a conversation from one channel to another, each for one use."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from bot.storage import forget_traces, open_database

LIFETIME_SECONDS = 24 * 3600.0
# Whose connection broke before the answer came may ask again; a link that was passed on comes later.
AGAIN_SECONDS = 60.0
# 96 bits, 16 characters: short enough to be typed from a phone, too many to be guessed.
_CODE_BYTES = 12

_PREPARE = """
PRAGMA journal_mode = WAL;
PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS links (
    code_hash TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, expires_at REAL NOT NULL, used_at REAL
);
"""


class OneTimeLinks:
    """The codes in the links, kept as hashes: who reads the file can follow none of them."""

    def __init__(self, path: Path) -> None:
        """Opens the file, creating it where it is missing.

        Raises:
            OSError: The file cannot be created.
            sqlite3.Error: The file is not one of ours.
        """
        self._connection = open_database(path, _PREPARE)

    def issue(self, conversation_id: str, now: float) -> str:
        """Gives a new code that leads into a conversation for `LIFETIME_SECONDS`; older ones end."""
        code = secrets.token_urlsafe(_CODE_BYTES)
        with self._connection:
            self._connection.execute(
                "DELETE FROM links WHERE conversation_id = ? OR expires_at < ?", (conversation_id, now)
            )
            self._connection.execute(
                "INSERT INTO links VALUES (?, ?, ?, NULL)",
                (_hash(code), conversation_id, now + LIFETIME_SECONDS),
            )
        return code

    def redeem(self, code: object, now: float) -> str | None:
        """Gives the conversation that a code leads into, once; None for one that is used, old or not ours."""
        if not isinstance(code, str):
            return None
        with self._connection:
            row = self._connection.execute(
                "UPDATE links SET used_at = COALESCE(used_at, ?)"
                " WHERE code_hash = ? AND expires_at > ? AND (used_at IS NULL OR used_at > ?)"
                " RETURNING conversation_id",
                (now, _hash(code), now, now - AGAIN_SECONDS),
            ).fetchone()
        return str(row[0]) if row else None

    def times(self) -> list[tuple[str, float]]:
        """When the last code into each conversation ends or has ended."""
        rows = self._connection.execute(
            "SELECT conversation_id, MAX(expires_at) FROM links GROUP BY conversation_id"
        )
        return rows.fetchall()

    def erase(self, conversation_id: str) -> None:
        """Forgets the codes that lead into a conversation, without a trace.

        Raises:
            sqlite3.Error: Something of it may be left; it can be tried again.
        """
        with self._connection:
            self._connection.execute("DELETE FROM links WHERE conversation_id = ?", (conversation_id,))
        forget_traces(self._connection)

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode(errors="replace")).hexdigest()
