"""No channel for citizens, but the way in that Rasa leaves open: health and metrics of the Rasa process.

- `GET /health/live`: the process answers
- `GET /health/ready`: whether it can work, and which part cannot
- `GET /metrics`: what Prometheus reads, with a token of its own
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw

from bot.channels.sms.store import SmsStore
from bot.events.spool import Spool
from observability import metrics
from observability.metrics import Queue
from observability.room import has_room

logger = logging.getLogger(__name__)

TIMEOUT = aiohttp.ClientTimeout(total=2)


class OperationsInput(InputChannel):
    """Serves whoever looks after the process."""

    def __init__(self, token: str, spool: Path, sms: Path) -> None:
        """Creates the channel.

        Args:
            token: What Prometheus shows; without one nobody reads the metrics.
            spool: File of the events on their way to the backend.
            sms: File of the messages by SMS; there when there has been SMS.
        """
        self._token = token
        self._spool = spool
        self._sms = sms

    @classmethod
    def name(cls) -> str:
        """Name of the channel."""
        return "operations"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> OperationsInput:
        """Creates the channel from its part of credentials.yml: `token`, `spool` and `sms`."""
        given = credentials or {}
        if not given.get("spool") or not given.get("sms"):
            cls.raise_missing_credentials_exception()
        return cls(str(given.get("token") or ""), Path(given["spool"]), Path(given["sms"]))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Gives the routes. Nothing that citizens say comes this way."""
        return _AtTheRoot(self)

    async def tell_live(self, _: Request) -> HTTPResponse:
        """The process answers."""
        return json({"status": "ok"})

    async def tell_ready(self, request: Request) -> HTTPResponse:
        """Whether a citizen who writes now would be answered, and kept."""
        agent = request.app.ctx.agent
        parts = {
            "model": "ok" if agent is not None and agent.is_ready() else "not-loaded",
            "actions": await _actions_state(agent),
            "spool": self._spool_state(),
            "disk": "ok" if has_room(self._spool.parent) else "full",
        }
        ok = set(parts.values()) == {"ok"}
        return json({"status": "ok" if ok else "unavailable", **parts}, status=200 if ok else 503)

    async def tell_metrics(self, request: Request) -> HTTPResponse:
        """Everything that is counted here."""
        if not metrics.may_read(request.headers.get("Authorization"), self._token):
            return json({"status": 401}, status=401, headers={"WWW-Authenticate": "Bearer"})
        body = metrics.exposition(self._queues(time.time()), self._spool.parent)
        return raw(body, content_type=metrics.CONTENT_TYPE)

    def _spool_state(self) -> str:
        try:
            spool = Spool(self._spool)
            spool.try_to_write()
            spool.close()
        except (OSError, sqlite3.Error):
            return "not-writable"
        return "ok"

    def _queues(self, now: float) -> Iterator[Queue]:
        try:
            spool = Spool(self._spool)
            yield from spool.queues(now)
            spool.close()
            if not self._sms.exists():
                yield from (Queue("sms_incoming", 0), Queue("sms_outgoing", 0))
                return
            sms = SmsStore(self._sms)
            yield from sms.queues(now)
            sms.close()
        except (OSError, sqlite3.Error):
            logger.exception("A queue could not be read.")


class _AtTheRoot(Blueprint):
    """Puts the routes where the other processes have them, and not below /webhooks/."""

    def __init__(self, operations: OperationsInput) -> None:
        super().__init__("operations_channel")
        self.ctx.operations = operations

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Adds the routes to the application that Rasa makes."""
        operations = self.ctx.operations
        app.add_route(operations.tell_live, "/health/live", methods=["GET"], name="tell_live")
        app.add_route(operations.tell_ready, "/health/ready", methods=["GET"], name="tell_ready")
        app.add_route(operations.tell_metrics, metrics.PATH, methods=["GET"], name="tell_metrics")
        super().register(app, options)


async def _actions_state(agent: Any) -> str:
    endpoint = getattr(agent, "action_endpoint", None)
    if endpoint is None:
        return "not-set"
    # What only Rasa may ask: an action server that lives and refuses us is of no use.
    url = str(endpoint.url).rpartition("/webhook")[0] + "/actions"
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT, headers=endpoint.headers) as session,
            session.get(url) as response,
        ):
            if response.status == 401:
                return "refused"
            return "ok" if response.status == 200 else "unavailable"
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
        return "unavailable"
