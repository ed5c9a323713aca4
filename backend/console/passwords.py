"""Passwords: which are good enough, and how they are hashed.

They are hashed with Argon2id, in a thread, because hashing is slow on purpose.
"""

import asyncio
import threading
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from backend import danish

SHORTEST, LONGEST = 12, 500
# zxcvbn's best mark: it takes more than 10^10 guesses.
_HARD_TO_GUESS = 4
# What comes after makes none easier to guess, and one made for it would keep zxcvbn busy for seconds.
_LOOKED_AT = 32
# What Danes take first when a password has to be changed; zxcvbn knows the English ones.
_DANISH = (
    *danish.MONTHS,
    *danish.WEEKDAYS,
    *"""
    forår sommer efterår vinter jul ferie velkommen adgangskode kodeord hemmelig password login
    danmark dansk kommune jobcenter borgerservice borger sagsbehandler konsulent kontor arbejde
    københavn frederiksberg aarhus odense aalborg esbjerg randers horsens kolding vejle roskilde
    herning silkeborg hørsholm helsingør viborg køge holstebro amager nørrebro vesterbro østerbro
    valby vanløse brønshøj kaffe fodbold skole familie elsker hund kat min mit er det
    """.split(),
)
# zxcvbn keeps the words that a password is held against in one place for all.
_one_at_a_time = threading.Lock()
# The library's defaults are the second recommended option of RFC 9106.
_hasher = PasswordHasher()


class Weakness(StrEnum):
    """Why a password is not good enough."""

    SHORT = "short"
    LONG = "long"
    EASY_TO_GUESS = "easy_to_guess"


async def weakness(password: str, about: str) -> Weakness | None:
    """Why a password is not good enough; None when it is.

    Which characters are in it does not matter (NIST SP 800-63B, 5.1.1.2): it is long enough, and neither one
    of those that people use most nor one that follows from them or from what is known about its owner.

    Args:
        password: What somebody has chosen.
        about: Words that others know about them, with spaces between.
    """
    if len(password) < SHORTEST:
        return Weakness.SHORT
    if len(password) > LONGEST:
        return Weakness.LONG
    is_hard = await asyncio.to_thread(_is_hard_to_guess, password[:_LOOKED_AT], about.split())
    return None if is_hard else Weakness.EASY_TO_GUESS


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


def _is_hard_to_guess(password: str, known: Iterable[str]) -> bool:
    # "Københavns" is known as "København" too.
    words = {form for word in known for form in (word, word.removesuffix("s"))}
    with _one_at_a_time:
        return zxcvbn(password, user_inputs=[*_DANISH, *sorted(words)])["score"] >= _HARD_TO_GUESS


def _verify(password: str, password_hash: str | None) -> bool:
    # Nobody has chosen a longer one, and hashing it would take as long as its sender likes.
    is_too_long = len(password) > LONGEST
    try:
        _hasher.verify(password_hash or _no_password(), "" if is_too_long else password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None and not is_too_long


@cache
def _no_password() -> str:
    return _hasher.hash("")
