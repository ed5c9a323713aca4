"""The one way into Rasa for what citizens say, whatever channel they say it on.

A channel authenticates the citizen, turns what arrived into a `CitizenMessage` and hands it to the
`Conversation` it gets from the `Intake`. Here it is settled that typed text gives no commands and holds no
identifier, that a conversation opens with the introduction, that a message sent twice is heard once, and
that the citizen is never met with silence.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from rasa.core.actions.action import create_bot_utterance
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import LockError
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.channels.cleaning import clean_text
from bot.channels.hiding import TOLD_BEFORE, is_told_of, without_second_half
from identifiers import holds_identifier

logger = logging.getLogger(__name__)

OPEN_CHAT = "/open_chat"
EMPTY_MESSAGE = "/empty_message"
TECHNICAL_ERROR = "utter_technical_error"
GREETING = "greet"
_NOTICE_ID = "notice_id"
_SETTLED_BY_YES = frozenset({"booking_form", "cancel_form"})

_ID = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_.:-]{1,100}")
_TEN_DIGITS = re.compile(r"(?<![^\W_])\d{6}[._:-]?\d{4}(?![^\W_])")

# Turns take milliseconds. Rasa's own pause of a second between looks at the lock would be felt.
_LOCK_POLL_SECONDS = 0.02


class AssistantUnavailable(Exception):
    """The assistant cannot take messages now: no model is loaded, or the conversation's lock was not free."""


@dataclass(frozen=True)
class CitizenMessage:
    """What a citizen said, ready for Rasa.

    Attributes:
        conversation_id: The conversation it belongs to.
        channel: Name of the channel it came by.
        text: Clean text, or the payload of a button.
        id: The sender's own id of the message, by which a repeat is known. None when the channel has none.
        button: Title of the button that was clicked, None for typed text.
        wants_easy_words: Whether the citizen has asked for the easier wording of questions.
        is_told: Whether something was hidden in it, and the citizen has heard why before.
    """

    conversation_id: str
    channel: str
    text: str
    id: str | None = None
    button: str | None = None
    wants_easy_words: bool = False
    is_told: bool = False

    @classmethod
    def typed(cls, conversation_id: str, channel: str, text: str, id: str | None = None) -> CitizenMessage:
        """A message the citizen wrote. Whatever it holds, it is treated as plain text."""
        return cls(conversation_id, channel, clean_text(text) or EMPTY_MESSAGE, id)

    @classmethod
    def clicked(
        cls, conversation_id: str, channel: str, title: str, payload: str, id: str | None = None
    ) -> CitizenMessage:
        """A click on a button that the channel has made sure was offered in this conversation."""
        return cls(conversation_id, channel, payload, id, button=title)

    @property
    def words(self) -> str | None:
        """What the citizen sees themselves having said. None for an empty message."""
        return self.button or (None if self.text == EMPTY_MESSAGE else self.text)

    @property
    def metadata(self) -> dict[str, Any]:
        """What Rasa notes beside the message."""
        noted = {
            "button": self.button,
            "easy_words": self.wants_easy_words,
            TOLD_BEFORE: self.is_told,
        }
        return {name: value for name, value in noted.items() if value}


def is_opaque_id(value: object) -> TypeGuard[str]:
    """Tells whether a value can name a conversation or a message: short, and no phone or CPR number."""
    if not isinstance(value, str) or _ID.fullmatch(value) is None:
        return False
    # Within a word ten digits are chance, for ids are drawn by lot; by themselves they are a number.
    return not any(map(holds_identifier, _TEN_DIGITS.findall(value)))


