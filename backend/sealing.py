"""Seals text: encrypted and authenticated with AES-256-GCM, for one purpose each.

What is sealed begins with the id of its key, which tells what another key has sealed from what is forged.
"""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12
_ID_LENGTH = 8


def derived_key(secret: str, purpose: str) -> bytes:
    """A key for one purpose; from it, nobody finds the secret or the key of another purpose."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(secret.encode())


def key_id(sealed: str) -> str:
    """The id of the key that something says it was sealed with."""
    return sealed.partition(".")[0]


class Seal:
    """Seals with the newest of some secrets, and opens what any of them has sealed.

    Args:
        secrets: The newest first.
        purpose: What the sealed things are for; nothing sealed for one passes for another.
    """

    def __init__(self, secrets: Sequence[str], purpose: str) -> None:
        keys = [derived_key(secret, purpose) for secret in secrets]
        self._ciphers = {hashlib.sha256(key).hexdigest()[:_ID_LENGTH]: AESGCM(key) for key in keys}
        self.newest_id = next(iter(self._ciphers))

    def close(self, text: str, *, about: str = "") -> str:
        """A text, sealed.

        Args:
            text: What is sealed.
            about: Whom or what it belongs to; it opens for no other.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._ciphers[self.newest_id].encrypt(nonce, text.encode(), about.encode())
        return f"{self.newest_id}.{base64.urlsafe_b64encode(sealed).decode()}"

    def knows(self, key_id: str) -> bool:
        """Whether one of the keys has this id."""
        return key_id in self._ciphers

    def open(self, sealed: str, *, about: str = "") -> str | None:
        """What was sealed; None when none of these keys has sealed it, for this purpose, about this."""
        cipher = self._ciphers.get(key_id(sealed))
        if cipher is None:
            return None
        try:
            raw = base64.b64decode(sealed.partition(".")[2], altchars=b"-_", validate=True)
            return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], about.encode()).decode()
        except (InvalidTag, ValueError, binascii.Error):
            return None
