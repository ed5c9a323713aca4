"""Tells the backend how far the answers to citizens have come: as events, by the way all events go."""

from __future__ import annotations

from typing import Any

from bot.channels.sms.messages import Delivery
from bot.channels.sms.store import SmsStore
from bot.events.spool import Spool, SpooledEvent

EVENT = "sms_delivery"
_AT_ONCE = 200


class Deliveries:
    """Hands what has become of answers over to the spool of events."""

    def __init__(self, store: SmsStore, spool: Spool) -> None:
        """Creates it.

        Args:
            store: Knows what has become of them.
            spool: Delivers events, in order and until they have arrived.
        """
        self._store = store
        self._spool = spool

    def hand_over(self) -> None:
        """Hands over what is new. After a crash in the middle the same events come again, and are known.

        Raises:
            sqlite3.Error: One of the files failed; what is new is kept and tried again.
        """
        while deliveries := self._store.untold(_AT_ONCE):
            self._spool.append([SpooledEvent.of(_event(delivery)) for delivery in deliveries])
            self._store.told(deliveries)


def _event(delivery: Delivery) -> dict[str, Any]:
    return {
        "sender_id": delivery.conversation_id,
        "event": EVENT,
        "timestamp": delivery.changed_at,
        "name": delivery.reference,
        "message_id": delivery.message_id,
        "answers": delivery.answers,
        "state": delivery.state.value,
    }
