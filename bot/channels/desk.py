"""The caseworkers' channel: what the backend has said in conversations, and when the assistant is silent.

Below /webhooks/desk, with the service token:

- `POST /conversations/{id}/silence` {}: 200 {} once no turn is under way and the assistant is silent
- `POST /conversations/{id}/messages` {id, author, text, response, values, only_if}: 200 {state, channel}
- `POST /conversations/{id}/typing` {author}: 200 {}; an open chat shows for some seconds that they write
- `GET /messages/{id}`: 200 {state} of a message by SMS

A message goes out on the channel that the citizen wrote on last. The same id again is the same message.
`only_if` is "always", "waiting" (dropped unless the citizen waits for a person), "not_taken" (dropped if a
person has the conversation) or "unanswered" (dropped if something has been said since the citizen wrote).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.channels.backend import Backend
from bot.channels.citizen_message import is_opaque_id
from bot.channels.intake import AssistantUnavailable, Conversation, Intake
from bot.channels.owners import Owner, Owners
from bot.channels.web import WebInput
from bot.rotation import shows_token

RESPONSES = frozenset(
    {
        "utter_person_here",
        "utter_person_not_here",
        "utter_person_lost",
        "utter_person_changed",
        "utter_person_ended",
        "utter_handed_back",
        "utter_handed_back_with_word",
        "utter_queue_place",
        "utter_queue_longer",
        "utter_queue_nobody",
        "utter_queue_closed",
        "utter_queue_given_up",
    }
)
"""What the backend may have said besides caseworkers' words: what is said is written in the domain alone."""
MAX_TEXT = 4000
_CONDITIONS = frozenset({"always", "waiting", "not_taken", "unanswered"})


class Unreadable(ValueError):
    """The request is none of those the channel takes."""


class CannotBeWritten(Exception):
    """The citizen's channel takes nothing that they did not ask for."""


@dataclass(frozen=True)
class DeskMessage:
    """Something to say.

    Attributes:
        id: By which a repeat is known.
        author: Name of the person who wrote it; "" for a response.
        text: What they wrote.
        response: Name of the response.
        values: What the response is filled with.
        only_if: When it is still true.
    """

    id: str
    author: str
    text: str
    response: str
    values: dict[str, str]
    only_if: str


class DeskInput(InputChannel):
    """Serves the backend, which shows the service token."""

    def __init__(self, backend_url: str, service_token: str) -> None:
        """Creates the channel.

        Args:
            backend_url: Root of the backend.
            service_token: What each shows the other.
        """
        self._token = service_token
        self._owners = Owners(Backend(backend_url, service_token))

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and of its path below /webhooks/."""
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DeskInput:
        """Creates the channel from its part of credentials.yml: `backend_url` and `service_token`."""
        given = credentials or {}
        if not given.get("backend_url") or not given.get("service_token"):
            cls.raise_missing_credentials_exception()
        return cls(str(given["backend_url"]), str(given["service_token"]))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Gives the channel's routes. Nothing that citizens say comes this way."""
        routes = Blueprint("desk_channel")

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return json({"status": "ok"})

        @routes.post("/conversations/<conversation_id:str>/silence", unquote=True)
        async def silence(request: Request, conversation_id: str) -> HTTPResponse:
            return await self._answer(request, self._silence(request, conversation_id))

        @routes.post("/conversations/<conversation_id:str>/messages", unquote=True)
        async def say(request: Request, conversation_id: str) -> HTTPResponse:
            return await self._answer(request, self._say(request, conversation_id))

        @routes.post("/conversations/<conversation_id:str>/typing", unquote=True)
        async def type(request: Request, conversation_id: str) -> HTTPResponse:
            return await self._answer(request, self._show_typing(request, conversation_id))

        @routes.get("/messages/<message_id:str>")
        async def report(request: Request, message_id: str) -> HTTPResponse:
            return await self._answer(request, self._report(request, message_id))

        return routes

    async def _answer(self, request: Request, work: Awaitable[dict[str, Any] | None]) -> HTTPResponse:
        if not shows_token(request.headers.get("Authorization", ""), self._token):
            work.close()  # type: ignore[attr-defined]
            return _problem(401, "Unauthorized")
        try:
            answer = await work
        except Unreadable:
            return _problem(400, "Bad request")
        except CannotBeWritten:
            return _problem(409, "The citizen cannot be written to on this channel")
        except AssistantUnavailable:
            return _problem(503, "Service unavailable")
        return _problem(404, "Not found") if answer is None else json(answer)

    def _intake(self, request: Request) -> Intake:
        return Intake(lambda: request.app.ctx.agent, self._owners)

    async def _silence(self, request: Request, conversation_id: str) -> dict[str, Any]:
        async with self._intake(request).conversation(conversation_id) as conversation:
            await conversation.be_silent()
        return {}

    async def _say(self, request: Request, conversation_id: str) -> dict[str, Any]:
        message = _read(request)
        async with self._intake(request).conversation(conversation_id) as conversation:
            # First, as the assistant goes on by it also where nothing can be said.
            if not await _is_still_true(message, conversation):
                return {"state": "dropped", "channel": None}
            output = _output_for(request, conversation)
            if message.author:
                await conversation.relay(message.id, message.author, message.text, output)
            else:
                await conversation.announce(message.id, message.response, output, message.values)
        return {"state": "sent", "channel": conversation.channel}

    async def _show_typing(self, request: Request, conversation_id: str) -> dict[str, Any]:
        author = _body(request).get("author")
        if not isinstance(author, str) or not author:
            raise Unreadable("nobody is writing")
        for channel in request.app.ctx.input_channels:
            if isinstance(channel, WebInput):
                await channel.show_typing(conversation_id, author)
        return {}

    async def _report(self, request: Request, message_id: str) -> dict[str, Any] | None:
        for channel in request.app.ctx.input_channels:
            state_of = getattr(channel, "state_of", None)
            if state_of and (state := state_of(message_id)):
                return {"state": state.value}
        return None


