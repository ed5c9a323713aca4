"""The messages that the store keeps, in and out, and how far those that go out have come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(str, Enum):
    """Where an outgoing message is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """Whether nothing more can happen to the message."""
        return self in (State.DELIVERED, State.FAILED)

    @property
    def reached_from(self) -> tuple[State, ...]:
        """The states that it comes from. What is sent again because nobody knew is sending once more."""
        return _REACHED_FROM[self]


_UNSENT = (State.WAITING, State.SENDING)
_REACHED_FROM = {
    State.WAITING: (State.SENDING,),
    State.SENDING: _UNSENT,
    State.SENT: _UNSENT,
    State.DELIVERED: (*_UNSENT, State.SENT),
    State.FAILED: (*_UNSENT, State.SENT),
}


@dataclass(frozen=True)
class Incoming:
    """What the assistant is to take up: a message from a citizen, or something to say to one.

    Attributes:
        id: The provider's id of it, by which a repeat is known.
        conversation_id: Whose it is.
        text: What they wrote, without identifiers. For something to say, its values in JSON.
        sent_at: When it was sent, in seconds since 1970, as the provider knows it.
        response: Name of the response to say; "" for a message.
        is_silent: Whether the message is taken up without an answer, because the provider has given one.
        received_at: When it came, in seconds since 1970 by our own clock; known once it is stored.
    """

    id: str
    conversation_id: str
    text: str
    sent_at: float
    response: str = ""
    is_silent: bool = False
    received_at: float = 0.0


@dataclass(frozen=True)
class Outgoing:
    """A message to a citizen.

    Attributes:
        reference: Our id of it, which comes back with the provider's reports.
        conversation_id: Whom it is for.
        text: What to send.
        attempts: How often it has been tried.
    """

    reference: str
    conversation_id: str
    text: str
    attempts: int = 0


@dataclass(frozen=True)
class Delivery:
    """How far an answer has come, which the backend has not been told yet.

    Attributes:
        position: Its place among those.
        reference: The answer.
        conversation_id: Whom it is for.
        message_id: The message that it answers, or what was to be said.
        answers: How many answers there are to that message.
        state: Sent, delivered or failed.
        changed_at: Since when, in seconds since 1970.
    """

    position: int
    reference: str
    conversation_id: str
    message_id: str
    answers: int
    state: State
    changed_at: float
