"""The providers' wire formats as the provider speaks them, written from their documentation."""

import base64
import hashlib
import hmac
import json
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qsl, urlencode

TOKEN = "token-of-the-test-gateway"
SECRET = "secret-of-the-test-gateway"
ACCOUNT = "AC0123456789"
SENDER = "4512041204"


@dataclass(frozen=True)
class Sent:
    """A message that was handed to the gateway."""

    number: str
    text: str
    reference: str
    callback_url: str


@dataclass(frozen=True)
class Call:
    """A webhook, ready to be posted."""

    url: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """What was handed to the gateway is not as the provider demands."""


class Format(ABC):
    """One provider. Numbers are E.164 on our side."""

    name: str
    send_path: str
    enroute: str
    delivered: str
    failed: str

    @abstractmethod
    def sent(self, headers: dict[str, str], body: bytes) -> Sent:
        """Reads a request to send; raises Refusal for what the provider would not take."""

    @abstractmethod
    def accepted(self, sent: Sent) -> dict[str, Any]:
        """The answer to a request to send."""

    @abstractmethod
    def received(self, url: str, id: str, number: str, text: str) -> Call:
        """The webhook for a message from a phone."""

    @abstractmethod
    def status(self, url: str, sent: Sent, status: str) -> Call:
        """The webhook for the state of a message to a phone."""


class GatewayApiRest(Format):
    """GatewayAPI's older REST API."""

    name = "gatewayapi-rest"
    send_path = "/rest/mtsms"
    enroute, delivered, failed = "ENROUTE", "DELIVERED", "UNDELIVERABLE"

    def sent(self, headers: dict[str, str], body: bytes) -> Sent:
        _demand(headers.get("Authorization") == f"Token {TOKEN}", "401")
        data = json.loads(body)
        [recipient] = data["recipients"]
        _demand(isinstance(recipient["msisdn"], int), "msisdn")
        _demand(data["encoding"] in ("UTF8", "UCS2") and data["max_parts"] >= 1, "encoding")
        return Sent(f"+{recipient['msisdn']}", data["message"], data["userref"], data["callback_url"])

    def accepted(self, sent: Sent) -> dict[str, Any]:
        return {"ids": [_number(sent.reference)], "usage": {"countries": {"DK": 1}}}

    def received(self, url: str, id: str, number: str, text: str) -> Call:
        return self._signed(
            url,
            {
                "id": _number(id),
                "msisdn": int(number),
                "receiver": int(SENDER),
                "message": text,
                "senttime": int(time.time()),
                "webhook_label": "digispor",
                "country_code": "DK",
            },
        )

    def status(self, url: str, sent: Sent, status: str) -> Call:
        return self._signed(
            sent.callback_url,
            {
                "id": _number(sent.reference),
                "msisdn": int(sent.number),
                "time": int(time.time()),
                "status": status,
                "userref": sent.reference,
            },
        )

    def _signed(self, url: str, data: dict[str, Any]) -> Call:
        body = json.dumps(data).encode()
        return Call(url, body, {"Content-Type": "application/json", "X-Gwapi-Signature": jwt(data)})


class GatewayApiMessaging(Format):
    """GatewayAPI's Mobile Messaging."""

    name = "gatewayapi-messaging"
    send_path = "/mobile/single"
    enroute, delivered, failed = "ENROUTE", "DELIVERED", "REJECTED"

    def sent(self, headers: dict[str, str], body: bytes) -> Sent:
        _demand(headers.get("Authorization") == f"Token {TOKEN}", "401")
        data = json.loads(body)
        _demand(isinstance(data["recipient"], int) and data["expiration"].startswith("P"), "recipient")
        return Sent(f"+{data['recipient']}", data["message"], data["reference"], "")

    def accepted(self, sent: Sent) -> dict[str, Any]:
        return {"msg_id": sent.reference[-26:], "recipient": int(sent.number), "reference": sent.reference}

    def received(self, url: str, id: str, number: str, text: str) -> Call:
        content = {"message": text, "encoding": "GSM0338", "header": None}
        event = {"msg_id": id, "sender": int(number), "sent_at": _now(), "content": content}
        return self._signed(url, "user-message.text.sms", event)

    def status(self, url: str, sent: Sent, status: str) -> Call:
        event = {
            "msg_id": sent.reference[-26:],
            "recipient": int(sent.number),
            "reference": sent.reference,
            "status": status,
            "status_at": _now(),
            "error": None,
        }
        return self._signed(url, "message.status.sms", event)

    def _signed(self, url: str, kind: str, event: dict[str, Any]) -> Call:
        id = hashlib.md5(json.dumps([kind, event]).encode()).hexdigest()
        envelope = {"event_id": id, "timestamp": _now(), "event_type": kind, "event": event}
        body = json.dumps(envelope).encode()
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        return Call(url, body, {"Content-Type": "application/json", "Signature": f"v1={signature}"})


class Twilio(Format):
    """Twilio's Messaging."""

    name = "twilio"
    send_path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    enroute, delivered, failed = "sent", "delivered", "undelivered"

    def sent(self, headers: dict[str, str], body: bytes) -> Sent:
        basic = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        _demand(headers.get("Authorization") == f"Basic {basic}", "401")
        data = dict(parse_qsl(body.decode()))
        return Sent(data["To"], data["Body"], data["StatusCallback"], data["StatusCallback"])

    def accepted(self, sent: Sent) -> dict[str, Any]:
        return {"sid": _sid(sent.reference), "status": "queued", "to": sent.number, "error_code": None}

    def received(self, url: str, id: str, number: str, text: str) -> Call:
        form = {
            "ToCountry": "DK",
            "MessageSid": _sid(id),
            "SmsMessageSid": _sid(id),
            "NumMedia": "0",
            "SmsStatus": "received",
            "Body": text,
            "From": number,
            "To": f"+{SENDER}",
            "NumSegments": "1",
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
        }
        return self._signed(url, form)

    def status(self, url: str, sent: Sent, status: str) -> Call:
        form = {
            "MessageSid": _sid(sent.reference),
            "SmsSid": _sid(sent.reference),
            "MessageStatus": status,
            "SmsStatus": status,
            "To": sent.number,
            "From": f"+{SENDER}",
            "AccountSid": ACCOUNT,
        }
        return self._signed(sent.callback_url, form)

    def _signed(self, url: str, form: dict[str, str]) -> Call:
        signed = url + "".join(name + form[name] for name in sorted(form))
        digest = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha1).digest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": base64.b64encode(digest).decode(),
        }
        return Call(url, urlencode(form).encode(), headers)


FORMATS: dict[str, type[Format]] = {kind.name: kind for kind in (GatewayApiRest, GatewayApiMessaging, Twilio)}


def jwt(data: dict[str, Any], secret: str = SECRET) -> str:
    """A JSON Web Token with HS256."""
    signed = b".".join(_base64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, data))
    signature = _base64(hmac.new(secret.encode(), signed, hashlib.sha256).digest())
    return b".".join([signed, signature]).decode()


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _demand(condition: bool, what: str) -> None:
    if not condition:
        raise Refusal(what)


def _number(id: str) -> int:
    return int(hashlib.md5(id.encode()).hexdigest()[:12], 16)


def _sid(id: str) -> str:
    return "SM" + hashlib.md5(id.encode()).hexdigest()


def _now() -> str:
    return datetime.now(timezone.utc).isoformat()
