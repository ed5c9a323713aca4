"""What the backend wants said to a citizen who has not just written, on its way into their conversation."""

from __future__ import annotations

import hmac
import json
import time
from typing import Any

from bot.channels.intake import is_opaque_id
from bot.channels.sms.messages import Incoming, State
from bot.channels.sms.numbers import NumberCipher, read_number
from bot.channels.sms.provider import Unreadable, json_object
from bot.channels.sms.store import SmsStore

RESPONSES = frozenset(
    {
        "utter_reminder_day",
        "utter_reminder_hours",
        "utter_moved_for_you",
        "utter_unfinished",
        "utter_invitation",
    }
)
"""What the backend may have said. It names a response: what is said is written in the domain alone."""


class Announcements:
    """Takes announcements in like messages, so that they wait their turn and are said once."""

    def __init__(self, store: SmsStore, cipher: NumberCipher, service_token: str) -> None:
        """Creates it.

        Args:
            store: Where they are kept.
            cipher: Knows which conversations are ours.
            service_token: What the backend shows.
        """
        self._store = store
        self._cipher = cipher
        self._token = service_token

    def is_authorised(self, authorization: str) -> bool:
        """Tells whether a request is from the backend."""
        shown, expected = authorization.encode(errors="surrogateescape"), f"Bearer {self._token}".encode()
        return hmac.compare_digest(shown, expected)

    def conversation_with(self, body: bytes) -> str:
        """Gives the conversation with a number.

        Raises:
            Unreadable: There is no number that can be answered in the request.
        """
        number = read_number(str(json_object(body).get("phone") or ""))
        if number is None:
            raise Unreadable("no phone number")
        return self._cipher.conversation_id(number)

    def take(self, body: bytes) -> None:
        """Stores an announcement; returns when it is on disk.

        Raises:
            Unreadable: The request is not one.
        """
        announcement = json_object(body)
        id, conversation_id = announcement.get("id"), announcement.get("conversation_id")
        if not is_opaque_id(id) or not is_opaque_id(conversation_id):
            raise Unreadable("no id or conversation_id")
        if self._cipher.number(conversation_id) is None:
            raise Unreadable("not a conversation by SMS")
        response = announcement.get("response")
        if response not in RESPONSES:
            raise Unreadable("no response of those that may be said")
        values = json.dumps(_texts(announcement.get("values")), ensure_ascii=False)
        self._store.take_in(Incoming(id, conversation_id, values, time.time(), str(response)))

    def state(self, id: str) -> State | None:
        """How far an announcement has come, None for one that was never taken."""
        return self._store.state_of_answers(id)


def _texts(values: Any) -> dict[str, str]:
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise Unreadable("values are texts by name")
    return values
