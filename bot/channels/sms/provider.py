"""What the SMS channel needs of a provider, and what providers share."""

from __future__ import annotations

import asyncio
import hmac
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import aiohttp

from bot.channels.sms.messages import Outgoing, State

TIMEOUT_SECONDS = 10.0


class Forged(Exception):
    """A webhook without the provider's signature, or with a wrong one."""


class Unreadable(Exception):
    """A webhook that is signed but not of a form we know."""


class NotNow(Exception):
    """The provider did not take a message this time; the text says why. It may next time."""


class OutcomeUnknown(Exception):
    """Nobody knows whether the provider took a message: the connection was lost in the middle."""


class Refused(Exception):
    """The provider will not send this message, ever."""


@dataclass(frozen=True)
class Webhook:
    """A request from a provider.

    Attributes:
        url: The address as the provider knows it, with its query.
        headers: By lower-case name.
        body: The bytes as they came; signatures are made over these.
        content_type: As stated, without parameters.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes
    content_type: str


@dataclass(frozen=True)
class TextReceived:
    """Somebody has written.

    Attributes:
        id: The provider's id of the message.
        sender: As the provider writes it; not always somebody who can be answered.
        text: What they wrote; "" for a picture.
        sent_at: Seconds since 1970, None when the provider does not say.
        opt_out: "STOP", "START" or "HELP" when the provider has itself answered such a word.
    """

    id: str
    sender: str
    text: str
    sent_at: float | None = None
    opt_out: str | None = None


@dataclass(frozen=True)
class StateReported:
    """The provider tells where an outgoing message is."""

    reference: str
    state: State


Reported: TypeAlias = "TextReceived | StateReported | None"
"""What a webhook says; None for what is of no interest here."""


@dataclass(frozen=True)
class Account:
    """How a provider knows us.

    Attributes:
        api_url: Root of the provider's API; "" for the provider's own.
        account: The account's id, where the provider has one.
        token: What we show when we send.
        webhook_secret: What the provider signs with.
        sender: The number or name that messages come from.
        webhook_url: Where the provider finds us.
    """

    api_url: str
    account: str
    token: str
    webhook_secret: str
    sender: str
    webhook_url: str


class Provider(ABC):
    """Speaks one provider's wire format."""

    own_api_url: ClassVar[str]
    content_type: ClassVar[str] = "application/json"

    def __init__(self, account: Account) -> None:
        self.account = account
        self._api_url = (account.api_url or self.own_api_url).rstrip("/")

    @abstractmethod
    def read(self, webhook: Webhook) -> Reported:
        """Checks a webhook's signature and gives what it says.

        Raises:
            Forged: The signature is missing or wrong.
            Unreadable: The content has another form than the provider's.
        """

    @abstractmethod
    async def send(self, message: Outgoing, number: str) -> None:
        """Hands a message to the provider.

        Args:
            message: What to send.
            number: To whom, in E.164.

        Raises:
            NotNow: It was not taken, but may be the next time.
            OutcomeUnknown: It may or may not have been taken.
            Refused: It never will be.
        """

    async def _post(self, path: str, **request: Any) -> None:
        """Posts to the provider's API; how it went is told as `send` tells it."""
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self._api_url + path, **request) as response,
            ):
                status, said = response.status, (await response.content.read(500)).decode(errors="replace")
        except aiohttp.ClientConnectorError as error:
            raise NotNow("no connection") from error
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise OutcomeUnknown(type(error).__name__) from error
        self._judge(status, said)

    def _judge(self, status: int, said: str) -> None:
        if 200 <= status < 300:
            return
        # 401 to 403 are about our account, which a person can mend while the message waits.
        if status in (401, 402, 403, 404, 408, 425, 429) or status >= 500:
            raise NotNow(f"HTTP {status}")
        raise Refused(f"HTTP {status}")


def same(shown: str, expected: str) -> bool:
    """Compares signatures in constant time."""
    return hmac.compare_digest(shown.encode(errors="replace"), expected.encode())


def json_object(content: bytes | str) -> dict[str, Any]:
    """Gives the object that a text holds.

    Raises:
        Unreadable: It is not JSON, or not an object.
    """
    try:
        value = json.loads(content)
    except ValueError as error:
        raise Unreadable("not JSON") from error
    if not isinstance(value, dict):
        raise Unreadable("not an object")
    return value


def text_field(data: Mapping[str, Any], name: str) -> str:
    """Gives a field as text; numbers are written out.

    Raises:
        Unreadable: It is missing, or neither text nor a whole number.
    """
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise Unreadable(f"no {name}")
    return str(value)
