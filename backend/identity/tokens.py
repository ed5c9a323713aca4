"""Checks the tokens that an OpenID provider signs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from backend.identity.documents import AnswerRefused

# A signature that only the provider can make. Never "none", never one made with the client's own secret.
_ASYMMETRIC = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
_LEEWAY_SECONDS = 60
_LONGEST_ID = 255
_BACK_CHANNEL_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class UnknownKey(Exception):
    """The token names a key that is not among the known ones."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Between whom a token must be: who signed it, and whom it is for."""

    issuer: str
    client_id: str

    def options(self) -> dict[str, Any]:
        """The claims a token must have, in the words of the library."""
        return {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
        }


@dataclass(frozen=True, slots=True)
class Ended:
    """What a logout token ends: one session at the provider, or every session of somebody.

    Attributes:
        subject: Whose, when it says so.
        session_id: Which session, when it says so.
    """

    subject: str | None
    session_id: str | None


def read_token(token: str, keys: KeySet, algorithms: Collection[str]) -> jwt.Token:
    """A signed token's content, once its signature has been checked.

    Raises:
        UnknownKey: Its key is not among these.
        AnswerRefused: It is not signed as it should be.
    """
    allowed = sorted(_ASYMMETRIC.intersection(algorithms))
    try:
        return jwt.decode(token, keys, algorithms=allowed)
    except InvalidKeyIdError as error:
        raise UnknownKey from error
    except (JoseError, ValueError, TypeError) as error:
        raise AnswerRefused(f"the token's signature does not hold: {type(error).__name__}") from error


def check_id_token(
    token: jwt.Token, audience: Audience, *, nonce: str, access_token: str | None, now: datetime
) -> dict[str, Any]:
    """The claims of an id token that is about this very sign-in.

    Raises:
        AnswerRefused: It is another's, for another, of another sign-in, too old or too early.
    """
    claims = CodeIDToken(
        token.claims,
        token.header,
        options=audience.options(),
        params={"nonce": nonce, "client_id": audience.client_id, "access_token": access_token},
    )
    try:
        claims.validate(now=int(now.timestamp()), leeway=_LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError) as error:
        raise AnswerRefused(f"the id token does not hold: {_reason(error)}") from error
    for name in ("sub", "sid"):
        if name in claims and not _is_id(claims[name]):
            raise AnswerRefused(f"the id token does not hold: {name}")
    return dict(claims)


def check_logout_token(token: jwt.Token, audience: Audience, *, now: datetime) -> Ended:
    """What a logout token ends.

    Raises:
        AnswerRefused: It is no logout token, or another's, for another or too old.
    """
    needed = {name: {"essential": True} for name in ("iat", "exp", "jti", "events")}
    registry = jwt.JWTClaimsRegistry(
        int(now.timestamp()), _LEEWAY_SECONDS, **{**audience.options(), **needed}
    )
    try:
        registry.validate(token.claims)
    except (JoseError, ValueError, TypeError) as error:
        raise AnswerRefused(f"the logout token does not hold: {_reason(error)}") from error
    events = token.claims["events"]
    subject, session_id = _text(token.claims, "sub"), _text(token.claims, "sid")
    is_logout = isinstance(events, dict) and isinstance(events.get(_BACK_CHANNEL_EVENT), dict)
    # An id token carries a nonce, so that none passes for a logout token.
    if not is_logout or "nonce" in token.claims or not (subject or session_id):
        raise AnswerRefused("the logout token does not hold: events")
    return Ended(subject, session_id)


def _is_id(claim: object) -> bool:
    return isinstance(claim, str) and 0 < len(claim) <= _LONGEST_ID and claim.isprintable()


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    claim = claims.get(name)
    if claim is not None and not isinstance(claim, str):
        raise AnswerRefused(f"the logout token does not hold: {name}")
    return claim


def _reason(error: Exception) -> str:
    """The kind of error and the claim; never a claim's content."""
    return str(getattr(error, "error", "") or type(error).__name__)
