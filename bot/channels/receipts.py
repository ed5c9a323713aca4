"""Asks the backend what has become of a conversation that its citizen has had erased."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote

from bot.channels.backend import Backend, BackendSilent

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Receipt:
    """What the backend tells of an erasure.

    Attributes:
        number: By which the citizen and the municipality speak of it.
        url: The page that tells what is gone and what is kept.
        begun_at: When the citizen asked, in epoch seconds.
        done_at: When everything was gone; None while some may be left.
    """

    number: str
    url: str
    begun_at: float
    done_at: float | None


class Receipts:
    """The receipts of erased conversations, as the backend knows them."""

    def __init__(self, backend: Backend) -> None:
        """Creates the door to them.

        Args:
            backend: Where they are.
        """
        self._backend = backend

    async def of(self, conversation_id: str) -> Receipt | None:
        """The receipt of a conversation's erasure; None when there was none or the backend is silent."""
        try:
            told = await self._backend.get(f"/conversations/{quote(conversation_id, safe='')}/erasure")
            return Receipt(
                number=told["number"],
                url=told["receipt_url"],
                begun_at=_epoch(told["begun_at"]),
                done_at=_epoch(told["done_at"]) if told["done_at"] else None,
            )
        except BackendSilent as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            reason = repr(error)
        except (TypeError, ValueError, KeyError) as error:
            reason = repr(error)
        logger.warning("What became of conversation %s is not known now (%s).", conversation_id, reason)
        return None


def _epoch(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
