"""A citizen at the REST channel, and what the database says about them."""

import json
import sqlite3
import urllib.request
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from backend.db import ContactKeys
from backend.db.sealed import CannotUnseal
from benchmarks.house import House

TIMEOUT_SECONDS = 60
_SEALED_AS = {
    "name": ("citizens.name",),
    "citizen_name": ("bookings.citizen_name",),
    "citizen_phone": ("bookings.citizen_phone",),
    "phone": ("citizens.phone", "call_requests.phone", "outreach_messages.phone"),
}


@dataclass
class RestCitizen:
    """Writes Danish text and reads the answers.

    Attributes:
        house: Where the assistant runs.
        id: The conversation's id.
        heard: Every text the assistant has said, in order.
    """

    house: House
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    heard: list[str] = field(default_factory=list)

    def say(self, text: str) -> str:
        """Sends a message and gives all that is answered to it as one text."""
        return "\n".join(message.get("text", "") for message in self.send(text))

    def send(self, text: str) -> list[dict[str, Any]]:
        """Sends a message and gives the messages that answer it."""
        request = urllib.request.Request(
            f"{self.house.chat_url}/webhooks/rest/webhook",
            data=json.dumps({"sender": self.id, "message": text}).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self.house.secrets['DIGISPOR_REST_TOKEN']}",
            },
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            messages: list[dict[str, Any]] = json.load(response)
        self.heard.extend(message.get("text", "") for message in messages)
        return messages


def rows(house: House, query: str, *parameters: object) -> list[dict[str, Any]]:
    """Reads the backend's database as it is on disk, and opens what is sealed there."""
    keys = ContactKeys([house.secrets["DIGISPOR_CONTACT_KEY"]])
    with sqlite3.connect(f"file:{house.folder / 'digispor.db'}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        found = [dict(row) for row in connection.execute(query, parameters)]
    return [{name: _opened(keys, name, value) for name, value in row.items()} for row in found]


def _opened(keys: ContactKeys, column: str, value: Any) -> Any:
    """A value as the backend sees it; the name of its column says where it may have been sealed."""
    if isinstance(value, str) and value.startswith(keys.mark):
        for place in _SEALED_AS.get(column, ()):
            with suppress(CannotUnseal):
                return keys.open(value, place)
    return value
