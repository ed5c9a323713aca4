"""The base of the forms' turns.

Rasa calls `validate_<form>` when the form begins, at each message while it is open, and when it comes back
after another topic. Nothing is extracted into slots beforehand: the turn reads the message and decides. A
message that is not for the form is left alone; Rasa then rejects the form, the rules answer the message, and
the form comes back and repeats its question. The turn puts the next question itself, so that it is one call.
"""

import logging
import re
from abc import ABC, abstractmethod
from typing import ClassVar

from actions.backend_requests import BackendError
from actions.base import DialogueAction
from actions.turn import REQUESTED_SLOT, Turn

logger = logging.getLogger(__name__)

# Wishes and questions that are never a value a form asked for.
OTHER_TOPICS = frozenset(
    {
        "help",
        "greet",
        "thank",
        "goodbye",
        "bot_challenge",
        "feedback_negative",
        "talk_to_human",
        "crisis",
        "opt_out",
        "pause_assessment",
        "start_assessment",
        "restart",
        "ask_result",
        "ask_why_track",
        "dispute_track",
        "ask_tracks",
        "ask_booking",
        "cancel_booking",
        "ask_privacy",
        "export_data",
        "delete_data",
        "ask_language",
        "ask_jobs",
        "ask_courses",
        "ask_benefits",
        "empty_message",
        "share_cpr",
        "ask_queue",
        "leave_queue",
        "ask_call",
        "rate_help",
    }
)


_QUESTION = re.compile(r"\?|^\W*(?:hv\w+|kan|kunne|må|er|har|får|skal|what|why|how|who)\b", re.IGNORECASE)


def reads_as_question(text: str) -> bool:
    """Tells whether a message asks something rather than answers."""
    return _QUESTION.search(text) is not None


_YES = re.compile(r"\W*(?:ja|jaja|jada|jo|jep|jeps|yes)\b", re.IGNORECASE)


def says_yes(turn: Turn, *, said_with: frozenset[str] = frozenset({"thank"})) -> bool:
    """Tells whether a message is a yes to a question that takes yes or no.

    Args:
        turn: The turn.
        said_with: What else a message that begins with "ja" may be understood as: "ja, mange tak".
    """
    begins_so = _YES.match(turn.text) is not None and not reads_as_question(turn.text)
    return turn.intent == "affirm" or (begins_so and turn.intent in said_with)


class FormTurn(DialogueAction, ABC):
    """One turn of the form named `form`.

    Attributes:
        form: The form's name in the domain.
        begun_by: The intents that begin it. Said again while it is open, they repeat the question; Rasa would
            try to begin the form that has just turned the message down.
    """

    form: ClassVar[str]
    begun_by: ClassVar[frozenset[str]]

    def name(self) -> str:
        """Gives the name Rasa derives from the form's."""
        return f"validate_{self.form}"

    @abstractmethod
    async def begin(self, turn: Turn) -> None:
        """Starts the form: asks for the first slot, or ends the form at once."""

    @abstractmethod
    async def answer(self, turn: Turn, asked: str) -> bool:
        """Takes a message while the form waits for a slot.

        Returns:
            False when the message is not for the form; nothing must have been said or set then.
        """

    @abstractmethod
    async def question(self, turn: Turn, slot: str) -> None:
        """Asks for a slot; Rasa would call another action for this, which costs a round trip."""

    async def act(self, turn: Turn) -> None:
        """Finds out which of the three occasions this is."""
        asked = turn.slot(REQUESTED_SLOT)
        if self.form in turn.loops_begun_this_turn:
            await self.begin(turn)
        elif _another_action_answered(turn, self.form):
            turn.set(REQUESTED_SLOT, asked)
        elif turn.answers_an_offer or not await self.answer(turn, asked):
            turn.events.clear()
            if turn.intent in self.begun_by:
                turn.ask(asked)

    def recover(self, turn: Turn, *, outcome_unknown: bool) -> None:
        """Repeats the question; a form ends that could not begin or no longer knows where it is."""
        if turn.has_requested:
            return
        if outcome_unknown or self.form in turn.loops_begun_this_turn:
            turn.end_form()
        else:
            turn.ask(turn.slot(REQUESTED_SLOT))

    async def conclude(self, turn: Turn) -> None:
        """Asks what is asked next; a form whose question cannot be put ends, unless it has put it before."""
        slot = turn.slot(REQUESTED_SLOT) if turn.has_requested else None
        if not slot:
            return
        try:
            await self.question(turn, slot)
        except BackendError as error:
            logger.warning("%s could not ask for %s: %s", self.form, slot, error)
            turn.say(turn.attempt.failed)
            if slot != turn.asked_before:
                turn.end_form()


def _another_action_answered(turn: Turn, form: str) -> bool:
    return any(action not in (form, "action_listen") for action in turn.actions_this_turn)
