"""Shows what the assistant says in the open tabs of a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from rasa.core.channels.channel import OutputChannel
from socketio import AsyncServer

from bot.channels.history import AUTHOR, NOTICE_ID
from bot.channels.owners import Owners
from bot.channels.seal import Seal
from bot.channels.web.messages import bot_message


class WebOutput(OutputChannel):
    """Sends the assistant's messages to every tab that shows the conversation."""

    def __init__(self, sio: AsyncServer, seal: Seal, owners: Owners | None) -> None:
        self._sio = sio
        self._seal = seal
        self._owners = owners

    @classmethod
    def name(cls) -> str:
        """Name that channel-specific responses go by."""
        return "web"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Sends text, buttons and custom data as one message; for a person's, the widget gives a receipt."""
        shown = bot_message(recipient_id, message, self._seal)
        if self._owners is None or not message.get(AUTHOR):
            await self._sio.emit("bot_uttered", shown, room=recipient_id)
            return
        receipt = partial(note_delivered, self._owners, [str(message[NOTICE_ID])])
        for sid in _tabs(self._sio, recipient_id):
            await self._sio.emit("bot_uttered", shown, to=sid, callback=receipt)


async def note_delivered(owners: Owners, message_ids: Sequence[str], *_: object) -> None:
    """Tells the backend which messages a citizen's device has shown."""
    for message_id in message_ids:
        await owners.note_delivered(message_id)


def _tabs(sio: AsyncServer, conversation_id: str) -> list[str]:
    """The connections that show a conversation. A receipt can only be asked of one at a time."""
    try:
        return [sid for sid, _ in sio.manager.get_participants("/", conversation_id)]
    except KeyError:
        return []
