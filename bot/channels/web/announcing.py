"""Says in the chat what the backend wants said, to whoever has it open and to whoever opens it later."""

from __future__ import annotations

from rasa.core.channels.channel import OutputChannel
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.channels.announcements import InvalidAnnouncement, is_from_backend, read_announcement
from bot.channels.intake import AssistantUnavailable, Intake
from bot.channels.owners import Owners

RESPONSES = frozenset({"utter_staff_notice"})
"""What the backend may have said. It names a response of the domain."""


class Announcing:
    """POST /webhooks/web/announcements {id, conversation_id, response, values} with the backend's token."""

    def __init__(self, service_token: str, output: OutputChannel, owners: Owners | None) -> None:
        """Creates it.

        Args:
            service_token: What the backend shows.
            output: Shows a message in the open tabs of a conversation.
            owners: Knows which conversations a person has; None where nobody can take any.
        """
        self._service_token = service_token
        self._output = output
        self._owners = owners

    async def announce(self, request: Request) -> HTTPResponse:
        """Says it. A 200 says that it is in the conversation; the same id again is said once.

        While a person has the conversation, the assistant is silent: a 503 says that it may be tried later.
        """
        if not is_from_backend(request.headers.get("Authorization", ""), self._service_token):
            return _problem(401, "Unauthorized")
        context = request.app.ctx
        try:
            asked = read_announcement(request.body, RESPONSES)
            intake = Intake(lambda: context.agent, self._owners)
            async with intake.conversation(asked.conversation_id) as conversation:
                if not conversation.has_said(asked.id) and await conversation.is_silent():
                    return _problem(503, "A person has the conversation")
                await conversation.announce(asked.id, asked.response, self._output, asked.values)
        except InvalidAnnouncement:
            return _problem(400, "Bad request")
        except AssistantUnavailable:
            return _problem(503, "Service unavailable")
        return json({})


def _problem(status: int, title: str) -> HTTPResponse:
    """A problem as RFC 9457 describes them."""
    body = {"type": "about:blank", "title": title, "status": status}
    return json(body, status=status, content_type="application/problem+json")
