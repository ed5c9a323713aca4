"""The backend, as channels ask it and tell it things."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.rotation import newest
from observability import correlation

BRIEFLY = 1.5
"""Seconds. A turn waits for this, so it is better not to know than to wait long."""


class BackendSilent(Exception):
    """The backend gave no answer that can be used now.

    Attributes:
        status: What it answered with, where it answered.
    """

    def __init__(self, reason: Exception) -> None:
        super().__init__(repr(reason))
        self.status = reason.status if isinstance(reason, aiohttp.ClientResponseError) else None


class Backend:
    """Asks and tells the backend's API."""

    def __init__(self, backend_url: str, service_token: str, *, seconds: float = BRIEFLY) -> None:
        """Creates the door to it.

        Args:
            backend_url: Root of the backend.
            service_token: What is shown to it.
            seconds: How long its answer is waited for.
        """
        self._root = f"{backend_url.rstrip('/')}/api/v1"
        self._headers = {"Authorization": f"Bearer {newest(service_token)}"}
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any]) -> Backend | None:
        """Creates the door from a channel's credentials; None where they do not name the backend."""
        backend_url, token = credentials.get("backend_url"), credentials.get("service_token")
        return cls(str(backend_url), str(token)) if backend_url and token else None

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """What it tells at a path.

        Raises:
            BackendSilent: It told nothing.
        """
        return await self._request("GET", path, params=query)

    async def post(self, path: str, body: Mapping[str, Any] | None = None, *, key: str | None = None) -> Any:
        """Tells it something, and gives what it answers; None where it has nothing to say.

        Args:
            path: What is told.
            body: What there is to say of it.
            key: By which it knows that it was told before, where that matters.

        Raises:
            BackendSilent: It did not take it, or nobody knows.
        """
        headers = {"Idempotency-Key": key} if key else {}
        return await self._request("POST", path, json=body or {}, headers=headers)

    async def _request(self, method: str, path: str, **options: Any) -> Any:
        headers = {**self._headers, **correlation.headers()}
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout, headers=headers) as session,
                session.request(method, self._root + path, **options) as response,
            ):
                response.raise_for_status()
                return await response.json() if response.status != 204 else None
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise BackendSilent(error) from error
