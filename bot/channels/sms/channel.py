"""The SMS channel's routes, bound to Rasa."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.channels.sms.answering import CHANNEL
from bot.channels.sms.exchange import Exchange
from bot.channels.sms.messages import State
from bot.channels.sms.settings import OFF, SmsSettings


class SmsInput(InputChannel):
    """Serves SMS through a gateway, or nothing where none is set."""

    def __init__(self, settings: SmsSettings | None) -> None:
        """Creates the channel.

        Args:
            settings: What it needs to know; None when SMS is off.
        """
        self._settings = settings
        self._exchange: Exchange | None = None

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and of its path below /webhooks/."""
        return CHANNEL

    def get_output_channel(self) -> OutputChannel | None:
        """Gives the output for messages the citizen did not ask for, such as a caseworker's."""
        return self._exchange.output if self._exchange else None

    def state_of(self, message_id: str) -> State | None:
        """How far a message has come that was given to that output; None for one that was not."""
        return self._exchange.state_of(message_id) if self._exchange else None

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SmsInput:
        """Creates the channel from its part of credentials.yml.

        Raises:
            ValueError: The provider is none that is known, or something it needs is missing.
        """
        return cls(SmsSettings.from_credentials(credentials))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Gives the channel's routes. Messages go through the intake, so `on_new_message` is not used."""
        routes = Blueprint("sms_channel")
        if self._settings is None:
            routes.add_route(_off, "/", methods=["GET"])
            return routes
        exchange = self._exchange = Exchange(self._settings)

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return json({"status": "ok", "sms": "on"})

        @routes.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            return exchange.take(request)

        @routes.post("/conversation")
        async def conversation(request: Request) -> HTTPResponse:
            return exchange.name_conversation(request)

        @routes.post("/announcements")
        async def announce(request: Request) -> HTTPResponse:
            return exchange.announce(request)

        @routes.get("/announcements/<id:str>")
        async def announcement(request: Request, id: str) -> HTTPResponse:
            return exchange.tell_state(request, id)

        @routes.post("/codes")
        async def send_code(request: Request) -> HTTPResponse:
            return await exchange.note(request, exchange.notes.take_code)

        @routes.post("/receipts")
        async def send_receipt(request: Request) -> HTTPResponse:
            return await exchange.note(request, exchange.notes.take_receipt)

        @routes.listener("after_server_start")
        async def open_exchange(app: Sanic, _: Any) -> None:
            exchange.open(app)

        @routes.listener("before_server_stop")
        async def close_exchange(_: Sanic, __: Any) -> None:
            await exchange.close()

        return routes


async def _off(_: Request) -> HTTPResponse:
    return json({"status": "ok", "sms": OFF})
