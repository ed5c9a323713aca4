"""The SMS channel's routes and its two workers, bound to Rasa and to its intake."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.channels.announcements import InvalidAnnouncement
from bot.channels.intake import AssistantUnavailable, Intake
from bot.channels.links import OneTimeLinks
from bot.channels.owners import Owners
from bot.channels.sms.announcements import Announcements
from bot.channels.sms.answering import CHANNEL, Answering
from bot.channels.sms.deliveries import Deliveries
from bot.channels.sms.delivery import SmsDelivery
from bot.channels.sms.gatewayapi import GatewayApiMessaging, GatewayApiRest
from bot.channels.sms.lanes import Lanes
from bot.channels.sms.messages import State
from bot.channels.sms.notes import Notes
from bot.channels.sms.numbers import NumberCipher
from bot.channels.sms.provider import Account, Forged, Provider, TextReceived, Unreadable, Webhook
from bot.channels.sms.reception import Reception
from bot.channels.sms.sending import Sending
from bot.channels.sms.store import SmsStore
from bot.channels.sms.twilio import Twilio
from bot.channels.sms.wishes import ContactWishes
from bot.channels.web.seal import Seal
from bot.events.spool import Spool

logger = logging.getLogger(__name__)

PROVIDERS: dict[str, type[Provider]] = {
    "gatewayapi-rest": GatewayApiRest,
    "gatewayapi-messaging": GatewayApiMessaging,
    "twilio": Twilio,
}
OFF = "off"
PATH = "/webhooks/sms/webhook"
# Twenty parts joined are 3,060 characters.
MAX_BODY_BYTES = 100_000
FORGET_SECONDS = 3600.0
TELL_SECONDS = 1.0


@dataclass(frozen=True)
class SmsSettings:
    """What the channel is told in credentials.yml.

    Attributes:
        account: How the provider knows us.
        number_key: Encrypts the numbers in conversation ids.
        countries: Whose numbers are answered.
        store: Path of the file with messages.
        backend_url: Root of the backend.
        service_token: What is shown to the backend.
        page_url: The municipality's page with the chat on it.
        links: Path of the file with the codes of one-time links.
        spool: Path of the file with events for the backend.
        signing_key: Completes links to a citizen's data.
    """

    account: Account
    number_key: str
    countries: tuple[str, ...]
    store: Path
    backend_url: str
    service_token: str
    page_url: str
    links: Path
    spool: Path
    signing_key: str


class SmsInput(InputChannel):
    """Serves SMS through a gateway, or nothing where none is set."""

    def __init__(self, provider: type[Provider] | None, settings: SmsSettings | None) -> None:
        """Creates the channel.

        Args:
            provider: Who speaks the gateway's wire format; None when SMS is off.
            settings: What it needs to know; None when SMS is off.
        """
        self._provider = provider
        self._settings = settings
        self._desk: _Desk | None = None

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and of its path below /webhooks/."""
        return CHANNEL

    def get_output_channel(self) -> OutputChannel | None:
        """Gives the output for messages the citizen did not ask for, such as a caseworker's."""
        return self._desk.output if self._desk else None

    def state_of(self, message_id: str) -> State | None:
        """How far a message has come that was given to that output; None for one that was not."""
        return self._desk.state_of(message_id) if self._desk else None

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SmsInput:
        """Creates the channel from its part of credentials.yml.

        Raises:
            ValueError: The provider is none that is known, or something it needs is missing.
        """
        given = {name: str(value or "").strip() for name, value in (credentials or {}).items()}
        name = given.get("provider") or OFF
        if name == OFF:
            return cls(None, None)
        if name not in PROVIDERS:
            raise ValueError(f"SMS: the provider is one of {', '.join([OFF, *PROVIDERS])}, not '{name}'.")
        needed = {"sender", "token", "webhook_secret", "number_key", "public_url", "countries", "store"}
        needed |= {"backend_url", "service_token", "page_url", "links", "spool", "signing_key"}
        needed |= {"account"} if name == "twilio" else set()
        missing = sorted(field for field in needed if not given.get(field))
        if missing:
            raise ValueError(f"SMS: credentials.yml does not say {', '.join(missing)}.")
        account = Account(
            api_url=given.get("api_url", ""),
            account=given.get("account", ""),
            token=given["token"],
            webhook_secret=given["webhook_secret"],
            sender=given["sender"],
            webhook_url=given["public_url"].rstrip("/") + PATH,
        )
        countries = tuple(given["countries"].replace(",", " ").split())
        settings = SmsSettings(
            account,
            given["number_key"],
            countries,
            Path(given["store"]),
            given["backend_url"],
            given["service_token"],
            given["page_url"],
            Path(given["links"]),
            Path(given["spool"]),
            given["signing_key"],
        )
        return cls(PROVIDERS[name], settings)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Gives the channel's routes. Messages go through the intake, so `on_new_message` is not used."""
        routes = Blueprint("sms_channel")
        provider, settings = self._provider, self._settings
        if provider is None or settings is None:
            routes.add_route(_off, "/", methods=["GET"])
            return routes
        desk = self._desk = _Desk(provider(settings.account), settings)

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return json({"status": "ok", "sms": "on"})

        @routes.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            return desk.take(request)

        @routes.post("/conversation")
        async def conversation(request: Request) -> HTTPResponse:
            return desk.name_conversation(request)

        @routes.post("/announcements")
        async def announce(request: Request) -> HTTPResponse:
            return desk.announce(request)

        @routes.get("/announcements/<id:str>")
        async def announcement(request: Request, id: str) -> HTTPResponse:
            return desk.tell_state(request, id)

        @routes.post("/codes")
        async def send_code(request: Request) -> HTTPResponse:
            return await desk.note(request, desk.notes.take_code)

        @routes.post("/receipts")
        async def send_receipt(request: Request) -> HTTPResponse:
            return await desk.note(request, desk.notes.take_receipt)

        @routes.listener("after_server_start")
        async def open_desk(app: Sanic, _: Any) -> None:
            desk.open(app)

        @routes.listener("before_server_stop")
        async def close_desk(_: Sanic, __: Any) -> None:
            await desk.close()

        return routes


async def _off(_: Request) -> HTTPResponse:
    return json({"status": "ok", "sms": OFF})


class _Desk:
    """What the server does while it runs."""

    def __init__(self, provider: Provider, settings: SmsSettings) -> None:
        self._provider = provider
        self._settings = settings
        cipher = NumberCipher(settings.number_key)
        self._store = SmsStore(settings.store)
        self._links = OneTimeLinks(settings.links)
        self._reception = Reception(self._store, cipher, settings.countries)
        self._announcements = Announcements(self._store, cipher, settings.service_token)
        self.notes = Notes(self._store, cipher)
        self._seal = Seal(settings.signing_key)
        self._sending = Sending(self._store, provider, cipher)
        self._spool = Spool(settings.spool)
        self._deliveries = Deliveries(self._store, self._spool)
        self._workers: list[asyncio.Task[None]] = []
        self.output = SmsDelivery(self._store, self._wake_outgoing)

    def open(self, app: Sanic) -> None:
        """Takes up what waits, and what comes."""
        self._outgoing = Lanes(self._to_send, self._sending.send_all)
        wishes = ContactWishes(self._settings.backend_url, self._settings.service_token)
        owners = Owners(self._settings.backend_url, self._settings.service_token)
        intake = Intake(lambda: app.ctx.agent, owners, self._seal.code_proof)
        answering = Answering(
            self._store, intake, wishes, self._link_to, self._outgoing.wake, self._seal.with_keys
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
