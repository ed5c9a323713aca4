"""Leaving what is under way: pause, stop, and what is safe when one does."""

import json
import logging
from datetime import datetime, timezone

from actions.backend_client import backend
from actions.backend_requests import BackendError
from actions.base import DialogueAction
from actions.citizens import remembered_assessment
from actions.keeping import is_kept
from actions.outbox import OutboxRequest
from actions.turn import Turn

logger = logging.getLogger(__name__)

BEGIN_AGAIN = "/restart" + json.dumps({"confirmed": "yes"})
"""What the button of utter_restart_question sends; a citizen who only says so is asked."""

_TOLD_WHEN_LEFT = {
    "assessment_form": "utter_left_assessment",
    "booking_form": "utter_left_booking",
    "cancel_form": "utter_left_cancelling",
    "dispute_form": "utter_left_dispute",
    "occupation_form": "utter_left_occupation",
    "rights_form": "utter_left_rights",
    "call_form": "utter_call_left",
}


async def leave(turn: Turn) -> None:
    """Says what is safe now that the form under way is left, and how to come back."""
    if turn.active_form == "assessment_form":
        await _mark_as_paused(turn)
    turn.say(_TOLD_WHEN_LEFT.get(turn.active_form or "", "utter_pause"))


async def _mark_as_paused(turn: Turn) -> None:
    assessment = remembered_assessment(turn)
    if assessment is None:
        return
    try:
        await backend().pause(assessment.id, turn.key("pause"))
    except BackendError as error:
        # Only a mark for the staff: every answer was stored when it was given.
        logger.warning("The assessment could not be marked as paused: %s", error)


class Pause(DialogueAction):
    """The citizen wants to go on later."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_pause"

    async def act(self, turn: Turn) -> None:
        """Leaves the form, if any."""
        await leave(turn)
        turn.leave_form()


class Stop(DialogueAction):
    """The citizen wants no more messages."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_stop"

    async def act(self, turn: Turn) -> None:
        """Leaves the form, if any, and says that nothing comes uninvited, once that is stored."""
        if turn.active_form:
            await leave(turn)
            turn.leave_form()
        turn.say(await self._store(turn))

    @staticmethod
    async def _store(turn: Turn) -> str:
        said_at = datetime.now(timezone.utc).isoformat()
        # A turn that is taken again says so at another time, which is another request.
        key = turn.key(f"stop:{said_at}")
        try:
            await backend().stop_contact(turn.conversation_id, said_at, key)
        except BackendError as error:
            logger.warning("A stop is not stored yet: %s", error)
            kept = await is_kept(OutboxRequest.stop(turn.conversation_id, said_at, key))
            return "utter_stop_kept" if kept else "utter_stop_failed"
        return "utter_stopped"


class LeaveForm(DialogueAction):
    """Ends the form without a word, after a response that has said what there is to say."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_leave_form"

    async def act(self, turn: Turn) -> None:
        """Leaves the form."""
        turn.leave_form()


class Resume(DialogueAction):
    """The citizen wants to go on."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_resume"

    async def act(self, turn: Turn) -> None:
        """Goes back to the booking if that was left half done, to the proposal, or else to the questions."""
        if turn.last_form == "booking_form" and turn.slot("hold"):
            turn.next_action("booking_form")
        elif turn.last_form == "occupation_form":
            turn.next_action("action_show_result")
        else:
            turn.next_action("assessment_form")


class BeginAgain(DialogueAction):
    """The citizen wants to begin again. Rasa's own action of this name would forget the conversation."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_restart"

    async def act(self, turn: Turn) -> None:
        """Asks first, whatever is under way: beginning again may throw answers away."""
        if turn.accepts(BEGIN_AGAIN):
            turn.leave_form()
            turn.next_action("assessment_form")
        else:
            turn.say("utter_restart_question")
            turn.wait()
