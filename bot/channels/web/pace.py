"""How much is taken from one conversation, and from one address, before they have to wait."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from throttling import Limit, Proxies

logger = logging.getLogger(__name__)

# Faster than anybody answers, button after button.
SAID_AT_ONCE, SAID_A_MINUTE = 60, 60
# Signs of writing come every third second.
TYPED_AT_ONCE, TYPED_A_MINUTE = 20, 60
# A whole course room, or a library, has one address.
BEGUN_AT_ONCE, BEGUN_A_MINUTE = 100, 60


class Pace:
    """Counts in memory: what is refused is to come again, and a restart forgives everybody."""

    def __init__(self, proxies: Proxies) -> None:
        """Creates it.

        Args:
            proxies: Whose word for who asks is believed.
        """
        self._proxies = proxies
        self._said = Limit(SAID_AT_ONCE, SAID_A_MINUTE)
        self._typed = Limit(TYPED_AT_ONCE, TYPED_A_MINUTE)
        self._begun = Limit(BEGUN_AT_ONCE, BEGUN_A_MINUTE)
        # Whoever is held back must not fill the log instead.
        self._told = Limit(1, 1)

    def lets_say(self, conversation_id: str) -> bool:
        """Whether a conversation may say one thing more now."""
        return self._said.take(conversation_id) or self._held_back("messages in a conversation")

    def lets_type(self, conversation_id: str) -> bool:
        """Whether a conversation may tell now that somebody is writing."""
        return self._typed.take(conversation_id)

    def lets_begin(self, environ: Mapping[str, Any]) -> bool:
        """Whether the address at the other end may begin one conversation more now.

        Args:
            environ: What Socket.IO knows of the connection.
        """
        request = environ["sanic.request"]
        address = self._proxies.client(request.ip, request.headers.getall("X-Forwarded-For", []))
        return (
            address is None or self._begun.take(address) or self._held_back("conversations from an address")
        )

    def _held_back(self, what: str) -> bool:
        if self._told.take(what):
            # Neither the conversation nor the address: what is told here is kept longer than they are.
            logger.warning("Too many %s in a minute; some have to wait.", what)
        return False
