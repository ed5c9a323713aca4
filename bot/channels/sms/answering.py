"""Lets the assistant answer what waits in the store, each message once and each person's in order."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.channels.citizen_message import CitizenMessage
from bot.channels.intake import AssistantUnavailable, Conversation, Intake
from bot.channels.sms.gsm import parts
from bot.channels.sms.keywords import ContactWord, contact_word, wants_link
from bot.channels.sms.lanes import NotYet
from bot.channels.sms.messages import Incoming
from bot.channels.sms.store import SmsStore
from bot.channels.sms.wishes import ContactWishes
from bot.channels.sms.wording import chosen, messages, seems_choice
from observability.correlation import correlated, id_of

CHANNEL = "sms"
OPT_OUT = "/opt_out"
STOPPED = "utter_stopped"
CONTACT_RESUMED = "utter_contact_resumed"
WEB_LINK = "utter_web_link"
_LINK_MARK = "[link]"


class SmsOutput(OutputChannel):
    """Collects what the assistant says in a turn; it is sent when the turn has ended well."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Name that channel-specific responses go by."""
        return CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collects one message."""
        self.said.append(message)


class Answering:
    """Takes the messages of a conversation to the assistant, and its answers to the store.

    A turn that a crash cuts short is taken again, under the same message id: the actions' writes carry it in
    their keys, so nothing happens twice. One that had ended is not taken again: the tracker has its answers.
    """

    def __init__(
        self,
        store: SmsStore,
        intake: Intake,
        wishes: ContactWishes,
        link_to: Callable[[str], str],
        answered: Callable[[], None],
        with_keys_in: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> None:
        """Creates it.

        Args:
            store: Where messages wait.
            intake: The way to the assistant.
            wishes: Where it is kept who wants to be written to.
            link_to: Gives a one-time link into a conversation.
            answered: Called when there are answers to send.
            with_keys_in: Completes links to a citizen's data, whose keys stand nowhere.
        """
        self._store = store
        self._intake = intake
        self._wishes = wishes
        self._link_to = link_to
        self._answered = answered
        self._with_keys_in = with_keys_in

    async def answer_all(self, conversation_id: str) -> None:
        """Answers what waits in a conversation.

        Raises:
            NotYet: The assistant cannot take messages now, or has something to say while a person has the
                conversation; they go on waiting.
        """
        may_announce = True
        while message := self._store.oldest_waiting(conversation_id, announcements=may_announce):
            try:
                with correlated(id_of(message.id)):
                    said = await self._said_to(message)
            except AssistantUnavailable as reason:
                raise NotYet(str(reason)) from reason
            if said is None:
                may_announce = False
                continue
            answers = [] if message.is_silent else messages([self._with_keys_in(one) for one in said])
            self._store.answered(message, [(text, parts(text)) for text in answers])
            self._answered()
        if not may_announce:
            raise NotYet("a person has the conversation")

    async def _said_to(self, message: Incoming) -> list[dict[str, Any]] | None:
        """What is said to a message; None for an announcement that waits until a person is done."""
        async with self._intake.conversation(message.conversation_id) as conversation:
            output = SmsOutput()
            if message.response:
                if not conversation.has_said(message.id) and await conversation.is_silent():
                    return None
                await conversation.announce(message.id, message.response, output, json.loads(message.text))
                return output.said
            if wants_link(message.text) and not await conversation.is_silent():
                await conversation.announce(message.id, WEB_LINK, output, {})
                return [self._with_link(said, message.conversation_id) for said in output.said]
            word = contact_word(message.text)
            if word is ContactWord.STOP and _has_stopped(conversation):
                # It was confirmed; from here on there is silence.
                return []
            meant = _meant(message, conversation, word)
            if word is ContactWord.STOP and await conversation.is_silent():
                # A person has the conversation, so no action stores it; it must hold all the same.
                await self._wishes.stop_contact(message)
            if conversation.has_heard(meant):
                await conversation.break_silence(output)
                return [*conversation.answers_to(meant), *output.said]
            if self._answers_unseen(message, conversation) and not await conversation.is_silent():
                return conversation.last_said
            # An introduction that a crash kept from being sent goes first.
            opening = conversation.opening
            wants_contact = word is ContactWord.START and await self._wishes.want_contact(message)
            if wants_contact and not await conversation.is_silent():
                await conversation.announce(f"{message.id}:start", CONTACT_RESUMED, output, {})
            await conversation.take(meant, output)
            return [*opening, *output.said]

    def _answers_unseen(self, message: Incoming, conversation: Conversation) -> bool:
        """Whether a message would choose among what its writer cannot have read.

        Who hears nothing for a while writes the same once more, and that must not answer the next question.
        """
        offered_at = conversation.offered_at
        if offered_at is None or not seems_choice(message.text, conversation.last_said):
            return False
        # What seems to be offered only later was offered before the clock was set back.
        is_too_early = message.received_at < offered_at <= time.time()
        return is_too_early or self._store.has_unsent(message.conversation_id)

    def _with_link(self, said: dict[str, Any], conversation_id: str) -> dict[str, Any]:
        """Puts the link in at the last moment, so that it stands in no tracker and no transcript."""
        text = str(said.get("text") or "")
        return {**said, "text": text.replace(_LINK_MARK, self._link_to(conversation_id))}


def _has_stopped(conversation: Conversation) -> bool:
    return any(said.get("utter_action") == STOPPED for said in conversation.last_said)


def _meant(message: Incoming, conversation: Conversation, word: ContactWord | None) -> CitizenMessage:
    """Gives a message as Rasa gets it: a number that stands for a button is a click on it."""
    if word is ContactWord.STOP:
        return CitizenMessage.clicked(message.conversation_id, CHANNEL, message.text, OPT_OUT, message.id)
    button = chosen(message.text, conversation.last_said)
    if button:
        title, payload = str(button["title"]), str(button["payload"])
        return CitizenMessage.clicked(message.conversation_id, CHANNEL, title, payload, message.id)
    return CitizenMessage.typed(message.conversation_id, CHANNEL, message.text, message.id)
