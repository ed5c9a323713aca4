"""The backend, as channels ask it while a citizen waits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.rotation import newest
from observability import correlation

# A turn waits for this, so it is better not to know than to wait long.
TIMEOUT = aiohttp.ClientTimeout(total=1.5)


class BackendSilent(Exception):
    """The backend gave no answer that can be used now.

    Attributes:
        status: What it answered with, where it answered.
    """

    def __init__(self, reason: Exception) -> None:
        super().__init__(repr(reason))
        self.status = reason.status if isinstance(reason, aiohttp.ClientResponseError) else None


class Backend:
    """Asks and tells the backend's API, briefly."""

    def __init__(self, backend_url: str, service_token: str) -> None:
        """Creates the door to it.

        Args:
            backend_url: Root of the backend.
            service_token: What is shown to it.
        """
        self._root = f"{backend_url.rstrip('/')}/api/v1"
        self._headers = {"Authorization": f"Bearer {newest(service_token)}"}

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any]) -> Backend | None:
        """Creates the door from a channel's credentials; None where they do not name the backend."""
        backend_url, token = credentials.get("backend_url"), credentials.get("service_token")
        return cls(str(backend_url), str(token)) if backend_url and token else None

    async def get(self, path: str) -> Any:
        """What it tells at a path.

        Raises:
            BackendSilent: It told nothing.
        """
        try:
            async with self._session() as session, session.get(self._root + path) as response:
                response.raise_for_status()
                return await response.json()
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise BackendSilent(error) from error

    async def tell(self, path: str, *, key: str | None = None) -> None:
        """Tells it something that has no more to it than its path.

        Args:
            path: What is told.
            key: By which it knows that it was told before, where that matters.

        Raises:
            BackendSilent: It did not take it.
        """
        headers = {"Idempotency-Key": key} if key else {}
        try:
            async with (
                self._session() as session,
                session.post(self._root + path, json={}, headers=headers) as response,
            ):
                response.raise_for_status()
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise BackendSilent(error) from error

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(timeout=TIMEOUT, headers={**self._headers, **correlation.headers()})
