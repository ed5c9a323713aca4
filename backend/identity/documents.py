"""What an OpenID provider publishes about itself: where it is asked, and the keys that it signs with."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, Field, ValidationError

from backend.clock import Clock

Fetch = Callable[[str], Awaitable[Any]]
_WELL_KNOWN = "/.well-known/openid-configuration"
_KEPT = timedelta(hours=1)
# A token can name any key: asking again for each would let anybody make us ask.
_ASKED_AGAIN_AFTER = timedelta(minutes=1)


class ProviderUnavailable(Exception):
    """The provider did not answer in time. The text says how, without personal data."""


class AnswerRefused(Exception):
    """The provider answered, but not what it should. The text says how, without personal data."""


class Discovery(BaseModel):
    """The part of the provider's discovery document that is used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None = None
    id_token_signing_alg_values_supported: list[str] = Field(default=["RS256"])
    token_endpoint_auth_methods_supported: list[str] = Field(default=["client_secret_basic"])
    authorization_response_iss_parameter_supported: bool = False

    @property
    def addresses(self) -> list[str]:
        """Every address that it sends us or a browser to."""
        ends = [self.end_session_endpoint] if self.end_session_endpoint else []
        return [self.authorization_endpoint, self.token_endpoint, self.jwks_uri, *ends]


class Documents:
    """The published documents, fetched when they are needed and kept for an hour.

    Args:
        issuer: The provider, as its documents must name it.
        fetch: Gets the JSON at an address; raises ProviderUnavailable or AnswerRefused.
        clock: Where the time comes from.
    """

    def __init__(self, issuer: str, fetch: Fetch, clock: Clock) -> None:
        self._issuer = issuer
        self._fetch = fetch
        self._clock = clock
        self._discovery: tuple[Discovery, datetime] | None = None
        self._keys: tuple[KeySet, datetime] | None = None
        self._asked_for_keys: datetime | None = None

    async def discovery(self) -> Discovery:
        """Where the provider is asked.

        Raises:
            ProviderUnavailable: It did not answer.
            AnswerRefused: The document is not this provider's, or leads out of the encrypted connection.
        """
        if self._discovery is None or self._is_older(self._discovery[1], _KEPT):
            document = self._read_discovery(await self._fetch(self._issuer.rstrip("/") + _WELL_KNOWN))
            self._discovery = (document, self._clock())
        return self._discovery[0]

    async def keys(self, *, fresh: bool = False) -> KeySet:
        """The keys that the provider signs with.

        Args:
            fresh: Whether one is looked for that is not among the kept; they are then asked for anew, unless
                that was less than a minute ago.

        Raises:
            ProviderUnavailable: It did not answer.
            AnswerRefused: What it answered are no keys.
        """
        address = (await self.discovery()).jwks_uri
        may_ask = self._is_older(self._asked_for_keys, _ASKED_AGAIN_AFTER)
        if self._keys is None or self._is_older(self._keys[1], _KEPT) or (fresh and may_ask):
            self._asked_for_keys = self._clock()
            self._keys = (_read_keys(await self._fetch(address)), self._clock())
        return self._keys[0]

    def _is_older(self, moment: datetime | None, age: timedelta) -> bool:
        return moment is None or self._clock() - moment > age

    def _read_discovery(self, document: object) -> Discovery:
        try:
            discovery = Discovery.model_validate(document)
        except ValidationError as error:
            raise AnswerRefused("the discovery document is incomplete") from error
        if discovery.issuer != self._issuer:
            raise AnswerRefused("the discovery document names another issuer")
        scheme = self._issuer.partition(":")[0]
        if any(address.partition(":")[0] not in (scheme, "https") for address in discovery.addresses):
            raise AnswerRefused("the discovery document leads out of the encrypted connection")
        return discovery


def _read_keys(document: Any) -> KeySet:
    try:
        return KeySet.import_key_set(document)
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise AnswerRefused("the provider's keys cannot be read") from error
