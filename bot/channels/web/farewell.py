"""Tells in the chat that everything is erased, in the place of the conversation that was there.

What it tells is not stored: that would begin a conversation anew. So it is told once more to whoever comes
back, until they write something.
"""

from __future__ import annotations

import time
from typing import Any

from rasa.core.agent import Agent
from rasa.shared.core.trackers import DialogueStateTracker
from sanic.request import Request
from sanic.response import HTTPResponse, json
from socketio import AsyncServer

from bot.channels.announcements import is_from_backend
from bot.channels.citizen_message import is_opaque_id
from bot.channels.receipts import Receipts
from bot.channels.seal import Seal
from bot.channels.web.messages import bot_message

ERASED = "utter_erased"
UNDER_WAY = "utter_erasure_under_way"
LINK_TITLE = "Se kvitteringen"
Confirmation = dict[str, Any]


class Farewell:
    """POST /webhooks/web/receipts {conversation_id, receipt_url} with the backend's token; and on return."""

    def __init__(self, service_token: str, sio: AsyncServer, seal: Seal, receipts: Receipts | None) -> None:
        """Creates it.

        Args:
            service_token: What the backend shows.
            sio: Reaches the open tabs.
            seal: Signs what is shown there.
            receipts: Knows which conversations are erased; None where nobody is asked.
        """
        self._service_token = service_token
        self._sio = sio
        self._seal = seal
        self._receipts = receipts

    async def tell(self, request: Request) -> HTTPResponse:
        """Shows it where the conversation is open."""
        if not is_from_backend(request.headers.get("Authorization", ""), self._service_token):
            return _problem(401, "Unauthorized")
        asked = request.json if isinstance(request.json, dict) else {}
        conversation_id, url = asked.get("conversation_id"), asked.get("receipt_url")
        if not is_opaque_id(conversation_id) or not isinstance(url, str):
            return _problem(400, "Bad request")
        agent = request.app.ctx.agent
        if agent is None or not agent.is_ready():
            return _problem(503, "Service unavailable")
        shown = await self._erased(agent, conversation_id, url, time.time())
        await self._sio.emit("session_confirm", shown, room=conversation_id)
        return json({})

    async def on_return(self, agent: Agent, conversation_id: str) -> Confirmation | None:
        """What is shown to who comes back to a conversation in which there is nothing.

        Returns:
            None where nothing was erased because the citizen had asked, or where that is not known now.
        """
        receipt = await self._receipts.of(conversation_id) if self._receipts else None
        if receipt is None:
            return None
        if receipt.done_at is not None:
            return await self._erased(agent, conversation_id, receipt.url, receipt.done_at)
        said = await agent.nlg.generate(UNDER_WAY, _nobody(), "web", receipt=receipt.number)
        return self._confirmation(conversation_id, {**said, "timestamp": receipt.begun_at})

    async def _erased(self, agent: Agent, conversation_id: str, url: str, at: float) -> Confirmation:
        said = await agent.nlg.generate(ERASED, _nobody(), "web", receipt_url=url)
        link = {"type": "link", "title": LINK_TITLE, "url": url}
        return self._confirmation(conversation_id, {**said, "timestamp": at, "custom": link})

    def _confirmation(self, conversation_id: str, said: dict[str, Any]) -> Confirmation:
        return {
            "token": self._seal.session_token(conversation_id),
            "resumed": False,
            # What stands there is no continuation, but takes the place of everything.
            "after": None,
            "history": [bot_message(conversation_id, said, self._seal)],
        }


def _nobody() -> DialogueStateTracker:
    """A citizen nothing is known of: the words depend on nothing that was said before."""
    return DialogueStateTracker("nobody", slots=None)


def _problem(status: int, title: str) -> HTTPResponse:
    """A problem as RFC 9457 describes them."""
    body = {"type": "about:blank", "title": title, "status": status}
    return json(body, status=status, content_type="application/problem+json")
