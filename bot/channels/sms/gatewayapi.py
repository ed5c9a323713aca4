"""GatewayAPI, both generations: the older REST API and Mobile Messaging (gatewayapi.com/docs).

Both write phone numbers as whole numbers without plus. Which host, .com or .eu, is a setting.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Any, ClassVar

import jwt

from bot.channels.sms.gsm import MAX_PARTS, is_gsm
from bot.channels.sms.messages import Outgoing, State
from bot.channels.sms.provider import (
    Forged,
    Provider,
    Reported,
    StateReported,
    TextReceived,
    Unreadable,
    Webhook,
    json_object,
    same,
    text_field,
)

# A message that could not be delivered within a day comes too late to make sense.
EXPIRATION = "P1D"

_STATES = {
    "ACCEPTED": State.SENT,
    "BUFFERED": State.SENT,
    "ENROUTE": State.SENT,
    "SCHEDULED": State.SENT,
    "DELIVERED": State.DELIVERED,
    "EXPIRED": State.FAILED,
    "DELETED": State.FAILED,
    "REJECTED": State.FAILED,
    "SKIPPED": State.FAILED,
    "UNDELIVERABLE": State.FAILED,
}


def _state_reported(reference: object, status: str) -> Reported:
    """A status of one of our messages; None for one that is not ours or that says nothing ("UNKNOWN")."""
    state = _STATES.get(status.upper())
    return StateReported(reference, state) if state and isinstance(reference, str) and reference else None


class GatewayApiRest(Provider):
    """The REST API: `POST /rest/mtsms`, and webhooks whose whole content is signed as a JWT (HS256)."""

    own_api_url: ClassVar[str] = "https://gatewayapi.com"

    def read(self, webhook: Webhook) -> Reported:
        """Reads what the JWT holds. The body says the same, but nobody has signed it: it is not looked at."""
        data = self._signed_content(webhook)
        if "status" in data:
            return _state_reported(data.get("userref"), text_field(data, "status"))
        sent_at = data.get("senttime")
        return TextReceived(
            id=text_field(data, "id"),
            sender=text_field(data, "msisdn"),
            text=str(data.get("message") or ""),
            sent_at=float(sent_at) if isinstance(sent_at, int) else None,
        )

    def _signed_content(self, webhook: Webhook) -> dict[str, Any]:
        signature = webhook.headers.get("x-gwapi-signature", "")
        try:
            # The content is a message and no set of claims, so only the signature is checked.
            content = jwt.PyJWS().decode(signature, self.account.webhook_secret, algorithms=["HS256"])
        except (jwt.InvalidTokenError, UnicodeError) as error:
            raise Forged("no valid JWT") from error
        return json_object(content)

    async def send(self, message: Outgoing, number: str) -> None:
        """Sends one message. The encoding is stated, so that it costs as many parts as we counted."""
        body = {
            "sender": self.account.sender,
            "message": message.text,
            "recipients": [{"msisdn": int(number.lstrip("+"))}],
            "userref": message.reference,
            "callback_url": self.account.webhook_url,
            "encoding": "UTF8" if is_gsm(message.text) else "UCS2",
            "max_parts": MAX_PARTS,
        }
        await self._post("/rest/mtsms", json=body, headers={"Authorization": f"Token {self.account.token}"})


class GatewayApiMessaging(Provider):
    """Mobile Messaging: `POST /mobile/single`, and events with an HMAC-SHA256 over the body."""

    own_api_url: ClassVar[str] = "https://messaging.gatewayapi.com"

    def read(self, webhook: Webhook) -> Reported:
        """Reads an event in its envelope."""
        expected = hmac.new(self.account.webhook_secret.encode(), webhook.body, hashlib.sha256).hexdigest()
        if not same(webhook.headers.get("signature", ""), f"v1={expected}"):
            raise Forged("wrong signature")
        envelope = json_object(webhook.body)
        event = envelope.get("event")
        if not isinstance(event, dict):
            raise Unreadable("no event")
        kind = envelope.get("event_type")
        if kind == "message.status.sms":
            return _state_reported(event.get("reference"), text_field(event, "status"))
        if kind != "user-message.text.sms":
            return None
        content = event.get("content")
        text = content.get("message") if isinstance(content, dict) else content
        # A repeat has a new envelope but speaks of the same message.
        id = "msg_id" if event.get("msg_id") else "event_id"
        return TextReceived(
            id=text_field(event if id == "msg_id" else envelope, id),
            sender=text_field(event, "sender"),
            text=str(text or ""),
            sent_at=_seconds(event.get("sent_at") or envelope.get("timestamp")),
        )

    async def send(self, message: Outgoing, number: str) -> None:
        """Sends one message."""
        body = {
            "sender": self.account.sender,
            "message": message.text,
            "recipient": int(number.lstrip("+")),
            "reference": message.reference,
            "expiration": EXPIRATION,
            "label": "digispor",
        }
        await self._post(
            "/mobile/single", json=body, headers={"Authorization": f"Token {self.account.token}"}
        )


def _seconds(written: object) -> float | None:
    try:
        return datetime.fromisoformat(str(written).replace("Z", "+00:00")).timestamp()
    except ValueError:
        return None
