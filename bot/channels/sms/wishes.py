"""Tells the backend whether a citizen wants to be written to."""

from __future__ import annotations

from datetime import datetime, timezone
from urllib.parse import quote

from bot.channels.backend import Backend, BackendSilent
from bot.channels.sms.lanes import NotYet
from bot.channels.sms.messages import Incoming


class ContactWishes:
    """The citizens' wishes, as the backend keeps them."""

    def __init__(self, backend: Backend) -> None:
        """Creates the door to them.

        Args:
            backend: Where they are kept.
        """
        self._backend = backend

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
        path = f"/conversations/{quote(message.conversation_id)}/contact-wish"
        try:
            stored = await self._backend.post(path, {"wanted": wanted, "said_at": said_at}, key=key)
        except BackendSilent as error:
            raise NotYet(f"the wish is not stored: {error}") from error
        return bool(stored["changed"])