async def _is_still_true(message: DeskMessage, conversation: Conversation) -> bool:
    """Settles who owns the conversation, under its lock, and tells whether a message fits that.

    Raises:
        AssistantUnavailable: It matters, and the backend cannot be asked.
    """
    if conversation.has_said(message.id):
        return True
    ownership = await conversation.settle_owner()
    if message.only_if in ("waiting", "not_taken"):
        if ownership is None:
            raise AssistantUnavailable("who owns the conversation is not known")
        fits = message.only_if == "not_taken" or ownership.owner is Owner.WAITING
        return fits and ownership.bot_may_speak
    return message.only_if == "always" or conversation.is_unanswered


def _output_for(request: Request, conversation: Conversation) -> OutputChannel:
    """The output of the channel that the citizen wrote on last.

    Raises:
        CannotBeWritten: It has none.
    """
    channels = {channel.name(): channel for channel in request.app.ctx.input_channels}
    channel = channels.get(conversation.channel)
    output = channel.get_output_channel() if channel else None
    if output is None:
        raise CannotBeWritten
    return output


def _body(request: Request) -> dict[str, Any]:
    try:
        body = request.json
    except Exception as error:
        raise Unreadable("not JSON") from error
    if not isinstance(body, dict):
        raise Unreadable("no object")
    return body


def _read(request: Request) -> DeskMessage:
    body = _body(request)
    if not is_opaque_id(body.get("id")) or body.get("only_if") not in _CONDITIONS:
        raise Unreadable("no id, or no condition")
    author, text, response = (body.get(part) or "" for part in ("author", "text", "response"))
    values = body.get("values") or {}
    is_written = isinstance(author, str) and isinstance(text, str) and author and 0 < len(text) <= MAX_TEXT
    if not is_written and response not in RESPONSES:
        raise Unreadable("neither a person's words nor a response that may be said")
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise Unreadable("values are texts by name")
    if is_written:
        return DeskMessage(body["id"], author, text, "", {}, body["only_if"])
    return DeskMessage(body["id"], "", "", str(response), values, body["only_if"])


def _problem(status: int, title: str) -> HTTPResponse:
    """A problem as RFC 9457 describes them."""
    body = {"type": "about:blank", "title": title, "status": status}
    return json(body, status=status, content_type="application/problem+json")
