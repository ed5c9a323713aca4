"""Calling on people: a citizen who wants one, is in despair, or is annoyed with the assistant."""

import logging
from abc import abstractmethod
from datetime import datetime, timezone
from typing import ClassVar, Literal

from actions.backend_client import backend
from actions.backend_models import Standing
from actions.backend_requests import BackendError
from actions.base import DialogueAction
from actions.keeping import is_kept
from actions.outbox import OutboxRequest
from actions.queue import say_standing
from actions.turn import Turn

logger = logging.getLogger(__name__)

Told = Literal["now", "later", "not"]

REST = "rest"
"""The channel on which a citizen is only answered, never written to."""

FAILURES = frozenset({"action_default_fallback", "action_note_out_of_scope"})
"""The actions after a message that the assistant could not help with."""

_SAID_OF_CRISIS: dict[Told, str] = {
    "now": "utter_crisis_told",
    "later": "utter_crisis_told_later",
    "not": "utter_crisis_not_told",
}


class FlagConversation(DialogueAction):
    """Marks the conversation for the staff. What a person must not miss is kept until it is delivered."""

    kind: ClassVar[str]

    @abstractmethod
    def name(self) -> str:
        """Gives the name the domain knows the action by."""

    async def flag(self, turn: Turn) -> Told:
        """Marks the conversation, and tells how far the mark has come."""
        key = turn.key(self.kind)
        try:
            await backend().flag(turn.conversation_id, self.kind, key)
        except BackendError as error:
            logger.warning("The flag %s is not stored yet: %s", self.kind, error)
            kept = await is_kept(OutboxRequest.flag(turn.conversation_id, self.kind, key))
            return "later" if kept else "not"
        return "now"


async def ask_for_person(turn: Turn, reason: str) -> Standing | None:
    """Puts the citizen into the queue for a person, and gives what is true then.

    None when it is not known: the wish is then delivered later, and what comes of it is told then. None also
    where nobody could write to the citizen.
    """
    if turn.channel == REST:
        return None
    key = turn.key("handover")
    try:
        return await backend().ask_for_person(turn.conversation_id, reason, key)
    except BackendError as error:
        logger.warning("A person could not be asked for yet: %s", error)
        asked_at = datetime.now(timezone.utc).isoformat()
        await is_kept(OutboxRequest.handover(turn.conversation_id, reason, asked_at, key))
        return None


def _reason(turn: Turn) -> str:
    """Why a person is wanted: by itself, or because the assistant has offered one."""
    before = turn.actions_last_turn if turn.was_offered("/talk_to_human") else []
    if "action_flag_annoyance" in before:
        return "annoyed"
    return "asked" if FAILURES.isdisjoint(before) else "not_understood"


class FlagWishForHuman(FlagConversation):
    """The citizen wants a person; a response with the number to call has been said before this."""

    kind = "human_requested"

    def name(self) -> str:
        """Gives the action's name."""
        return "action_flag_wish_for_human"

    async def act(self, turn: Turn) -> None:
        """Tells the staff, says so if it is so, and leaves the word with the citizen."""
        await self.call(turn)
        turn.wait()

    async def call(self, turn: Turn) -> None:
        """Tells the staff, puts the citizen into the queue where there is one, and says what is true then."""
        told = await self.flag(turn)
        standing = await ask_for_person(turn, _reason(turn))
        if told == "now" and (standing is None or standing.kind != "queued"):
            turn.say("utter_human_told")
        if standing is not None:
            say_standing(turn, standing, queued="utter_queued")


class FlagCrisis(FlagConversation):
    """The citizen is in despair or danger; a response with the numbers to call has been said before this."""

    kind = "crisis"

    def name(self) -> str:
        """Gives the action's name."""
        return "action_flag_crisis"

    async def act(self, turn: Turn) -> None:
        """Tells the staff, says so only if it is so, and drops whatever was under way."""
        turn.leave_form()
        turn.say(_SAID_OF_CRISIS[await self.flag(turn)])
        standing = await ask_for_person(turn, "crisis")
        # Where nobody is there, the numbers to call have been said, and nothing else is to be waited for.
        if standing is not None and standing.kind == "queued":
            say_standing(turn, standing, queued="utter_crisis_queued")


class FlagAnnoyance(FlagConversation):
    """The citizen is annoyed; a response has offered a person."""

    kind = "negative_feedback"

    def name(self) -> str:
        """Gives the action's name."""
        return "action_flag_annoyance"

    async def act(self, turn: Turn) -> None:
        """Tells the staff, and waits for what the citizen says to the offer."""
        await self.flag(turn)
        turn.wait()
