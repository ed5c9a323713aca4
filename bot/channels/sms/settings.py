"""What the SMS channel is told in credentials.yml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.channels.sms.gatewayapi import GatewayApiMessaging, GatewayApiRest
from bot.channels.sms.provider import Account, Provider
from bot.channels.sms.twilio import Twilio

PROVIDERS: dict[str, type[Provider]] = {
    "gatewayapi-rest": GatewayApiRest,
    "gatewayapi-messaging": GatewayApiMessaging,
    "twilio": Twilio,
}
OFF = "off"
PATH = "/webhooks/sms/webhook"
# Twilio needs `account`, too.
NEEDED = frozenset(
    "sender token webhook_secret number_key public_url countries store"
    " backend_url service_token page_url links spool signing_key".split()
)


@dataclass(frozen=True)
class SmsSettings:
    """What the channel is told in credentials.yml.

    Attributes:
        provider: Who speaks the gateway's wire format.
        account: How the provider knows us.
        number_key: Encrypts the numbers in conversation ids.
        countries: Whose numbers are answered.
        store: Path of the file with messages.
        backend_url: Root of the backend.
        service_token: What is shown to the backend.
        page_url: The municipality's page with the chat on it.
        links: Path of the file with the codes of one-time links.
        spool: Path of the file with events for the backend.
        signing_key: Completes links to a citizen's data.
    """

    provider: type[Provider]
    account: Account
    number_key: str
    countries: tuple[str, ...]
    store: Path
    backend_url: str
    service_token: str
    page_url: str
    links: Path
    spool: Path
    signing_key: str

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SmsSettings | None:
        """Reads the channel's part of credentials.yml; None where SMS is off.

        Raises:
            ValueError: The provider is none that is known, or something it needs is missing.
        """
        given = {name: str(value or "").strip() for name, value in (credentials or {}).items()}
        name = given.get("provider") or OFF
        if name == OFF:
            return None
        if name not in PROVIDERS:
            raise ValueError(f"SMS: the provider is one of {', '.join([OFF, *PROVIDERS])}, not '{name}'.")
        needed = NEEDED | ({"account"} if name == "twilio" else set())
        missing = sorted(field for field in needed if not given.get(field))
        if missing:
            raise ValueError(f"SMS: credentials.yml does not say {', '.join(missing)}.")
        return cls(
            provider=PROVIDERS[name],
            account=Account(
                api_url=given.get("api_url", ""),
                account=given.get("account", ""),
                token=given["token"],
                webhook_secret=given["webhook_secret"],
                sender=given["sender"],
                webhook_url=given["public_url"].rstrip("/") + PATH,
            ),
            number_key=given["number_key"],
            countries=tuple(given["countries"].replace(",", " ").split()),
            store=Path(given["store"]),
            backend_url=given["backend_url"],
            service_token=given["service_token"],
            page_url=given["page_url"],
            links=Path(given["links"]),
            spool=Path(given["spool"]),
            signing_key=given["signing_key"],
        )
