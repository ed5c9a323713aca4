"""Tells in the chat that everything is erased, in the place of the conversation that was there."""

from __future__ import annotations

import time

from rasa.shared.core.trackers import DialogueStateTracker
from sanic.request import Request
from sanic.response import HTTPResponse, json
from socketio import AsyncServer

from bot.channels.announcements import is_from_backend
from bot.channels.citizen_message import is_opaque_id
from bot.channels.seal import Seal
from bot.channels.web.messages import bot_message

ERASED = "utter_erased"
LINK_TITLE = "Se kvitteringen"


class Farewell:
    """POST /webhooks/web/receipts {conversation_id, receipt_url} with the backend's token."""

    def __init__(self, service_token: str, sio: AsyncServer, seal: Seal) -> None:
        """Creates it.

        Args:
            service_token: What the backend shows.
            sio: Reaches the open tabs.
            seal: Signs what is shown there.
        """
        self._service_token = service_token
        self._sio = sio
        self._seal = seal

    async def tell(self, request: Request) -> HTTPResponse:
        """Shows it where the conversation is open. It is not stored: that would begin a conversation anew."""
        if not is_from_backend(request.headers.get("Authorization", ""), self._service_token):
            return _problem(401, "Unauthorized")
        asked = request.json if isinstance(request.json, dict) else {}
        conversation_id, url = asked.get("conversation_id"), asked.get("receipt_url")
        if not is_opaque_id(conversation_id) or not isinstance(url, str):
            return _problem(400, "Bad request")
        agent = request.app.ctx.agent
        if agent is None or not agent.is_ready():
            return _problem(503, "Service unavailable")
        # A citizen nothing is known of: the words depend on nothing that was said before.
        nobody = DialogueStateTracker("nobody", slots=None)
        said = await agent.nlg.generate(ERASED, nobody, "web", receipt_url=url)
        link = {"type": "link", "title": LINK_TITLE, "url": url}
        told = {**said, "timestamp": time.time(), "custom": link}
        shown = bot_message(conversation_id, told, self._seal)
        confirmation = {
            "token": self._seal.session_token(conversation_id),
            "resumed": False,
            # What stands there is no continuation, but takes the place of everything.
            "after": None,
            "history": [shown],
        }
        await self._sio.emit("session_confirm", confirmation, room=conversation_id)
        return json({})


def _problem(status: int, title: str) -> HTTPResponse:
    """A problem as RFC 9457 describes them."""
    body = {"type": "about:blank", "title": title, "status": status}
    return json(body, status=status, content_type="application/problem+json")
