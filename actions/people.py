"""Calling on people: a citizen who wants one, is in despair, or is annoyed with the assistant."""

import logging
from abc import abstractmethod
from typing import ClassVar, Literal

from actions.backend_client import BackendError, backend
from actions.base import DialogueAction
from actions.keeping import is_kept
from actions.outbox import OutboxRequest
from actions.turn import Turn

logger = logging.getLogger(__name__)

Told = Literal["now", "later", "not"]

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


class FlagWishForHuman(FlagConversation):
    """The citizen wants a person; a response with the number to call has been said before this."""

    kind = "human_requested"

    def name(self) -> str:
        """Gives the action's name."""
        return "action_flag_wish_for_human"

    async def act(self, turn: Turn) -> None:
        """Tells the staff, says so if it is so, and leaves the word with the citizen."""
        if await self.flag(turn) == "now":
            turn.say("utter_human_told")
        turn.wait()


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
