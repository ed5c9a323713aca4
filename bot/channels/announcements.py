"""What the backend wants said to a citizen who has not just written, as it asks a channel to say it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.channels.citizen_message import is_opaque_id
from bot.rotation import shows_token


class InvalidAnnouncement(ValueError):
    """The request is no announcement that the channel makes. The text says why."""


@dataclass(frozen=True)
class Announcement:
    """Something to say in a conversation.

    Attributes:
        id: The same each time it is asked for, so that it is said once.
        conversation_id: Where.
        response: What: a response of the domain.
        values: What the response is filled with.
    """

    id: str
    conversation_id: str
    response: str
    values: dict[str, str]


def read_announcement(body: bytes, sayable: frozenset[str]) -> Announcement:
    """Reads a request of the backend's.

    Args:
        body: The request's body.
        sayable: The responses that the channel lets the backend have said.

    Raises:
        InvalidAnnouncement: It is not in order.
    """
    try:
        asked = json.loads(body)
    except ValueError as error:
        raise InvalidAnnouncement("not JSON") from error
    if not isinstance(asked, dict):
        raise InvalidAnnouncement("not an object")
    id, conversation_id = asked.get("id"), asked.get("conversation_id")
    if not is_opaque_id(id) or not is_opaque_id(conversation_id):
        raise InvalidAnnouncement("no id or conversation_id")
    response, values = asked.get("response"), asked.get("values")
    if response not in sayable:
        raise InvalidAnnouncement("no response of those that may be said")
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise InvalidAnnouncement("values are texts by name")
    return Announcement(id, conversation_id, str(response), values)


def is_from_backend(authorization: str, service_token: str) -> bool:
    """Tells whether a request shows the backend's token."""
    return shows_token(authorization, service_token)
