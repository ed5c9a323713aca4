"""Sends what a citizen did not ask for, such as a caseworker's message, as SMS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.channels.history import AUTHOR, NOTICE_ID
from bot.channels.sms.answering import CHANNEL
from bot.channels.sms.gsm import parts
from bot.channels.sms.store import SmsStore
from bot.channels.sms.wording import messages


class SmsDelivery(OutputChannel):
    """Puts each message into the store, under its own id: one that comes again is not sent again."""

    def __init__(self, store: SmsStore, stored: Callable[[], None]) -> None:
        """Creates the output.

        Args:
            store: Where messages wait to be sent.
            stored: Called when there is something to send.
        """
        self._store = store
        self._stored = stored

    @classmethod
    def name(cls) -> str:
        """Name that channel-specific responses go by."""
        return CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Puts one message on its way. A person's begins with their name: a phone shows one sender."""
        author = message.get(AUTHOR)
        if author:
            message = {**message, "text": f"{author} fra kommunen: {message['text']}"}
        for number, text in enumerate(messages([message])):
            self._store.say(f"{message[NOTICE_ID]}-{number}", recipient_id, text, parts(text))
        self._stored()
