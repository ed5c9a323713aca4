"""The REST channel: plain text in, a list of messages out. For tests and for a municipality's own clients.

It answers as Rasa's RestInput does, but asks for a token and goes through the intake.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.channels.citizen_message import CitizenMessage, is_opaque_id
from bot.channels.intake import AssistantUnavailable, Intake
from bot.channels.owners import Owners
from bot.channels.seal import Seal
from bot.channels.sms.numbers import PREFIX
from bot.rotation import shows_token
from throttling import Limit

# As in the chat.
SAID_AT_ONCE, SAID_A_MINUTE = 60, 60
MAX_BODY_BYTES = 200_000
_ID_RULE = "must be 1 to 100 letters, digits or '_.:-', with at least one letter: no phone or CPR number."
_PROBLEMS = "https://digispor.dk/problems/"


@dataclass(frozen=True)
class RestRequest:
    """A request that is in order."""

    sender: str
    message: str
    message_id: str | None


class InvalidRequest(ValueError):
    """The request is not one this channel understands. The text says why."""


class RestOutput(CollectingOutputChannel):
    """Collects the assistant's messages for the response."""

    def __init__(self, seal: Seal) -> None:
        super().__init__()
        self._seal = seal

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Takes a message, with links that can be followed."""
        await super().send_response(recipient_id, self._seal.with_keys_in(message))

    @classmethod
    def name(cls) -> str:
        """Name that channel-specific responses go by."""
        return "rest"


class RestInput(InputChannel):
    """POST /webhooks/rest/webhook {sender, message, message_id?} with a bearer token."""

    def __init__(self, token: str, seal: Seal, owners: Owners | None = None) -> None:
        """Creates the channel.

        Args:
            token: The bearer token that callers must show.
            seal: Proves to the backend that a code was given, and completes links to a citizen's data.
            owners: Knows which conversations a person has; None where nobody can take any.
        """
        self._token = token
        self._seal = seal
        self._owners = owners
        self._said = Limit(SAID_AT_ONCE, SAID_A_MINUTE)

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and of its path below /webhooks/."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> RestInput:
        """Creates the channel from credentials.yml: `token`, `signing_key`, and what `Owners` need."""
        given = credentials or {}
        if not given.get("token") or not given.get("signing_key"):
            cls.raise_missing_credentials_exception()
        return cls(str(given["token"]), Seal(str(given["signing_key"])), Owners.from_credentials(given))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Gives the channel's routes. Messages go through the intake, so `on_new_message` is not used."""
        routes = Blueprint("rest_channel")

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return json({"status": "ok"})

        @routes.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            return await self._respond(request)

        return routes

    async def _respond(self, request: Request) -> HTTPResponse:
        if not self._is_authorised(request):
            return _problem(401, "unauthorized", "Send the token as 'Authorization: Bearer <token>'.")
        if len(request.body) > MAX_BODY_BYTES:
            return _problem(413, "too-large", f"Send at most {MAX_BODY_BYTES} bytes.")
        try:
            asked = _read(request)
            if not self._said.take(asked.sender):
                return self._slower(asked.sender)
            return await self._answer(request.app.ctx, asked)
        except InvalidRequest as error:
            return _problem(400, "validation", str(error))
        except AssistantUnavailable as error:
            return _problem(503, "assistant-unavailable", str(error))

    def _slower(self, sender: str) -> HTTPResponse:
        response = _problem(429, "too-many", "Too many messages in this conversation; send it again later.")
        response.headers["Retry-After"] = str(math.ceil(self._said.seconds_to_next(sender)))
        return response

    def _is_authorised(self, request: Request) -> bool:
        return shows_token(request.headers.get("Authorization", ""), self._token)

    async def _answer(self, context: Any, request: RestRequest) -> HTTPResponse:
        message = CitizenMessage.typed(request.sender, self.name(), request.message, request.message_id)
        output = RestOutput(self._seal)
        intake = Intake(lambda: context.agent, self._owners, self._seal.code_proof)
        async with intake.conversation(request.sender) as conversation:
            if conversation.channel not in (None, self.name()):
                return _problem(403, "another-channel", "This conversation is held on another channel.")
            if conversation.has_heard(message):
                for answer in conversation.answers_to(message):
                    await output.send_response(request.sender, answer)
                await conversation.break_silence(output)
            else:
                await conversation.take(message, output)
        return json(output.messages)


def _read(request: Request) -> RestRequest:
    try:
        body = request.json
    except Exception as error:
        raise InvalidRequest("The body is not JSON.") from error
    if not isinstance(body, dict) or not isinstance(body.get("message"), str):
        raise InvalidRequest("The body must be an object with 'sender' and 'message', both text.")
    sender, message_id = body.get("sender"), body.get("message_id")
    if not is_opaque_id(sender):
        raise InvalidRequest(f"'sender' {_ID_RULE}")
    # The id of a conversation by SMS names a phone.
    if sender.startswith(PREFIX):
        raise InvalidRequest(f"'sender' must not begin with '{PREFIX}'.")
    if message_id is not None and not is_opaque_id(message_id):
        raise InvalidRequest(f"'message_id' {_ID_RULE}")
    return RestRequest(sender, body["message"], message_id)


def _problem(status: int, slug: str, detail: str) -> HTTPResponse:
    """A problem as RFC 9457 describes them."""
    titles = {
        400: "Bad request",
        401: "Unauthorized",
        403: "Forbidden",
        413: "Content too large",
        429: "Too many requests",
        503: "Service unavailable",
    }
    body = {"type": _PROBLEMS + slug, "title": titles[status], "status": status, "detail": detail}
    return json(body, status=status, content_type="application/problem+json")
