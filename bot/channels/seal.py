"""Signatures that let the server trust what comes back to it, without keeping any state."""

import base64
import datetime
import hashlib
import hmac
import json
import re
from typing import Any

import jwt

from bot.rotation import accepted, newest

SESSION_LIFETIME = datetime.timedelta(days=30)
MIN_KEY_BYTES = 32

_ALGORITHM = "HS256"
_AUDIENCE = "digispor-web"
_GIVES_LINK = "utter_data_link"
_UNFINISHED_LINK = re.compile(r"(/mine-data/(?P<id>[0-9a-f-]{36})\.)\[key\]")
_LINK_BEHIND_WORDS = re.compile(r":?\s*\S*" + _UNFINISHED_LINK.pattern)


class Seal:
    """Signs sessions and buttons with the newest secret key, and believes what older ones have signed."""

    def __init__(self, key: str) -> None:
        """Creates the seal.

        Args:
            key: The secret, or several as bot/rotation.py reads them. Everyone who has one can speak in every
                conversation.

        Raises:
            ValueError: A key is shorter than `MIN_KEY_BYTES`.
        """
        self._keys = accepted(key)
        if min((len(one.encode()) for one in self._keys), default=0) < MIN_KEY_BYTES:
            raise ValueError(f"The signing key must be at least {MIN_KEY_BYTES} bytes.")
        self._key = newest(key)

    def session_token(self, conversation_id: str) -> str:
        """Gives the token that lets its holder speak in the conversation, for `SESSION_LIFETIME` from now."""
        expires = datetime.datetime.now(datetime.timezone.utc) + SESSION_LIFETIME
        claims = {"sub": conversation_id, "aud": _AUDIENCE, "exp": expires}
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def conversation_id(self, token: object) -> str | None:
        """Gives the conversation a token is for, or None if the token is not one of ours or has run out."""
        if not isinstance(token, str):
            return None
        return next(filter(None, (_subject(token, key) for key in self._keys)), None)

    def signed_button(self, conversation_id: str, title: str, payload: str) -> dict[str, str]:
        """Gives a button that can be clicked in this conversation and in no other."""
        signature = _button_signature(self._key, conversation_id, title, payload)
        return {"title": title, "payload": payload, "signature": signature}

    def is_genuine(self, conversation_id: str, title: str, payload: str, signature: str) -> bool:
        """Tells whether this very button was offered in the conversation."""
        given = signature.encode(errors="replace")
        ours = [_button_signature(key, conversation_id, title, payload) for key in self._keys]
        return any(hmac.compare_digest(one.encode(), given) for one in ours)

    def with_keys_in(self, utterance: dict[str, Any]) -> dict[str, Any]:
        """Gives what Rasa hands to output channels with links to a citizen's data that can be followed.

        The backend gives them without their keys, so that they stand in no tracker and no transcript. Only
        the response that gives a link is completed: others may repeat what somebody has typed.
        """
        if utterance.get("utter_action") != _GIVES_LINK:
            return utterance
        complete = dict(utterance)
        if complete.get("text"):
            complete["text"] = self._with_keys(complete["text"])
        custom = complete.get("custom")
        if isinstance(custom, dict) and isinstance(custom.get("url"), str):
            complete["custom"] = {**custom, "url": self._with_keys(custom["url"])}
        return complete

    @staticmethod
    def without_link(utterance: dict[str, Any]) -> dict[str, Any]:
        """Gives what Rasa has stored without its link to a citizen's data, and everything else as it was."""
        if utterance.get("utter_action") != _GIVES_LINK:
            return utterance
        text = _LINK_BEHIND_WORDS.sub(".", utterance.get("text") or "")
        return {**utterance, "text": text, "custom": None}

    def code_proof(self, conversation_id: str, code: str) -> str:
        """What shows the backend that a code was given; backend/privacy/keys.py makes the same."""
        given = json.dumps(["identity code", conversation_id, code]).encode()
        return hmac.new(self._key.encode(), given, hashlib.sha256).hexdigest()

    def _with_keys(self, text: str) -> str:
        return _UNFINISHED_LINK.sub(lambda link: link[1] + self._link_key(link["id"]), text)

    def _link_key(self, link_id: str) -> str:
        """The same that backend/privacy/keys.py makes."""
        made = hmac.new(self._key.encode(), f"export link {link_id}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(made[:18]).decode()


def _subject(token: str, key: str) -> str | None:
    try:
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=[_ALGORITHM], audience=_AUDIENCE, options={"require": ["sub", "exp"]}
        )
    except jwt.InvalidTokenError:
        return None
    return str(claims["sub"])


def _button_signature(key: str, conversation_id: str, title: str, payload: str) -> str:
    # The title is signed too: it is what the transcript says the citizen answered.
    button = json.dumps(["button", conversation_id, title, payload]).encode()
    return hmac.new(key.encode(), button, hashlib.sha256).hexdigest()
