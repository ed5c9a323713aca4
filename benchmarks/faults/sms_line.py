"""A line by SMS: a message is sent once, for the gateway keeps it until it is taken; answers come in time."""

import asyncio
import hashlib
import re
import sqlite3
import time
from collections import deque

from benchmarks.faults.ledger import Exchange, Ledger, Said
from benchmarks.faults.lines import GaveUp, Messages, begin, end, is_hopeless
from benchmarks.house import House
from tests.sms_gateway import Gateway, Phone

MOST_A_MINUTE = 19
"""Whoever writes more than twenty is asked to wait."""
MINUTE_SECONDS = 61.0
QUIET_SECONDS = 0.8
"""An answer in several messages has come when no more follow for so long."""
_CHOICES = re.compile(r"^(\d) (.+)$", re.MULTILINE)
_SCALE = "Svar 0-3"


class SmsLine:
    """Writes from a phone.

    Args:
        house: Where the assistant runs.
        gateway: Takes what is written to it.
        phone: The citizen's.
    """

    def __init__(self, house: House, gateway: Gateway, phone: Phone) -> None:
        self._house = house
        self._gateway = gateway
        self._phone = phone
        self._read = 0
        self._written_at: deque[float] = deque(maxlen=MOST_A_MINUTE)
        self._offers_scale = False
        self.ledger = Ledger("", "sms")

    async def open(self) -> Messages:
        """The citizen is the first to write here."""
        return []

    async def send(self, exchange: Exchange) -> Messages:
        """Sends a message, and gives what has come when the answer to it has.

        Raises:
            GaveUp: No answer came.
        """
        await self._take_time()
        if self._offers_scale and exchange.written.isdecimal():
            exchange.button = {"title": exchange.written}
        exchange.tries = 1
        begin(self.ledger, exchange)
        written = await asyncio.to_thread(self._gateway.write, self._phone, exchange.written)
        exchange.message_id = f"sms.{hashlib.sha256(written.encode()).hexdigest()[:32]}"
        self._written_at.append(time.monotonic())
        while not self._has_answer(exchange):
            if is_hopeless(exchange):
                raise GaveUp(exchange.written)
            await asyncio.sleep(0.1)
        await self._until_quiet()
        end(exchange, [])
        if not self.ledger.conversation_id:
            self.ledger.conversation_id = await asyncio.to_thread(self._conversation_of, exchange)
        return self._news()

    def has_heard(self, words: str) -> bool:
        """Whether the assistant has said something, also unasked."""
        return any(words in text for text in self._phone.received)

    async def close(self) -> None:
        """Nothing is held open."""

    async def _take_time(self) -> None:
        if len(self._written_at) == MOST_A_MINUTE:
            await asyncio.sleep(max(0.0, self._written_at[0] + MINUTE_SECONDS - time.monotonic()))

    def _has_answer(self, exchange: Exchange) -> bool:
        return any(one.startswith(exchange.message_id) for one, _ in list(self._phone.arrived))

    async def _until_quiet(self) -> None:
        count = -1
        while count != len(self._phone.arrived):
            count = len(self._phone.arrived)
            await asyncio.sleep(QUIET_SECONDS)

    def _news(self) -> Messages:
        """Gives what has come since the last time, and notes each text with the message that it answers."""
        exchanges = {one.message_id: one for one in self.ledger.exchanges}
        arrived = list(self._phone.arrived)[self._read :]
        self._read += len(arrived)
        messages: Messages = []
        for reference, text in arrived:
            answered = exchanges.get(reference.rpartition("-")[0], self.ledger.exchanges[-1])
            answered.said.append(Said(text, time.time()))
            choices = [{"title": title} for _, title in _CHOICES.findall(text)] if "Svar " in text else []
            messages.append({"text": text, "buttons": choices})
            self._offers_scale = _SCALE in text
        return messages

    def _conversation_of(self, exchange: Exchange) -> str:
        """Only the house can make the id of a conversation from a number."""
        with sqlite3.connect(f"file:{self._house.folder / 'sms.db'}?mode=ro", uri=True, timeout=30) as store:
            query = "SELECT conversation_id FROM incoming WHERE message_id = ?"
            [(conversation_id,)] = store.execute(query, (exchange.message_id,))
        return str(conversation_id)
