"""The SMS channel while the server runs: answers gateway and backend, and works through what waits."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable

from rasa.core.agent import Agent
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.channels.announcements import InvalidAnnouncement
from bot.channels.backend import Backend
from bot.channels.intake import AssistantUnavailable, Intake
from bot.channels.links import OneTimeLinks
from bot.channels.owners import Owners
from bot.channels.seal import Seal
from bot.channels.sms.announcements import Announcements
from bot.channels.sms.answering import Answering
from bot.channels.sms.deliveries import Deliveries
from bot.channels.sms.delivery import SmsDelivery
from bot.channels.sms.lanes import Lanes
from bot.channels.sms.messages import State
from bot.channels.sms.notes import Notes
from bot.channels.sms.numbers import NumberCipher
from bot.channels.sms.provider import Forged, TextReceived, Unreadable, Webhook
from bot.channels.sms.reception import Reception
from bot.channels.sms.sending import Sending
from bot.channels.sms.settings import SmsSettings
from bot.channels.sms.store import SmsStore
from bot.channels.sms.wishes import ContactWishes
from bot.events.spool import Spool

logger = logging.getLogger(__name__)

# Twenty parts joined are 3,060 characters.
MAX_BODY_BYTES = 100_000
FORGET_SECONDS = 3600.0
TELL_SECONDS = 1.0
# A wish that is not stored puts the message off, so its answer is worth waiting for.
WISH_SECONDS = 10.0


class Exchange:
    """Takes SMS in, has them answered, and sends what is said, for as long as the server runs."""

    def __init__(self, settings: SmsSettings) -> None:
        """Opens the files.

        Args:
            settings: Where they are, and how the gateway and the backend are reached.
        """
        self._settings = settings
        self._provider = settings.provider(settings.account)
        cipher = NumberCipher(settings.number_key)
        self._store = SmsStore(settings.store)
        self._links = OneTimeLinks(settings.links)
        self._reception = Reception(self._store, cipher, settings.countries)
        self._announcements = Announcements(self._store, cipher, settings.service_token)
        self.notes = Notes(self._store, cipher)
        self._seal = Seal(settings.signing_key)
        self._sending = Sending(self._store, self._provider, cipher)
        self._spool = Spool(settings.spool)
        self._deliveries = Deliveries(self._store, self._spool)
        self._workers: list[asyncio.Task[None]] = []
        self.output = SmsDelivery(self._store, self._wake_outgoing)

    def open(self, app: Sanic) -> None:
        """Takes up what waits, and what comes."""
        self._outgoing = Lanes(self._to_send, self._sending.send_all)
        door = self._settings.backend_url, self._settings.service_token
        wishes = ContactWishes(Backend(*door, seconds=WISH_SECONDS))
        owners = Owners(Backend(*door))
        intake = Intake(lambda: app.ctx.agent, owners, self._seal.code_proof)
        answering = Answering(
            self._store, intake, wishes, self._link_to, self._outgoing.wake, self._seal.with_keys_in
        )
        self._incoming = Lanes(self._to_answer, answering.answer_all)
        runs = (self._incoming.run(), self._outgoing.run(), self._forget_forever(), self._tell_forever())
        self._workers = [asyncio.create_task(run) for run in runs]

    async def close(self) -> None:
        """Stops. What waits stays in the store."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        self._store.close()
        self._spool.close()

    def take(self, request: Request) -> HTTPResponse:
        """Takes in what the provider says. A 2xx says that it is on disk."""
        if len(request.body) > MAX_BODY_BYTES:
            return _problem(413, "Content too large")
        webhook = Webhook(
            url=self._settings.account.webhook_url
            + (f"?{request.query_string}" if request.query_string else ""),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=request.body,
            content_type=request.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        )
        try:
            reported = self._provider.read(webhook)
        except Forged as reason:
            logger.warning("A webhook was turned away: %s.", reason)
            return _problem(401, "Unauthorized")
        except Unreadable as reason:
            logger.error("A signed webhook could not be read: %s.", reason)
            return _problem(400, "Bad request")
        if webhook.content_type != self._provider.content_type:
            return _problem(415, "Unsupported media type")
        if isinstance(reported, TextReceived):
            self._reception.take(reported)
            self._incoming.wake()
        elif reported:
            self._store.report(reported.reference, reported.state)
            self._outgoing.wake()
        return HTTPResponse(status=204)

    def name_conversation(self, request: Request) -> HTTPResponse:
        """Tells the backend which conversation a number has."""
        if not self._is_from_backend(request):
            return _problem(401, "Unauthorized")
        try:
            return json({"conversation_id": self._announcements.conversation_with(request.body)})
        except Unreadable:
            return _problem(400, "Bad request")

    def announce(self, request: Request) -> HTTPResponse:
        """Takes what the backend wants said. A 202 says that it is on disk."""
        if not self._is_from_backend(request):
            return _problem(401, "Unauthorized")
        try:
            self._announcements.take(request.body)
        except InvalidAnnouncement as reason:
            logger.error("An announcement could not be read: %s.", reason)
            return _problem(400, "Bad request")
        self._incoming.wake()
        return json({}, status=202)

    def tell_state(self, request: Request, id: str) -> HTTPResponse:
        """Tells the backend how far an announcement has come."""
        if not self._is_from_backend(request):
            return _problem(401, "Unauthorized")
        state = self._announcements.state(id)
        return json({"state": state.value}) if state else _problem(404, "Not found")

    async def note(
        self, request: Request, take: Callable[[bytes, Agent | None], Awaitable[None]]
    ) -> HTTPResponse:
        """Takes what the backend has to tell past the assistant. A 202 says that it is on disk."""
        if not self._is_from_backend(request):
            return _problem(401, "Unauthorized")
        try:
            await take(request.body, request.app.ctx.agent)
        except Unreadable as reason:
            logger.error("A note could not be read: %s.", reason)
            return _problem(400, "Bad request")
        except AssistantUnavailable:
            return _problem(503, "Service unavailable")
        self._outgoing.wake()
        return json({}, status=202)

    def state_of(self, message_id: str) -> State | None:
        """How far what was said without being asked has come."""
        return self._store.state_of_parts(message_id)

    def _wake_outgoing(self) -> None:
        self._outgoing.wake()

    def _is_from_backend(self, request: Request) -> bool:
        return self._announcements.is_authorised(request.headers.get("Authorization", ""))

    def _link_to(self, conversation_id: str) -> str:
        code = self._links.issue(conversation_id, time.time())
        return f"{self._settings.page_url.rstrip('/')}/#l={code}"

    def _to_answer(self) -> list[str]:
        return self._store.conversations_waiting() if self._store.claim() else []

    def _to_send(self) -> list[str]:
        return self._store.conversations_to_send(time.time()) if self._store.claim() else []

    async def _tell_forever(self) -> None:
        while True:
            try:
                self._deliveries.hand_over()
            except sqlite3.Error:
                logger.exception("How far SMS have come could not be handed over; trying again.")
            await asyncio.sleep(TELL_SECONDS)

    async def _forget_forever(self) -> None:
        while True:
            try:
                self._store.forget(time.time())
            except sqlite3.Error:
                logger.exception("Old SMS could not be forgotten; trying again in an hour.")
            await asyncio.sleep(FORGET_SECONDS)


def _problem(status: int, title: str) -> HTTPResponse:
    """A problem as RFC 9457 describes them."""
    body = {"type": "about:blank", "title": title, "status": status}
    return json(body, status=status, content_type="application/problem+json")
