"""Passwords: hashed with Argon2id, in a thread, because hashing is slow on purpose."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# The library's defaults are the second recommended option of RFC 9106.
_hasher = PasswordHasher()


async def hash_password(password: str) -> str:
    """The password's hash, with a salt of its own."""
    return await asyncio.to_thread(_hasher.hash, password)


async def is_password(password: str, password_hash: str | None) -> bool:
    """Whether a password has a hash.

    Args:
        password: What was typed.
        password_hash: The stored hash; None never fits, and takes as long to find out.
    """
    return await asyncio.to_thread(_verify, password, password_hash)


def _verify(password: str, password_hash: str | None) -> bool:
    try:
        _hasher.verify(password_hash or _no_password(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _no_password() -> str:
    return _hasher.hash("")
