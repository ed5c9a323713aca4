"""Rasa's event broker: all that is said reaches the backend, even one that was down for a while."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from asyncio import AbstractEventLoop
from collections import Counter
from pathlib import Path
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.utils.endpoints import EndpointConfig

from bot.channels.history import OPEN_CHAT
from bot.events.sender import EventsEndpoint, Sender
from bot.events.spool import Spool, SpooledEvent
from bot.instruments import MESSAGES, NOT_UNDERSTOOD, UNDERSTOOD

logger = logging.getLogger(__name__)


class SpoolingEventBroker(EventBroker):
    """Writes each event to a spool on disk; a task beside it sends them to the backend.

    Rasa publishes while it saves a tracker and before it commits it, so an event can arrive at the backend
    without being in the tracker, or be published twice. The events' ids let the backend tell. Where nothing
    was committed, the turn is taken again, with the same message at another time; it keeps its ids.
    """

    def __init__(self, spool: Spool, endpoint: EventsEndpoint) -> None:
        """Creates the broker. Nothing is sent before `start`.

        Args:
            spool: Where events wait.
            endpoint: Where they go.
        """
        self._spool = spool
        self._sender = Sender(spool, endpoint)
        self._sending: asyncio.Task[None] | None = None
        self._unspooled: list[SpooledEvent] = []
        self._turn = _Turn("", "")

    @classmethod
    async def from_endpoint_config(
        cls, broker_config: EndpointConfig, event_loop: AbstractEventLoop | None = None
    ) -> SpoolingEventBroker:
        """Creates the broker from endpoints.yml (`url`, `token`, `spool`) and starts sending.

        Only a server that loads an agent with its endpoints comes here; training and testing do not.
        """
        spool = Spool(Path(broker_config.kwargs["spool"]))
        logger.info("%d events wait in the spool from before.", spool.count())
        if refused := spool.refused():
            logger.warning(
                "%d events were refused and are set aside: python -m bot.events list", len(refused)
            )
        broker = cls(spool, EventsEndpoint(broker_config.url, broker_config.token))
        broker.start()
        return broker

    def start(self) -> None:
        """Starts sending, in the running event loop."""
        self._sending = asyncio.get_running_loop().create_task(self._sender.run(), name="event sender")

    def publish(self, event: dict[str, Any]) -> None:
        """Keeps an event safe on disk. Sending it is the task's business, so this takes no time to speak of.

        A failing disk does not end the turn, whose tracker may well be stored: the events wait in memory.
        """
        _count(event)
        self._unspooled.append(SpooledEvent.of(event, self._identity(event)))
        try:
            self._spool.append(self._unspooled)
        except sqlite3.Error:
            logger.exception("%d events are only in memory: the spool failed.", len(self._unspooled))
        else:
            self._unspooled.clear()
            self._sender.wake()

    def _identity(self, event: dict[str, Any]) -> object:
        """What makes an event the same when its turn is taken again; None for what need not be known."""
        sender, kind = str(event["sender_id"]), event.get("event")
        if kind == "user":
            self._turn = _Turn(sender, str(event.get("message_id") or ""))
        # What is published of another conversation ends the turn: what follows was not said in it.
        elif sender != self._turn.sender:
            self._turn = _Turn("", "")
        return self._turn.identity_of(event)

    async def close(self) -> None:
        """Stops sending. What has not arrived is sent at the next start."""
        if self._sending:
            self._sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sending
        self._spool.close()


class _Turn:
    """A message of a citizen's and what is said to it, while it is published."""

    def __init__(self, sender: str, message_id: str) -> None:
        self.sender = sender
        self._message_id = message_id
        self._said: Counter[str] = Counter()

    def identity_of(self, event: dict[str, Any]) -> object:
        """What makes an event of the turn the same when the turn is taken again."""
        kind = event.get("event")
        if not self._message_id or kind not in ("user", "bot"):
            return None
        text = str(event.get("text")) if kind == "bot" else ""
        self._said[text] += 1
        return [self.sender, self._message_id, kind, text, self._said[text]]


def _count(event: dict[str, Any]) -> None:
    """Counts what a citizen said, and whether it was understood."""
    if event.get("event") != "user" or event.get("text") == OPEN_CHAT:
        return
    intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
    read = NOT_UNDERSTOOD if intent in (None, DEFAULT_NLU_FALLBACK_INTENT_NAME) else UNDERSTOOD
    MESSAGES.labels(event.get("input_channel") or "unknown", read).inc()
