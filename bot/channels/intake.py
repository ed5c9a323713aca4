"""The one way into Rasa for what citizens say, whatever channel they say it on.

A channel authenticates the citizen, turns what arrived into a `CitizenMessage` and hands it to the
`Conversation` it gets from the `Intake`. Here it is settled that typed text gives no commands and holds no
identifier, that a conversation opens with the introduction, that a message sent twice is heard once, that
none is taken for heard before it is stored, and that the citizen is never met with silence.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from rasa.core.actions.action import create_bot_utterance
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import LockError
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import (
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    SlotSet,
)
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from sqlalchemy.exc import SQLAlchemyError  # type: ignore[import-untyped]

from bot.channels.citizen_message import CitizenMessage
from bot.channels.codes import GIVEN, IDENTITY_CODE, REMOVED
from bot.channels.counting import CountingOutput
from bot.channels.hiding import is_told_of, without_second_half
from bot.channels.history import AUTHOR, NOTICE_ID, OPEN_CHAT, History
from bot.channels.owners import Owner, Owners, Ownership
from bot.channels.queue_words import queue_wish
from bot.instruments import ANSWERED, APOLOGISED, HEARD, TURN_SECONDS, UNSTORED
from bot.tracker_store import store_or_fail
from observability.correlation import METADATA, correlated, current, id_of, new_id

logger = logging.getLogger(__name__)

TECHNICAL_ERROR = "utter_technical_error"
GREETING = "greet"
_SETTLED_BY_YES = frozenset({"booking_form", "cancel_form", "rights_form"})

# Turns take milliseconds. Rasa's own pause of a second between looks at the lock would be felt.
_LOCK_POLL_SECONDS = 0.02

# Turns that were answered, but could not be stored, by conversation and message. They are taken again.
_UNSTORED: set[tuple[str, str | None]] = set()


class AssistantUnavailable(Exception):
    """The assistant cannot take messages now.

    No model is loaded, the conversation's lock was not free, or nothing can be stored.
    """


class Intake:
    """Opens conversations with the assistant, one turn at a time in each."""

    def __init__(
        self,
        agent: Callable[[], Agent | None],
        owners: Owners | None = None,
        proof_of: Callable[[str, str], str] | None = None,
    ) -> None:
        """Creates the intake.

        Args:
            agent: Gives the agent in use; Rasa replaces it when a new model is loaded.
            owners: Knows which conversations a person has; None where nobody can take any.
            proof_of: What shows the backend that a code was given in a conversation; None where none is.
        """
        self._agent = agent
        self._owners = owners
        self._proof_of = proof_of

    @asynccontextmanager
    async def conversation(self, conversation_id: str) -> AsyncIterator[Conversation]:
        """Holds the conversation: others that ask for it wait, and get it in the order they asked.

        Rasa's own message handler takes the lock for a single message. Here it is held around everything that
        must not be interleaved: the look for a repeat, the introduction, the turn and the apology.

        Raises:
            AssistantUnavailable: There is no model, the lock was not free in time, or the conversation cannot
                be read or stored; what happened in it then is to be taken again.
        """
        agent = self._agent()
        if agent is None or not agent.is_ready():
            raise AssistantUnavailable("no model is loaded")
        store_or_fail(agent)
        try:
            async with agent.lock_store.lock(conversation_id, wait_time_in_seconds=_LOCK_POLL_SECONDS):
                tracker = await agent.tracker_store.retrieve_full_tracker(conversation_id)
                events = tracker.events if tracker else ()
                yield Conversation(agent, conversation_id, events, self._owners, self._proof_of)
        except LockError as error:
            raise AssistantUnavailable("the conversation is busy") from error
        except SQLAlchemyError as error:
            reason = getattr(error, "orig", None) or type(error).__name__
            logger.error("Conversation %s could not be read or stored: %s.", conversation_id, reason)
            # The error itself repeats what was to be stored, and that does not belong in a log.
            raise AssistantUnavailable("the conversation cannot be stored") from None


class Conversation(History):
    """A conversation while it is held."""

    def __init__(
        self,
        agent: Agent,
        conversation_id: str,
        events: Sequence[Event],
        owners: Owners | None,
        proof_of: Callable[[str, str], str] | None,
    ) -> None:
        super().__init__(events)
        self._agent = agent
        self._owners = owners
        self._proof_of = proof_of
        self.id = conversation_id

    def as_kept(self, message: CitizenMessage) -> CitizenMessage:
        """Gives a message as this conversation may keep it.

        It completes no number that was begun before, and a code that was asked for gives way to its proof.
        """
        if message.button is not None:
            return message
        if message.code is not None and self.asked_before(message) == IDENTITY_CODE:
            proof = self._proof_of(self.id, message.code) if message.code and self._proof_of else ""
            return replace(message, text=GIVEN, button=REMOVED, code=None, proof=proof)
        text = without_second_half(message.text, self.events, message.id)
        return replace(message, text=text, is_told=is_told_of(text, self.events))

    async def begin(self, channel: str, output: OutputChannel) -> None:
        """Lets the assistant introduce itself."""
        with correlated(current() or new_id()):
            await self._turn(UserMessage(OPEN_CHAT, output, self.id, input_channel=channel))

    async def take(self, message: CitizenMessage, output: OutputChannel) -> None:
        """Lets the assistant answer a message, after its introduction if they have not met before.

        A first message that only greets is answered by the introduction: a rule in data/stories says so.
        While a person has the conversation, the message is heard and not answered.
        """
        with correlated(id_of(message.id)):
            await self._take(message, output)

    async def break_silence(self, output: OutputChannel) -> None:
        """Apologises for a turn that was stored, and that a crash then kept from being answered."""
        if self.is_unanswered and not await self.is_paused():
            await self._apologise(output)

    async def _take(self, message: CitizenMessage, output: OutputChannel) -> None:
        message = self.as_kept(message)
        ownership = await self.settle_owner()
        if ownership and ownership.owner is Owner.WAITING and (wish := queue_wish(message.text)):
            message = replace(message, text=wish, button=message.text)
        heard = UserMessage(
            message.text,
            output,
            self.id,
            input_channel=message.channel,
            message_id=message.id or current(),
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
        """Handles one message and makes sure that the citizen is answered.

        Who writes on a full disk is answered too, but the message counts as not heard. Each time it is sent
        again, the turn is taken again, and it is answered again only once the turn is stored.
        """
        turn = (self.id, message.message_id)
        output = message.output_channel = CountingOutput(message.output_channel, holds=turn in _UNSTORED)
        message.metadata = {**(message.metadata or {}), METADATA: current()}
        began, outcome = time.perf_counter(), ANSWERED
        try:
            if message.text.startswith(INTENT_MESSAGE_PREFIX):
                message.parse_data = self._reading_of(message.text)
            await self._agent.processor.handle_message(message)
        except SQLAlchemyError:
            _UNSTORED.add(turn)
            _measure(message.input_channel, UNSTORED, time.perf_counter() - began)
            raise
        except Exception:
            logger.exception("A turn failed in conversation %s.", self.id)
            outcome = APOLOGISED
        else:
            if not output.count:
                outcome = HEARD if await self.is_paused() else APOLOGISED
        if outcome == APOLOGISED:
            await self._apologise(output)
        _UNSTORED.discard(turn)
        await output.release()
        _measure(message.input_channel, outcome, time.perf_counter() - began)

    def _reading_of(self, payload: str) -> dict[str, Any] | None:
        """What one of our own payloads says, as Rasa's graph ends by reading it after all its guessing.

        None, which leaves it to Rasa, for a payload that the domain does not know.
        """
        [read] = RegexMessageHandler().process([Message({TEXT: payload})], self._agent.domain)
        return read.as_dict(only_output_properties=True) or None

    async def settle_owner(self) -> Ownership | None:
        """Makes the assistant as silent as it must be now, and tells who owns the conversation.

        The backend decides. If it cannot be asked, what the tracker says goes on to hold, and None is given.
        """
        ownership = await self._owners.of(self.id) if self._owners else None
        if ownership is not None and await self.is_paused() == ownership.bot_may_speak:
            change = ConversationResumed() if ownership.bot_may_speak else ConversationPaused()
            await self._remember(change)
        return ownership

    async def is_silent(self) -> bool:
        """Whether the assistant must be silent now."""
        ownership = await self.settle_owner()
        return not ownership.bot_may_speak if ownership else await self.is_paused()

    async def be_silent(self) -> None:
        """Makes the assistant silent: a person is about to have the conversation."""
        if not await self.is_paused():
            await self._remember(ConversationPaused())

    async def _remember(self, event: Event) -> None:
        tracker = await self._agent.tracker_store.get_or_create_tracker(self.id)
        tracker.update_with_events([event], self._agent.domain)
        await self._agent.tracker_store.save(tracker)

    async def is_paused(self) -> bool:
        """Whether a person has taken over, so that the assistant is meant to be silent."""
        tracker = await self._agent.tracker_store.retrieve(self.id)
        return bool(tracker and tracker.is_paused())

    async def _apologise(self, output: OutputChannel) -> None:
        """Says that something failed, and remembers that it was said.

        An action server that is down, or an action that raises, leaves Rasa with nothing to say.
        """
        await self._say(TECHNICAL_ERROR, output, {}, {})

    async def relay(self, notice_id: str, author: str, text: str, output: OutputChannel) -> None:
        """Says what a person has written in the assistant's place, and remembers it.

        Args:
            notice_id: Which message it is; the same one is remembered once, however often it is said.
            author: The person's name.
            text: What they wrote.
            output: Where it is said.
        """
        if not await self._said_again(notice_id, output):
            utterance = BotUttered(text, {}, {AUTHOR: author, NOTICE_ID: notice_id}, time.time())
            # Remembered first, so that after a crash it is said again as the same message, not as another.
            await self._remember(utterance)
            await output.send_response(self.id, utterance.message())

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
        if not await self._said_again(notice_id, output):
            await self._close_what_yes_would_settle()
            await self._say(response, output, values, {NOTICE_ID: notice_id})

    async def _said_again(self, notice_id: str, output: OutputChannel) -> bool:
        """Says what was said before under an id, just as it was; tells whether there was anything."""
        said = self.said_under(notice_id)
        if said is not None:
            await output.send_response(self.id, said.message())
        return said is not None

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
        tracker.update(utterance, self._agent.domain)
        try:
            # First, so that after a crash it is said again as the same message, not as another.
            await self._agent.tracker_store.save(tracker)
        finally:
            await output.send_response(self.id, utterance.message())


def _measure(channel: str, outcome: str, seconds: float) -> None:
    """Tells and counts how a turn went."""
    fields = {"channel": channel, "outcome": outcome, "milliseconds": round(seconds * 1000, 1)}
    logger.info("A message was %(outcome)s", fields, extra={"fields": fields})
    TURN_SECONDS.labels(channel, outcome).observe(seconds)
