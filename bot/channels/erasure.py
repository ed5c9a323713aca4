"""The way in for the backend when a citizen's conversation is to be erased.

Below /webhooks/erasure, with the service token:

- `POST /conversations` {conversation_id, number}: 200 {} when it is erased, 409 when something keeps it
- `POST /silent` {since, after}: 200 {silent, next}; the next conversations behind the id `after` in which
  nothing has happened since a moment, and the id to ask behind then, or null when there are no more

Erasing happens while the conversation is held: first it is asked whether anything keeps it, such as a
person who has it, which cannot change while it is held; then goes what the assistant has stored itself; then,
at the backend's own route, the rows of its database. So nothing is said in between, and what cannot be
finished is begun again by the backend until it is.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.tracker_store import TrackerStore
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json
from sqlalchemy.exc import SQLAlchemyError  # type: ignore[import-untyped]

from bot.channels.announcements import is_from_backend
from bot.channels.backend import Backend, BackendSilent
from bot.channels.citizen_message import is_opaque_id
from bot.channels.intake import AssistantUnavailable, Intake
from bot.erasing import Files, NotErasable, erase_tracker
from bot.silence import silent_since

logger = logging.getLogger(__name__)

# Shorter than Rasa keeps a lock for its holder.
HELD_SECONDS = 30.0


class NotNow(Exception):
    """A person has the conversation, or is waited for, or its time is not up: nothing is erased."""


class ErasureInput(InputChannel):
    """Erases conversations, and tells which have long been silent."""

    def __init__(self, files: Files, backend_url: str, service_token: str) -> None:
        """Creates the channel.

        Args:
            files: What is erased besides the tracker.
            backend_url: Root of the backend.
            service_token: What it shows, and is shown.
        """
        self._files = files
        self._backend = Backend(backend_url, service_token, seconds=HELD_SECONDS)
        self._token = service_token

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and of its path below /webhooks/."""
        return "erasure"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> ErasureInput:
        """Creates the channel from its part of credentials.yml."""
        given = {name: str(value or "") for name, value in (credentials or {}).items()}
        needed = ("spool", "sms", "links", "outbox", "backend_url", "service_token")
        if not all(given.get(name) for name in needed):
            cls.raise_missing_credentials_exception()
        files = Files(Path(given["spool"]), Path(given["sms"]), Path(given["links"]), Path(given["outbox"]))
        return cls(files, given["backend_url"], given["service_token"])

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Gives the channel's routes. Nobody speaks on it, so `on_new_message` is not used."""
        routes = Blueprint("erasure_channel")

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return json({"status": "ok"})

        @routes.post("/conversations")
        async def erase(request: Request) -> HTTPResponse:
            return await self._answer(request)

        @routes.post("/silent")
        async def tell_silent(request: Request) -> HTTPResponse:
            return await self._tell_silent(request)

        return routes

    async def _answer(self, request: Request) -> HTTPResponse:
        if not is_from_backend(request.headers.get("Authorization", ""), self._token):
            return _problem(401, "Unauthorized")
        asked = request.json if isinstance(request.json, dict) else {}
        conversation_id, number = asked.get("conversation_id"), asked.get("number")
        if not is_opaque_id(conversation_id) or not is_opaque_id(number):
            return _problem(400, "Bad request")
        try:
            await self._erase(request.app.ctx, conversation_id, number)
        except NotNow as obstacle:
            logger.info("Erasure %s waits: %s.", number, obstacle)
            return _problem(409, "Conflict")
        except (AssistantUnavailable, NotErasable, BackendSilent) as reason:
            logger.warning("Erasure %s is not done yet: %r.", number, reason)
            return _problem(503, "Service unavailable")
        except (OSError, sqlite3.Error):
            logger.exception("Erasure %s is not done yet.", number)
            return _problem(503, "Service unavailable")
        return json({})

    async def _tell_silent(self, request: Request) -> HTTPResponse:
        if not is_from_backend(request.headers.get("Authorization", ""), self._token):
            return _problem(401, "Unauthorized")
        asked = request.json if isinstance(request.json, dict) else {}
        moment, after = _moment(asked.get("since")), asked.get("after")
        if moment is None or not isinstance(after, str):
            return _problem(400, "Bad request")
        agent = request.app.ctx.agent
        if agent is None:
            return _problem(503, "Service unavailable")
        try:
            # Beside the turns of citizens, who should not wait for it.
            found = await asyncio.to_thread(silent_since, agent.tracker_store, self._files, moment, after)
        except SQLAlchemyError as reason:
            # By name alone: what it says of an error repeats ids.
            logger.error("Which conversations are silent is not known: %s.", type(reason).__name__)
            return _problem(503, "Service unavailable")
        except (NotErasable, OSError, sqlite3.Error) as reason:
            logger.error("Which conversations are silent is not known: %r.", reason)
            return _problem(503, "Service unavailable")
        return json({"silent": found.ids, "next": found.next})

    async def _erase(self, context: Any, conversation_id: str, number: str) -> None:
        async with Intake(lambda: context.agent).conversation(conversation_id):
            store = context.agent.tracker_store
            await self._ask_whether_it_may_be(number, await _latest_event(store, conversation_id))
            erase_tracker(store, conversation_id)
            self._files.erase(conversation_id)
            await self._erase_rows(number)

    async def _ask_whether_it_may_be(self, number: str, latest_at: float | None) -> None:
        # The backend may not have heard of the latest events: they wait in the spool while it is away.
        query = {} if latest_at is None else {"latest_at": _iso(latest_at)}
        obstacle = (await self._backend.get(f"/erasures/{number}/obstacle", query))["obstacle"]
        if obstacle is not None:
            raise NotNow(obstacle)

    async def _erase_rows(self, number: str) -> None:
        await self._backend.post(f"/erasures/{number}/rows", {"until": _iso(time.time())})


async def _latest_event(store: TrackerStore, conversation_id: str) -> float | None:
    """When something last happened in a conversation; None where there is none."""
    tracker = await store.retrieve(conversation_id)
    return tracker.events[-1].timestamp if tracker and tracker.events else None


def _moment(written: object) -> float | None:
    try:
        return datetime.fromisoformat(str(written)).timestamp()
    except ValueError:
        return None


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).isoformat()


def _problem(status: int, title: str) -> HTTPResponse:
    """A problem as RFC 9457 describes them."""
    body = {"type": "about:blank", "title": title, "status": status}
    return json(body, status=status, content_type="application/problem+json")