class Intake:
    """Opens conversations with the assistant, one turn at a time in each."""

    def __init__(self, agent: Callable[[], Agent | None]) -> None:
        """Creates the intake.

        Args:
            agent: Gives the agent in use; Rasa replaces it when a new model is loaded.
        """
        self._agent = agent

    @asynccontextmanager
    async def conversation(self, conversation_id: str) -> AsyncIterator[Conversation]:
        """Holds the conversation: others that ask for it wait, and get it in the order they asked.

        Rasa's own message handler takes the lock for a single message. Here it is held around everything that
        must not be interleaved: the look for a repeat, the introduction, the turn and the apology.

        Raises:
            AssistantUnavailable: There is no model, or the lock was not free in time.
        """
        agent = self._agent()
        if agent is None or not agent.is_ready():
            raise AssistantUnavailable("no model is loaded")
        try:
            async with agent.lock_store.lock(conversation_id, wait_time_in_seconds=_LOCK_POLL_SECONDS):
                tracker = await agent.tracker_store.retrieve_full_tracker(conversation_id)
                yield Conversation(agent, conversation_id, tracker.events if tracker else ())
        except LockError as error:
            raise AssistantUnavailable("the conversation is busy") from error


class Conversation:
    """A conversation while it is held. `events` are those stored when it was taken, oldest first."""

    def __init__(self, agent: Agent, conversation_id: str, events: Sequence[Event]) -> None:
        self._agent = agent
        self.id = conversation_id
        self.events = tuple(events)

    @property
    def has_begun(self) -> bool:
        """Whether the citizen has met the assistant in this conversation."""
        return any(isinstance(event, UserUttered) for event in self.events)

    def has_heard(self, message: CitizenMessage) -> bool:
        """Tells whether this very message was handled before."""
        return message.id is not None and any(_is_message(event, message.id) for event in self.events)

    def as_kept(self, message: CitizenMessage) -> CitizenMessage:
        """Gives a message as this conversation may keep it: it completes no number that was begun before."""
        if message.button is not None:
            return message
        text = without_second_half(message.text, self.events, message.id)
        return replace(message, text=text, is_told=is_told_of(text, self.events))

    @property
    def last_said(self) -> list[dict[str, Any]]:
        """What the assistant has said since the citizen last wrote."""
        return _said_last(self.events)

    @property
    def opening(self) -> list[dict[str, Any]]:
        """The introduction, while the citizen has not written after it; else nothing."""
        last = next((event for event in reversed(self.events) if isinstance(event, UserUttered)), None)
        return self.last_said if last is not None and last.text == OPEN_CHAT else []

    def answers_to(self, message: CitizenMessage) -> list[dict[str, Any]]:
        """What the assistant said to a message it has heard, in the form output channels take.

        An introduction that was given because of it is part of that.
        """
        turns = _turns(self.events)
        heard = next((n for n, turn in enumerate(turns) if _is_message(turn[0], message.id)), None)
        if heard is None:
            return []
        opened = heard > 0 and turns[heard - 1][0].text == OPEN_CHAT
        return [
            said for turn in turns[heard - 1 if opened else heard : heard + 1] for said in _said_last(turn)
        ]

    async def begin(self, channel: str, output: OutputChannel) -> None:
        """Lets the assistant introduce itself."""
        await self._turn(UserMessage(OPEN_CHAT, output, self.id, input_channel=channel))

    async def take(self, message: CitizenMessage, output: OutputChannel) -> None:
        """Lets the assistant answer a message, after its introduction if they have not met before.

        A first message that only greets is answered by the introduction: a rule in data/stories says so.
        """
        message = self.as_kept(message)
        heard = UserMessage(
            message.text,
            output,
            self.id,
            input_channel=message.channel,
            message_id=message.id,
            metadata=message.metadata,
        )
        if not self.has_begun and not await self._is_greeting(heard):
            await self.begin(message.channel, output)
        await self._turn(heard)

    async def _is_greeting(self, message: UserMessage) -> bool:
        """Reads a message ahead of its turn; the reading stays with it and is not made twice."""
        if message.text.startswith(INTENT_MESSAGE_PREFIX):
            return False
        try:
            message.parse_data = await self._agent.processor.parse_message(message)
        except Exception:
            # The turn meets the same failure, and the citizen hears of it there.
            logger.exception("A first message could not be read in conversation %s.", self.id)
            return False
        return bool(message.parse_data["intent"]["name"] == GREETING)

    async def _turn(self, message: UserMessage) -> None:
        """Handles one message and makes sure that the citizen is answered."""
        output = message.output_channel = _CountingOutput(message.output_channel)
        try:
            if message.text.startswith(INTENT_MESSAGE_PREFIX):
                message.parse_data = self._reading_of(message.text)
            await self._agent.processor.handle_message(message)
        except Exception:
            logger.exception("A turn failed in conversation %s.", self.id)
            await self._apologise(output)
        else:
            if not output.count and not await self._is_paused():
                await self._apologise(output)

    def _reading_of(self, payload: str) -> dict[str, Any] | None:
        """What one of our own payloads says, as Rasa's graph ends by reading it after all its guessing.

        None, which leaves it to Rasa, for a payload that the domain does not know.
        """
        [read] = RegexMessageHandler().process([Message({TEXT: payload})], self._agent.domain)
        return read.as_dict(only_output_properties=True) or None

    async def _is_paused(self) -> bool:
        """Whether a person has taken over, so that the assistant is meant to be silent."""
        tracker = await self._agent.tracker_store.retrieve(self.id)
        return bool(tracker and tracker.is_paused())

    async def _apologise(self, output: OutputChannel) -> None:
        """Says that something failed, and remembers that it was said.

        An action server that is down, or an action that raises, leaves Rasa with nothing to say.
        """
        await self._say(TECHNICAL_ERROR, output, {}, {})

    async def announce(
        self, notice_id: str, response: str, output: OutputChannel, values: Mapping[str, Any]
    ) -> None:
        """Says what the citizen did not ask for, and remembers it, so that their answer is understood.

        Args:
            notice_id: What is announced; the same one is remembered once, however often it is said.
            response: Name of the response in the domain.
            output: Where it is said.
            values: What the response is filled with.
        """
        for event in self.events:
            if isinstance(event, BotUttered) and event.metadata.get(_NOTICE_ID) == notice_id:
                await output.send_response(self.id, event.message())
                return
        await self._close_what_yes_would_settle()
        await self._say(response, output, values, {_NOTICE_ID: notice_id})

    async def _close_what_yes_would_settle(self) -> None:
        """Ends a form that waits for a yes to book or cancel: the next "ja" answers the announcement."""
        tracker = await self._agent.tracker_store.retrieve(self.id)
        if tracker and tracker.active_loop_name in _SETTLED_BY_YES:
            tracker.update_with_events([ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)], self._agent.domain)
            await self._agent.tracker_store.save(tracker)

    async def _say(
        self, name: str, output: OutputChannel, values: Mapping[str, Any], metadata: Mapping[str, Any]
    ) -> None:
        tracker = await self._agent.processor.fetch_tracker_with_initial_session(self.id, output)
        response = await self._agent.nlg.generate(name, tracker, output.name(), **values)
        utterance = create_bot_utterance({**response, "utter_action": name, **metadata})
        await output.send_response(self.id, utterance.message())
        tracker.update(utterance, self._agent.domain)
        await self._agent.tracker_store.save(tracker)


class _CountingOutput(OutputChannel):
    """Passes the assistant's messages on to another output and counts them."""

    def __init__(self, output: OutputChannel) -> None:
        self._output = output
        self.count = 0

    def name(self) -> str:
        """The other output's name, by which Rasa chooses among responses."""
        return str(self._output.name())

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Passes one message on."""
        self.count += 1
        await self._output.send_response(recipient_id, message)


def _is_message(event: Event, message_id: str | None) -> bool:
    return isinstance(event, UserUttered) and event.message_id == message_id


def _turns(events: Sequence[Event]) -> list[list[Any]]:
    """Groups events by the message they follow, which comes first."""
    turns: list[list[Any]] = []
    for event in events:
        if isinstance(event, UserUttered):
            turns.append([event])
        elif turns:
            turns[-1].append(event)
    return turns


def _said_last(events: Sequence[Event]) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    for event in events:
        if isinstance(event, UserUttered):
            said.clear()
        elif isinstance(event, BotUttered):
            said.append(event.message())
    return said
