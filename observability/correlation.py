"""One id for everything that a citizen's message sets off, from the channel to the database.

The widget and the SMS channel draw an id for each message; that id is taken as it is. From any other id
one is made. Between processes it goes as a header, and in Rasa as a note beside the message.
"""

import hashlib
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HEADER = "X-Correlation-Id"
METADATA = "correlation_id"
"""What the id is called beside a message, and in a log line."""

# Drawn by lot and of one length: it holds nothing of anybody's, and nothing that could forge a log line.
_ID = re.compile(r"(?:w-|sms\.)?[0-9a-f]{32}")
_current: ContextVar[str] = ContextVar("correlation_id", default="")


def new_id() -> str:
    """Gives an id for what no message has set off."""
    return uuid.uuid4().hex


def id_of(message_id: str | None) -> str:
    """Gives the id that belongs to a message; the same each time the same message comes."""
    if not message_id:
        return new_id()
    return valid(message_id) or hashlib.sha256(message_id.encode()).hexdigest()[:32]


def valid(value: object) -> str:
    """Gives the value if it is an id of ours, else nothing."""
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def current() -> str:
    """Gives the id of what is under way; "" where there is none."""
    return _current.get()


@contextmanager
def correlated(correlation_id: str) -> Iterator[None]:
    """Lets what happens within, also in tasks begun there, go under an id."""
    token = _current.set(correlation_id)
    try:
        yield
    finally:
        _current.reset(token)


def take(value: object) -> None:
    """Goes on under an id that another process sent, or under none if it is none of ours."""
    _current.set(valid(value))


def headers() -> dict[str, str]:
    """Gives what tells another process the id of what is under way."""
    return {HEADER: current()} if current() else {}
