"""How entries hold on to one another: what of an entry is signed, and how it is hashed."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from backend.settings import Settings

# What stands before the first entry.
BEGINNING = "0" * 64
_PURPOSE = b"digispor audit"
_ID_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Content:
    """What an entry says, and what stands before it.

    Attributes:
        position: Its number; entries are numbered from 1 without gaps.
        previous_hash: The hash of the entry before it.
        at: When it was noted.
        actor: The login of who did it.
        action: The name of the page or form.
        outcome: What came of it.
        conversation_id: The conversation it was about.
        listed: Ids of the conversations that a list showed something of.
        removed: Where the log was cut: the position of the newest entry that is gone.
        removed_hash: The hash of that entry.
        about: What else it was about, such as an account.
    """

    position: int
    previous_hash: str
    at: datetime
    actor: str
    action: str
    outcome: str
    conversation_id: str | None = None
    listed: Sequence[str] = ()
    removed: int | None = None
    removed_hash: str | None = None
    about: str | None = None

    def canonical(self) -> str:
        """The one way to write it: JSON on one line, in ASCII, with its names sorted."""
        said = asdict(self) | {"at": self.at.astimezone(UTC).isoformat(timespec="microseconds")}
        if self.about is None:
            # Entries from before there was such a field are written as they were hashed.
            del said["about"]
        return json.dumps(said, sort_keys=True, separators=(",", ":"))


def hash_of(content: Content, signature: str) -> str:
    """The hash of an entry. It needs no key, and holds on to the signature too."""
    return hashlib.sha256(f"{content.canonical()}\n{signature}".encode()).hexdigest()


class AuditKey:
    """Signs entries, with HMAC-SHA256 and a key that only this installation's backends have.

    It comes from the console's secret, so that there is no second secret to lose. The key's id stands before
    each signature and tells what another key has signed from what is forged.
    """

    def __init__(self, settings: Settings) -> None:
        secret = settings.console_secret.newest.encode()
        self._key = hmac.digest(secret, _PURPOSE, "sha256")
        self._id = hashlib.sha256(self._key).hexdigest()[:_ID_LENGTH]

    def sign(self, content: Content) -> str:
        """The signature of an entry."""
        return f"{self._id}.{hmac.digest(self._key, content.canonical().encode(), 'sha256').hex()}"

    def is_named_in(self, signature: str) -> bool:
        """Whether a signature says that it was made with this key."""
        return signature.startswith(f"{self._id}.")

    def has_signed(self, content: Content, signature: str) -> bool:
        """Whether a signature was made with this key, for this entry."""
        return hmac.compare_digest(self.sign(content).encode(), signature.encode())
