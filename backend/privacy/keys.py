"""What is computed from secrets, so that it need not be stored: digests, codes and the keys of links."""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64encode

_NUMBER_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_KEY_MARK = "[key]"


def digest(text: str) -> str:
    """What something random is known by when it must not be stored itself."""
    return hashlib.sha256(text.encode()).hexdigest()


def keyed_digest(secret: str, text: str) -> str:
    """A digest of something that could be guessed, such as a phone number."""
    return hmac.new(secret.encode(), f"address {text}".encode(), hashlib.sha256).hexdigest()


def identity_code(secret: str, code_id: str) -> str:
    """The six digits that belong to a code's id."""
    made = hmac.new(secret.encode(), f"identity code {code_id}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(made[:8]) % 1_000_000:06}"


def code_proof(signing_key: str, conversation_id: str, code: str) -> str:
    """What the channel hands on instead of a code that was given. bot/channels/seal.py makes the same."""
    given = json.dumps(["identity code", conversation_id, code]).encode()
    return hmac.new(signing_key.encode(), given, hashlib.sha256).hexdigest()


def is_proof(signing_key: str, conversation_id: str, code: str, given: str) -> bool:
    """Whether somebody has given the right code; it takes as long however much of it is right."""
    return hmac.compare_digest(code_proof(signing_key, conversation_id, code).encode(), given.encode())


def link_key(signing_key: str, link_id: str) -> str:
    """What a link to somebody's data needs besides its id. bot/channels/seal.py makes the same."""
    made = hmac.new(signing_key.encode(), f"export link {link_id}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(made[:18]).decode()


def is_link_key(signing_key: str, link_id: str, given: str) -> bool:
    """Whether a link has its right key."""
    return hmac.compare_digest(link_key(signing_key, link_id).encode(), given.encode())


def unfinished_link(public_url: str, link_id: str) -> str:
    """A link without its key, which the channel puts in as it sends it: the key stands in no transcript."""
    return f"{public_url.rstrip('/')}/mine-data/{link_id}.{_KEY_MARK}"


def receipt_number() -> str:
    """A new number of an erasure: nobody guesses another's."""
    # With a letter in it, so that nobody takes it for a phone number.
    letters = "D" + "".join(secrets.choice(_NUMBER_LETTERS) for _ in range(11))
    return "-".join((letters[:4], letters[4:8], letters[8:]))
