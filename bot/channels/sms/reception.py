"""What happens to a message between the webhook and the store: who may be answered, and how often."""

from __future__ import annotations

import hashlib
import logging
import math
import time
from collections import OrderedDict, deque
from collections.abc import Collection

from bot.channels.cleaning import clean_text
from bot.channels.sms.messages import Incoming
from bot.channels.sms.numbers import NumberCipher, masked, read_number, region
from bot.channels.sms.provider import TextReceived
from bot.channels.sms.store import SmsStore
from identifiers import EARLIER, mask_continued

logger = logging.getLogger(__name__)

RATE_LIMIT = 20
RATE_SECONDS = 60.0
TOO_MANY_MESSAGES = "utter_too_many_messages"
NUMBER_ABROAD = "utter_number_abroad"
MOST_RECENT = 1000
"""Of how many conversations the latest messages are remembered."""


class Reception:
    """Stores what arrives."""

    def __init__(self, store: SmsStore, cipher: NumberCipher, countries: Collection[str]) -> None:
        """Creates it.

        Args:
            store: Where messages are kept.
            cipher: Makes conversation ids.
            countries: Whose numbers are answered, as two letters each.
        """
        self._store = store
        self._cipher = cipher
        self._countries = frozenset(countries)
        self._recent: OrderedDict[str, deque[str]] = OrderedDict()

    def take(self, received: TextReceived) -> None:
        """Stores a message that is new, as what is to be answered; returns when it is on disk."""
        number = read_number(received.sender)
        if number is None:
            # Shops and other machines write from short codes and names. There is nobody to answer.
            logger.info("An SMS from somebody who cannot be answered is left.")
            return
        conversation_id = self._cipher.conversation_id(number)
        response, waits = self._notice(number, conversation_id)
        text = "{}" if response else self._completing_nothing(conversation_id, _text_of(received))
        now = time.time()
        # A provider's clock that runs ahead must not hold a message back behind later ones.
        sent_at = min(received.sent_at or now, now)
        message = Incoming(
            _message_id(received.id), conversation_id, text, sent_at, response, received.opt_out is not None
        )
        if not self._store.take_in(message, waits=waits):
            logger.info("An SMS from %s has come again.", masked(number))

    def _completing_nothing(self, conversation_id: str, text: str) -> str:
        """A text without what completes a CPR number begun just before: no file ever holds both halves.

        Only in memory: after a restart the intake, which knows the conversation, is the one to notice.
        """
        recent = self._recent.pop(conversation_id, deque(maxlen=EARLIER))
        kept = mask_continued(recent, text)
        recent.append(kept)
        self._recent[conversation_id] = recent
        if len(self._recent) > MOST_RECENT:
            self._recent.popitem(last=False)
        return kept

    def _notice(self, number: str, conversation_id: str) -> tuple[str, bool]:
        """Gives what is said instead of an answer, "" for an answer, and whether it is to be said."""
        if region(number) not in self._countries:
            # Each answer abroad costs, and invites to be abused: one is enough.
            return NUMBER_ABROAD, self._store.received_between(conversation_id, 0, math.inf) == 0
        now = time.time()
        recent = self._store.received_between(conversation_id, now - RATE_SECONDS, now)
        if recent < RATE_LIMIT:
            return "", True
        logger.warning("More than %d messages in a minute from %s.", RATE_LIMIT, masked(number))
        return TOO_MANY_MESSAGES, recent == RATE_LIMIT


def _text_of(received: TextReceived) -> str:
    # Which words a provider takes for a stop is set up there.
    return received.opt_out if received.opt_out in ("STOP", "START") else clean_text(received.text)


def _message_id(provider_id: str) -> str:
    """An id of our own: a provider's may hold anything."""
    return f"sms.{hashlib.sha256(provider_id.encode()).hexdigest()[:32]}"
