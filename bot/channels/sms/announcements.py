"""What the backend wants said to a citizen who has not just written, on its way into their conversation."""

from __future__ import annotations

import json
import time

from bot.channels.announcements import InvalidAnnouncement, is_from_backend, read_announcement
from bot.channels.sms.messages import Incoming, State
from bot.channels.sms.numbers import NumberCipher, read_number
from bot.channels.sms.provider import Unreadable, json_object
from bot.channels.sms.store import SmsStore

RESPONSES = frozenset(
    {
        "utter_reminder_day",
        "utter_reminder_hours",
        "utter_unfinished",
        "utter_invitation",
        "utter_staff_notice",
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
        return is_from_backend(authorization, self._token)

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
            InvalidAnnouncement: The request is not one.
        """
        asked = read_announcement(body, RESPONSES)
        if self._cipher.number(asked.conversation_id) is None:
            raise InvalidAnnouncement("not a conversation by SMS")
        values = json.dumps(asked.values, ensure_ascii=False)
        self._store.take_in(Incoming(asked.id, asked.conversation_id, values, time.time(), asked.response))

    def state(self, id: str) -> State | None:
        """How far an announcement has come, None for one that was never taken."""
        return self._store.state_of_answers(id)
