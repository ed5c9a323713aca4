"""Asking, once and at the end, how content the citizen is with the conversation."""

from actions.backend_client import backend
from actions.base import DialogueAction
from actions.citizens import remembered_assessment
from actions.turn import Turn

_QUESTION = "utter_satisfaction_question"
# Where an answer is a tap. By SMS it would cost the citizen one more message.
_CHANNEL = "web"


def ask_once(turn: Turn) -> None:
    """Asks, unless it was asked before in this conversation."""
    if turn.channel == _CHANNEL and not turn.has_said(_QUESTION):
        turn.say(_QUESTION)


class AskSatisfaction(DialogueAction):
    """The citizen has said goodbye."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_ask_satisfaction"

    async def act(self, turn: Turn) -> None:
        """Asks who has come further than a greeting."""
        if remembered_assessment(turn) is not None or turn.last_form is not None:
            ask_once(turn)


class RateChat(DialogueAction):
    """The citizen tells how content they are."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_rate_chat"

    async def act(self, turn: Turn) -> None:
        """Stores it, and says so once it is stored."""
        rating = turn.entity("rating")
        if rating is None:
            turn.say(_QUESTION)
            return
        turn.attempting("utter_satisfaction_failed")
        await backend().rate(turn.conversation_id, int(rating), turn.key("rate"))
        turn.say("utter_satisfaction_saved")
