"""Phone numbers: reading them, and hiding them in the ids of conversations.

The id of an SMS conversation is the encrypted number, so an answer finds its way back without a table of who
is who, and no number stands in clear in a tracker, an event or a log. The encryption must give the same id
for the same number, which is what AES-SIV (RFC 5297) is made for.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

import phonenumbers
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

MIN_KEY_CHARACTERS = 32

PREFIX = "sms."
# Says what the ciphertext is for: the same number encrypted for something else is another text.
_PURPOSE = b"digispor sms conversation"


class NumberCipher:
    """Turns phone numbers into conversation ids and back with one secret key."""

    def __init__(self, key: str) -> None:
        """Creates the cipher.

        Args:
            key: The secret. With another key every citizen begins a new conversation.

        Raises:
            ValueError: The key is shorter than `MIN_KEY_CHARACTERS`.
        """
        if len(key) < MIN_KEY_CHARACTERS:
            raise ValueError(f"The key of the numbers must be at least {MIN_KEY_CHARACTERS} characters.")
        # AES-SIV takes two 256-bit keys in one.
        self._cipher = AESSIV(hashlib.sha512(key.encode()).digest())

    def conversation_id(self, number: str) -> str:
        """Gives the id of the conversation with an E.164 number; the same each time."""
        hidden = self._cipher.encrypt(number.encode(), [_PURPOSE])
        return PREFIX + base64.urlsafe_b64encode(hidden).decode().rstrip("=")

    def number(self, conversation_id: str) -> str | None:
        """Gives the E.164 number of a conversation, or None when the id is not one of ours."""
        if not conversation_id.startswith(PREFIX):
            return None
        hidden = conversation_id[len(PREFIX) :]
        try:
            decoded = base64.urlsafe_b64decode(hidden + "=" * (-len(hidden) % 4))
            return self._cipher.decrypt(decoded, [_PURPOSE]).decode()
        except (InvalidTag, binascii.Error, ValueError):
            return None


def read_number(written: str) -> str | None:
    """Gives the E.164 number of somebody who can be answered, or None.

    Args:
        written: A number with country code, with or without plus. Short codes and names are no numbers.
    """
    try:
        number = phonenumbers.parse("+" + written.strip().lstrip("+"))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def region(number: str) -> str:
    """Gives the country of an E.164 number as two letters, "" for none."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""


def masked(number: str) -> str:
    """Gives a number as logs and staff may see it: only its last two digits."""
    return f"***{number[-2:]}"
