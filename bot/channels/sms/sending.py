"""Sends what waits in the store: one message at a time to each person, in order."""

from __future__ import annotations

import logging
import random
import time

from bot.channels.sms.messages import Outgoing, State
from bot.channels.sms.notes import is_last_word, is_note
from bot.channels.sms.numbers import NumberCipher
from bot.channels.sms.provider import NotNow, OutcomeUnknown, Provider, Refused
from bot.channels.sms.store import LONGEST_PAUSE_SECONDS, SmsStore
from bot.instruments import SMS_ATTEMPTS

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 1.0
# With the longest pause between them, about a day.
MOST_ATTEMPTS = 300
UNKNOWN_SECONDS = 30.0
"""How long an attempt nobody knows the outcome of waits for the provider's report before it is made again."""


class Sending:
    """Hands the messages of a conversation to the provider."""

    def __init__(self, store: SmsStore, provider: Provider, cipher: NumberCipher) -> None:
        self._store = store
        self._provider = provider
        self._cipher = cipher

    async def send_all(self, conversation_id: str) -> None:
        """Sends what waits in a conversation, up to the first message that does not get through."""
        while message := self._store.next_to_send(conversation_id, time.time()):
            state = await self._send(message)
            if not state.is_final and state is not State.SENT:
                return

    async def _send(self, message: Outgoing) -> State:
        number = self._cipher.number(message.conversation_id)
        self._store.begin_attempt(message.reference, time.time() + UNKNOWN_SECONDS)
        try:
            if number is None:
                raise Refused("not a number of ours; was the key changed?")
            await self._provider.send(message, number)
        except NotNow as reason:
            return self._try_later(message, str(reason))
        except OutcomeUnknown as reason:
            # It stays "sending": a report, or the time set above, decides.
            logger.warning("SMS %s: the outcome is not known (%s).", message.reference, reason)
            SMS_ATTEMPTS.labels(State.SENDING.value).inc()
            return State.SENDING
        except Refused as reason:
            logger.error("SMS %s was refused (%s).", message.reference, reason)
            return self._end(message, State.FAILED)
        return self._end(message, State.SENT)

    def _try_later(self, message: Outgoing, reason: str) -> State:
        if message.attempts + 1 >= MOST_ATTEMPTS:
            logger.error("SMS %s is given up (%s).", message.reference, reason)
            return self._end(message, State.FAILED)
        longest = min(FIRST_PAUSE_SECONDS * 2 ** min(message.attempts, 10), LONGEST_PAUSE_SECONDS)
        pause = longest * random.uniform(0.5, 1)  # noqa: S311 - spreads load, hides nothing
        logger.warning("SMS %s waits %.0f s (%s).", message.reference, pause, reason)
        return self._end(message, State.WAITING, time.time() + pause)

    def _end(self, message: Outgoing, state: State, next_attempt_at: float = 0) -> State:
        SMS_ATTEMPTS.labels(state.value).inc()
        self._store.end_attempt(message.reference, state, next_attempt_at)
        if state is not State.WAITING and is_note(message.reference):
            self._forget(message)
        return state

    def _forget(self, message: Outgoing) -> None:
        self._store.forget_outgoing(message.reference)
        if is_last_word(message.reference):
            # What was said while everything else was being erased.
            self._store.erase(message.conversation_id)
