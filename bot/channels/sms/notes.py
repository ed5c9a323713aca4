"""What the backend has to tell a citizen that no transcript may hold: a code, or that all is erased.

It goes past the assistant, and is forgotten as soon as the provider has it.
"""

from __future__ import annotations

from typing import Any

from rasa.core.agent import Agent
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.citizen_message import is_opaque_id
from bot.channels.intake import AssistantUnavailable
from bot.channels.sms.gsm import parts
from bot.channels.sms.numbers import NumberCipher, read_number
from bot.channels.sms.provider import Unreadable, json_object
from bot.channels.sms.store import SmsStore
from bot.channels.sms.wording import messages

CODE = "utter_identity_code"
ERASED = "utter_erased"
_CODE_MARK = "note-code-"
_RECEIPT_MARK = "note-erased-"


def is_note(reference: str) -> bool:
    """Tells whether a message is a note, of which nothing is kept."""
    return reference.startswith((_CODE_MARK, _RECEIPT_MARK))


def is_last_word(reference: str) -> bool:
    """Tells whether a message is the last of an erased conversation."""
    return reference.startswith(_RECEIPT_MARK)


class Notes:
    """Puts notes on their way."""

    def __init__(self, store: SmsStore, cipher: NumberCipher) -> None:
        """Creates it.

        Args:
            store: Where messages wait to be sent.
            cipher: Knows which conversation a number has.
        """
        self._store = store
        self._cipher = cipher

    async def take_code(self, body: bytes, agent: Agent | None) -> None:
        """Sends a code to a number, or to the number of a conversation.

        Raises:
            Unreadable: The request is not in order.
            AssistantUnavailable: There is no model to take the words from.
        """
        asked = json_object(body)
        id, code, phone = asked.get("id"), asked.get("code"), asked.get("phone")
        number = read_number(str(phone)) if phone else None
        conversation_id = self._cipher.conversation_id(number) if number else asked.get("conversation_id")
        if not is_opaque_id(id) or not str(code or "").isdigit():
            raise Unreadable("no id or code")
        await self._say(_CODE_MARK + id, conversation_id, CODE, agent, code=code)

    async def take_receipt(self, body: bytes, agent: Agent | None) -> None:
        """Tells that everything is erased.

        Raises:
            Unreadable: The request is not in order.
            AssistantUnavailable: There is no model to take the words from.
        """
        asked = json_object(body)
        id, url = asked.get("id"), asked.get("receipt_url")
        if not is_opaque_id(id) or not isinstance(url, str):
            raise Unreadable("no id or receipt")
        await self._say(_RECEIPT_MARK + id, asked.get("conversation_id"), ERASED, agent, receipt_url=url)

    async def _say(
        self, reference: str, conversation_id: Any, response: str, agent: Agent | None, **values: Any
    ) -> None:
        if not isinstance(conversation_id, str) or self._cipher.number(conversation_id) is None:
            raise Unreadable("not a conversation by SMS")
        if agent is None or agent.nlg is None:
            raise AssistantUnavailable("no model is loaded")
        # A citizen nothing is known of: the words depend on nothing that was said before.
        nobody = DialogueStateTracker("nobody", slots=None)
        said = await agent.nlg.generate(response, nobody, "sms", **values)
        for number, message in enumerate(messages([said])):
            self._store.say(f"{reference}-{number}", conversation_id, message, parts(message))
