"""What "ja" and "nej" mean when no form waits for them: they answer what the assistant last offered."""

from actions.base import DialogueAction
from actions.turn import OFFERS, Turn


class Accept(DialogueAction):
    """The citizen says yes."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_accept"

    async def act(self, turn: Turn) -> None:
        """Does what was offered."""
        if turn.offer:
            turn.next_action(OFFERS[turn.offer])
        elif turn.was_offered("/affirm"):
            # The question was withdrawn when something else was announced; a yes to it has done nothing.
            turn.say("utter_nothing_done")
        else:
            turn.say("utter_accepted")


class Decline(DialogueAction):
    """The citizen says no."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_decline"

    async def act(self, turn: Turn) -> None:
        """Leaves it at that. A form that was interrupted by an offer goes on by itself."""
        if turn.offer == "rate_help":
            turn.next_action("action_rate_help")
            return
        turn.say("utter_declined_offer" if turn.active_form else "utter_declined")
