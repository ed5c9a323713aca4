"""What the server does with what the widget sends. See the package for the protocol."""

from __future__ import annotations

import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

from rasa.shared.core.events import BotUttered
from socketio import AsyncServer

from bot.channels.citizen_message import CitizenMessage, is_opaque_id
from bot.channels.codes import REMOVED
from bot.channels.history import AUTHOR, NOTICE_ID
from bot.channels.intake import AssistantUnavailable, Conversation, Intake
from bot.channels.links import OneTimeLinks
from bot.channels.owners import Owners
from bot.channels.seal import Seal
from bot.channels.web.farewell import Confirmation
from bot.channels.web.messages import HISTORY_LENGTH, behind, citizen_message, history
from bot.channels.web.output import WebOutput, note_delivered
from bot.channels.web.pace import Pace
from identifiers import kinds_in

# What a person wrote while the citizen was away is among the latest.
RECEIPTS = 20
# What is not taken for being too much at once; the client keeps it and sends it again.
SLOWER = {"ok": False, "error": "unavailable", "slower": True}


class Refusal(Exception):
    """What a client sent cannot be taken. Its text is the protocol's word for why."""


class Chat:
    """What the server does with each event."""

    def __init__(
        self,
        sio: AsyncServer,
        seal: Seal,
        intake: Intake,
        links: OneTimeLinks | None,
        owners: Owners | None,
        pace: Pace,
        on_return: Callable[[str], Awaitable[Confirmation | None]],
    ) -> None:
        """Creates it.

        Args:
            sio: Reaches the open tabs.
            seal: Signs sessions and buttons.
            intake: The way into Rasa.
            links: One-time links into conversations; None where nothing gives any.
            owners: Knows which conversations a person has; None where nobody can take any.
            pace: Says how much is too much at once.
            on_return: Gives what is shown in a conversation that its citizen has had erased.
        """
        self._sio = sio
        self._seal = seal
        self._intake = intake
        self._links = links
        self._owners = owners
        self._pace = pace
        self._on_return = on_return
        self._output = WebOutput(sio, seal, owners)

    async def session_request(self, sid: str, data: object = None) -> dict[str, Any]:
        """Binds the connection to a conversation: the token's, or a new one, which the assistant opens."""
        asked = data if isinstance(data, dict) else {}
        token, after = asked.get("token"), asked.get("after")
        known = self._linked(asked) or self._seal.conversation_id(token)
        if known is None and not self._pace.lets_begin(self._sio.get_environ(sid)):
            return SLOWER
        conversation_id = known or str(uuid.uuid4())
        try:
            # Held, so that what is said in a turn under way is either in the history or still to come.
            async with self._intake.conversation(conversation_id) as conversation:
                await self._bind(sid, conversation_id)
                if known and await self._says_farewell(conversation, sid):
                    return {"ok": True}
                said = history(conversation_id, conversation.events, self._seal)
                news = behind(said, after)
                confirmation = {
                    "token": self._seal.session_token(conversation_id),
                    "resumed": conversation.has_begun,
                    "after": None if news is None else after,
                    "history": said[-HISTORY_LENGTH:] if news is None else news,
                }
                receipt = self._receipt_for(conversation)
                await self._sio.emit("session_confirm", confirmation, to=sid, callback=receipt)
                if not conversation.has_begun:
                    await self._typing(conversation_id, conversation.begin(WebOutput.name(), self._output))
                # Nobody else has the conversation, so an answer that is missing will not come.
                await conversation.break_silence(self._output)
        except AssistantUnavailable:
            return {"ok": False, "error": "unavailable"}
        return {"ok": True}

    async def _says_farewell(self, conversation: Conversation, sid: str) -> bool:
        """Shows what became of a conversation with nothing in it, if its citizen has had it erased."""
        shown = None if conversation.has_begun else await self._on_return(conversation.id)
        if shown is not None:
            await self._sio.emit("session_confirm", shown, to=sid)
        return shown is not None

    def _receipt_for(self, conversation: Conversation) -> Callable[..., Awaitable[None]] | None:
        """What to do when a history is shown: a person's latest messages have arrived with it."""
        ids = [
            str(event.metadata[NOTICE_ID])
            for event in conversation.events
            if isinstance(event, BotUttered) and event.metadata.get(AUTHOR)
        ][-RECEIPTS:]
        return partial(note_delivered, self._owners, ids) if self._owners and ids else None

    def _linked(self, asked: dict[str, Any]) -> str | None:
        """The conversation that a one-time link leads into, if the page was opened by one."""
        code = asked.get("link")
        return self._links.redeem(code, time.time()) if code and self._links else None

    async def user_uttered(self, sid: str, data: object = None) -> dict[str, Any]:
        """Takes a message in and answers it. The result is the acknowledgement."""
        try:
            session = await self._sio.get_session(sid)
            message = self._message(session.get("conversation_id"), data)
            if not self._pace.lets_say(message.conversation_id):
                return SLOWER
            async with self._intake.conversation(message.conversation_id) as conversation:
                # Its buttons are all gone, so this one was pressed before, and heard or not, it is settled.
                if message.button is not None and await self._says_farewell(conversation, sid):
                    return {"ok": True}
                message = conversation.as_kept(message)
                if not conversation.has_heard(message):
                    await self._echo(sid, message)
                    turn = conversation.take(message, self._output)
                    # What a person is shown to be doing is not ended by an assistant that says nothing.
                    await (turn if conversation.was_paused else self._typing(message.conversation_id, turn))
        except Refusal as refusal:
            return {"ok": False, "error": str(refusal)}
        except AssistantUnavailable:
            return {"ok": False, "error": "unavailable"}
        is_changed = message.words == REMOVED or kinds_in(message.text)
        return {"ok": True, "text": message.words} if is_changed else {"ok": True}

    async def user_typing(self, sid: str, data: object = None) -> dict[str, Any]:
        """The citizen is writing. The acknowledgement tells whether a person sees it."""
        conversation_id = (await self._sio.get_session(sid)).get("conversation_id")
        if not self._owners or not conversation_id or not self._pace.lets_type(conversation_id):
            return {"ok": True, "seen": False}
        return {"ok": True, "seen": await self._owners.note_typing(conversation_id)}

    async def _bind(self, sid: str, conversation_id: str) -> None:
        before = (await self._sio.get_session(sid)).get("conversation_id")
        if before:
            self._sio.leave_room(sid, before)
        self._sio.enter_room(sid, conversation_id)
        await self._sio.save_session(sid, {"conversation_id": conversation_id})

    def _message(self, conversation_id: str | None, data: object) -> CitizenMessage:
        """Reads what a client sent, trusting nothing but signatures.

        Raises:
            Refusal: The connection has no conversation, the data has another form, or the button is not ours.
        """
        if conversation_id is None:
            raise Refusal("no-session")
        if not isinstance(data, dict):
            raise Refusal("invalid")
        message_id, text, button = data.get("id"), data.get("text"), data.get("button")
        if not is_opaque_id(message_id):
            raise Refusal("invalid")
        if isinstance(button, dict):
            title, payload = self._clicked(conversation_id, button)
            message = CitizenMessage.clicked(conversation_id, WebOutput.name(), title, payload, message_id)
        elif isinstance(text, str):
            message = CitizenMessage.typed(conversation_id, WebOutput.name(), text, message_id)
        else:
            raise Refusal("invalid")
        return replace(message, wants_easy_words=data.get("easy") is True)

    def _clicked(self, conversation_id: str, button: dict[str, Any]) -> tuple[str, str]:
        title, payload, signature = (button.get(part) for part in ("title", "payload", "signature"))
        if not (isinstance(title, str) and isinstance(payload, str) and isinstance(signature, str)):
            raise Refusal("invalid")
        if not self._seal.is_genuine(conversation_id, title, payload, signature):
            raise Refusal("unknown-button")
        return title, payload

    async def _echo(self, sid: str, message: CitizenMessage) -> None:
        """Shows the message in the citizen's other tabs."""
        if message.words:
            shown = citizen_message(message.words, time.time(), message.id)
            await self._sio.emit("bot_uttered", shown, room=message.conversation_id, skip_sid=sid)

    async def _typing(self, conversation_id: str, turn: Awaitable[None]) -> None:
        """Shows that the assistant is typing for as long as a turn takes."""
        await self._sio.emit("bot_typing", {"typing": True}, room=conversation_id)
        try:
            await turn
        finally:
            await self._sio.emit("bot_typing", {"typing": False}, room=conversation_id)
