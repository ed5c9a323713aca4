"""Seals what nobody but this console may read or make: encrypted and authenticated, for one purpose each.

The key comes from the console's secret, so there is no second secret to lose. What was sealed before that
secret was changed cannot be opened any more; the key's id, which stands before it, tells that from forgery.
"""

import base64
import binascii
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.settings import Settings

_NONCE_BYTES = 12
_KEY_BYTES = 32


class Seal:
    """AES-256-GCM with a key for one purpose.

    Args:
        settings: Where the console's secret stands.
        purpose: What the sealed things are for; nothing sealed for one passes for another.
    """

    def __init__(self, settings: Settings, purpose: str) -> None:
        secret = settings.console_secret.get_secret_value().encode()
        key = HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"digispor console {purpose}".encode()).derive(
            secret
        )
        self._cipher = AESGCM(key)
        self._key_id = hashlib.sha256(key).hexdigest()[:8]

    def close(self, text: str, *, about: str = "") -> str:
        """A text, sealed.

        Args:
            text: What is sealed.
            about: Whom it belongs to; it opens for no other.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, text.encode(), about.encode())
        return f"{self._key_id}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str, *, about: str = "") -> str | None:
        """What was sealed; None when it was not sealed with this key, for this purpose, about this."""
        key_id, _, body = sealed.partition(".")
        if key_id != self._key_id:
            return None
        try:
            raw = base64.urlsafe_b64decode(body)
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], about.encode()).decode()
        except (InvalidTag, ValueError, binascii.Error):
            return None
