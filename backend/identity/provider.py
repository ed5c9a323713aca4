"""The door to the municipality's OpenID provider."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt

from backend.clock import Clock
from backend.identity.documents import AnswerRefused, Discovery, Documents, ProviderUnavailable
from backend.identity.tokens import (
    Audience,
    Ended,
    UnknownKey,
    check_id_token,
    check_logout_token,
    read_token,
)
from backend.settings import Settings

# Somebody waits for the page meanwhile.
_LONGEST_ANSWER = 8.0


class SignInRefused(Exception):
    """Somebody said no at the provider, or it let them not in."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What must be known again when somebody comes back from the provider.

    Attributes:
        state: Names the attempt in the address that the provider sends the browser to.
        nonce: Names it in the id token.
        verifier: Proves to the provider that whoever brings the code also began.
    """

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "Attempt":
        """One that nobody can guess."""
        return cls(secrets.token_urlsafe(16), secrets.token_urlsafe(16), secrets.token_urlsafe(48))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says that somebody is.

    Attributes:
        issuer: The provider.
        subject: What it knows them by, for ever.
        session_id: Their session there, when it names it.
        claims: All that it says.
        id_token: Its word for it, to be shown when they sign out.
    """

    issuer: str
    subject: str
    session_id: str | None
    claims: Mapping[str, Any]
    id_token: str


class OpenIdProvider:
    """The provider that the settings name.

    Args:
        settings: Who it is, and who we are there.
        clock: Where the time comes from.
        answer_address: Where it sends a browser back to.
    """

    def __init__(self, settings: Settings, clock: Clock, answer_address: str) -> None:
        self.issuer = settings.oidc_issuer
        self._audience = Audience(settings.oidc_issuer, settings.oidc_client_id)
        self._secret = settings.oidc_secret
        self._scopes = settings.oidc_scopes
        self._answer_address = answer_address
        self._clock = clock
        self._documents = Documents(settings.oidc_issuer, self._fetch, clock)

    async def sign_in_address(self, attempt: Attempt, *, as_another: bool = False) -> str:
        """Where a browser goes to sign in.

        Args:
            attempt: What it is to come back with.
            as_another: Whether somebody who is signed in there is to be asked again.

        Raises:
            ProviderUnavailable: The provider does not answer.
            AnswerRefused: It answers what it should not.
        """
        discovery = await self._documents.discovery()
        more = {"prompt": "login"} if as_another else {}
        async with self._client(discovery) as client:
            address, _ = client.create_authorization_url(
                discovery.authorization_endpoint,
                state=attempt.state,
                code_verifier=attempt.verifier,
                nonce=attempt.nonce,
                **more,
            )
        return str(address)

    async def identity(self, attempt: Attempt, answer: Mapping[str, str]) -> Identity:
        """Who has come back from the provider.

        Args:
            attempt: The one that the answer names.
            answer: What stands in the address that the browser came with.

        Raises:
            SignInRefused: They were not let in there.
            ProviderUnavailable: The provider does not answer.
            AnswerRefused: It answers what it should not.
        """
        discovery = await self._documents.discovery()
        self._check_answer(answer, discovery)
        given = await self._redeem(answer["code"], attempt, discovery)
        id_token = given.get("id_token")
        if not isinstance(id_token, str):
            raise AnswerRefused("there is no id token")
        access_token = given.get("access_token")
        claims = check_id_token(
            await self._read(id_token),
            self._audience,
            nonce=attempt.nonce,
            access_token=access_token if isinstance(access_token, str) else None,
            now=self._clock(),
        )
        return Identity(self.issuer, claims["sub"], claims.get("sid"), claims, id_token)

    async def sign_out_address(self, id_token: str, back_to: str) -> str | None:
        """Where a browser goes to sign out there too; None when the provider has no such page.

        Raises:
            ProviderUnavailable: The provider does not answer.
            AnswerRefused: It answers what it should not.
        """
        end = (await self._documents.discovery()).end_session_endpoint
        if end is None:
            return None
        asked = {
            "id_token_hint": id_token,
            "post_logout_redirect_uri": back_to,
            "client_id": self._audience.client_id,
        }
        return f"{end}{'&' if '?' in end else '?'}{urlencode(asked)}"

    async def ended(self, logout_token: str) -> Ended:
        """What the provider says has ended.

        Raises:
            ProviderUnavailable: The provider does not answer.
            AnswerRefused: It is not the provider who says it.
        """
        return check_logout_token(await self._read(logout_token), self._audience, now=self._clock())

    def _check_answer(self, answer: Mapping[str, str], discovery: Discovery) -> None:
        named = answer.get("iss")
        if named not in (self.issuer, None) or (
            named is None and discovery.authorization_response_iss_parameter_supported
        ):
            raise AnswerRefused("the answer names another issuer")
        match answer.get("error"):
            case None:
                pass
            case "access_denied":
                raise SignInRefused
            case "temporarily_unavailable" | "server_error":
                raise ProviderUnavailable("the provider has a fault")
            case _:
                raise AnswerRefused("the provider refused the request")
        if "code" not in answer:
            raise AnswerRefused("the answer has no code")

    async def _redeem(self, code: str, attempt: Attempt, discovery: Discovery) -> Mapping[str, Any]:
        try:
            async with asyncio.timeout(_LONGEST_ANSWER), self._client(discovery) as client:
                given: Mapping[str, Any] = await client.fetch_token(
                    discovery.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=attempt.verifier,
                )
        except (httpx2.HTTPError, TimeoutError, OSError) as error:
            raise ProviderUnavailable(type(error).__name__) from error
        except (AuthlibBaseError, ValueError) as error:
            raise AnswerRefused(f"the code was not taken: {type(error).__name__}") from error
        return given

    async def _read(self, token: str) -> jwt.Token:
        algorithms = (await self._documents.discovery()).id_token_signing_alg_values_supported
        try:
            return read_token(token, await self._documents.keys(), algorithms)
        except UnknownKey:
            try:
                return read_token(token, await self._documents.keys(fresh=True), algorithms)
            except UnknownKey as error:
                raise AnswerRefused("the token is signed with an unknown key") from error

    def _client(self, discovery: Discovery) -> AsyncOAuth2Client:
        methods = discovery.token_endpoint_auth_methods_supported
        shown_by = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        return AsyncOAuth2Client(
            client_id=self._audience.client_id,
            client_secret=self._secret,
            token_endpoint_auth_method=shown_by,
            scope=self._scopes,
            redirect_uri=self._answer_address,
            code_challenge_method="S256",
        )

    async def _fetch(self, address: str) -> Any:
        try:
            async with asyncio.timeout(_LONGEST_ANSWER), httpx2.AsyncClient() as client:
                response = await client.get(address)
            response.raise_for_status()
            return response.json()
        except (httpx2.HTTPError, TimeoutError, OSError) as error:
            raise ProviderUnavailable(type(error).__name__) from error
        except ValueError as error:
            raise AnswerRefused("the answer is not JSON") from error
