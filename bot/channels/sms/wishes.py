"""Tells the backend whether a citizen wants to be written to."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from urllib.parse import quote

import aiohttp

from bot.channels.sms.lanes import NotYet
from bot.channels.sms.messages import Incoming
from bot.rotation import newest
from observability import correlation

TIMEOUT_SECONDS = 10.0


class ContactWishes:
    """The citizens' wishes, as the backend keeps them."""

    def __init__(self, backend_url: str, service_token: str) -> None:
        """Creates the door to them.

        Args:
            backend_url: Root of the backend.
            service_token: What is shown to it.
        """
        self._root = f"{backend_url.rstrip('/')}/api/v1/conversations"
        self._headers = {"Authorization": f"Bearer {newest(service_token)}"}

    async def want_contact(self, message: Incoming) -> bool:
        """Stores the wish in a message, and tells whether the citizen had wished otherwise before.

        Raises:
            NotYet: The backend did not store it now.
        """
        return await self._say(message, wanted=True, key=f"{message.id}:start")

    async def stop_contact(self, message: Incoming) -> None:
        """Stores that the citizen does not want to be written to.

        Raises:
            NotYet: The backend did not store it now.
        """
        await self._say(message, wanted=False, key=f"{message.id}:stop")

    async def _say(self, message: Incoming, *, wanted: bool, key: str) -> bool:
        said_at = datetime.fromtimestamp(message.sent_at, timezone.utc).isoformat()
        url = f"{self._root}/{quote(message.conversation_id)}/contact-wish"
        headers = {**self._headers, "Idempotency-Key": key, **correlation.headers()}
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, headers=headers) as session,
                session.post(url, json={"wanted": wanted, "said_at": said_at}) as response,
            ):
                response.raise_for_status()
                return bool((await response.json())["changed"])
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise NotYet(f"the wish is not stored: {error!r}") from error
