"""Secrets that can be changed while what was made with them is still about.

A setting may hold several, separated by commas: the newest first, then older ones that are still accepted.
backend/settings.py reads them in the same way.
"""

from __future__ import annotations

import hmac


def accepted(setting: str) -> list[str]:
    """All of a setting's secrets, the newest first."""
    return [part.strip() for part in setting.split(",") if part.strip()]


def newest(setting: str) -> str:
    """The secret that is shown and signed with; "" when there is none."""
    return next(iter(accepted(setting)), "")


def shows_token(authorization: str, tokens: str) -> bool:
    """Tells whether a request shows one of a setting's tokens."""
    shown = authorization.encode(errors="surrogateescape")
    return any(hmac.compare_digest(shown, f"Bearer {token}".encode()) for token in accepted(tokens))
