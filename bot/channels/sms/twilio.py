"""Twilio: form-encoded webhooks, signed over the address and the sorted parameters.

How it is signed: twilio.com/docs/usage/security.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import ClassVar
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import aiohttp

from bot.channels.sms.messages import Outgoing, State
from bot.channels.sms.provider import (
    Forged,
    Provider,
    Refused,
    Reported,
    StateReported,
    TextReceived,
    Unreadable,
    Webhook,
    same,
)

_STATES = {
    "accepted": State.SENT,
    "queued": State.SENT,
    "scheduled": State.SENT,
    "sending": State.SENT,
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.DELIVERED,
    "undelivered": State.FAILED,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}
# Our reference has no place of its own at Twilio; it rides on the address that statuses come back to.
_REFERENCE = "reference"


class Twilio(Provider):
    """Messaging by `POST /2010-04-01/Accounts/{account}/Messages.json`."""

    own_api_url: ClassVar[str] = "https://api.twilio.com"
    content_type: ClassVar[str] = "application/x-www-form-urlencoded"

    def read(self, webhook: Webhook) -> Reported:
        """Reads the parameters of a message or a status; unknown ones count in the signature alone."""
        try:
            parameters = parse_qsl(webhook.body.decode("ascii"), keep_blank_values=True, max_num_fields=500)
        except ValueError as error:
            raise Forged("not a form") from error
        if not same(webhook.headers.get("x-twilio-signature", ""), self._signature(webhook.url, parameters)):
            raise Forged("wrong signature")
        data = dict(parameters)
        if "MessageStatus" in data:
            return _state_reported(webhook.url, data["MessageStatus"])
        if not data.get("MessageSid") or not data.get("From"):
            raise Unreadable("no MessageSid or From")
        return TextReceived(
            id=data["MessageSid"],
            sender=data["From"],
            text=data.get("Body", ""),
            opt_out=data.get("OptOutType") or None,
        )

    def _signature(self, url: str, parameters: list[tuple[str, str]]) -> str:
        signed = url + "".join(name + value for name, value in sorted(set(parameters)))
        digest = hmac.new(self.account.webhook_secret.encode(), signed.encode(), hashlib.sha1).digest()
        return base64.b64encode(digest).decode()

    async def send(self, message: Outgoing, number: str) -> None:
        """Sends one message."""
        account = self.account
        form = {
            "From": account.sender,
            "To": number,
            "Body": message.text,
            "StatusCallback": f"{account.webhook_url}?{_REFERENCE}={quote(message.reference)}",
        }
        await self._post(
            f"/2010-04-01/Accounts/{account.account}/Messages.json",
            data=form,
            auth=aiohttp.BasicAuth(account.account, account.token),
        )

    def _judge(self, status: int, said: str) -> None:
        # 21610: the citizen has told Twilio itself to stop; it says so with HTTP 400.
        if status == 400 and "21610" in said:
            raise Refused("stopped at the provider")
        super()._judge(status, said)


def _state_reported(url: str, status: str) -> Reported:
    [reference, *_] = parse_qs(urlsplit(url).query).get(_REFERENCE, [""])
    state = _STATES.get(status)
    return StateReported(reference, state) if state and reference else None
