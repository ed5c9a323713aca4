"""The queue for a person: what is true of it, leaving it, a number to be called on, and whether it helped."""

from actions.backend_client import backend
from actions.backend_models import Standing
from actions.backend_requests import BackendRefused
from actions.base import DialogueAction
from actions.contact import read_phone, seems_phone, spoken_phone
from actions.forms import OTHER_TOPICS, FormTurn
from actions.leaving import leave
from actions.turn import Turn

PERSON_CAME = "not-waiting"
# By what a button says, or by how the question is answered in words.
_HELPED = {"yes": True, "affirm": True, "no": False, "deny": False}


def say_standing(turn: Turn, standing: Standing, *, queued: str) -> None:
    """Says what is true for somebody who wants a person; nothing where there is no queue to speak of.

    Args:
        turn: The turn.
        standing: What is true.
        queued: The response for somebody who waits.
    """
    if standing.kind == "queued":
        turn.say(queued, position=standing.position, wait=standing.wait, passed_on=standing.passed_on)
    elif standing.kind == "with_person":
        turn.say("utter_person_has_it", person=standing.person)
    elif standing.kind == "closed" and standing.opens:
        turn.say("utter_closed_now", opens=standing.opens)
    elif standing.kind in ("nobody", "closed"):
        turn.say("utter_nobody_now")


class TellQueue(DialogueAction):
    """The citizen asks how long it takes until a person comes."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_tell_queue"

    async def act(self, turn: Turn) -> None:
        """Says where they stand."""
        turn.attempting("utter_queue_unknown")
        standing = await backend().standing(turn.conversation_id, turn.key("standing"))
        if standing.kind in ("none", "off"):
            turn.say("utter_not_in_queue")
        else:
            say_standing(turn, standing, queued="utter_queue_standing")
        turn.wait()


class LeaveQueue(DialogueAction):
    """The citizen does not want to wait any longer."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_leave_queue"

    async def act(self, turn: Turn) -> None:
        """Takes them out of the queue, unless a person has come this very moment."""
        turn.attempting("utter_queue_unknown")
        try:
            await backend().leave_queue(turn.conversation_id, turn.key("leave-queue"))
        except BackendRefused as refusal:
            if refusal.slug != PERSON_CAME:
                raise
            turn.say("utter_person_comes")
        else:
            turn.say("utter_queue_left")
        turn.wait()


class RateHelp(DialogueAction):
    """The citizen tells whether a person has helped them."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_rate_help"

    async def act(self, turn: Turn) -> None:
        """Stores it, and says so once it is stored; asks where it was not said plainly."""
        helped = _HELPED.get(turn.entity("helped") or turn.intent)
        if helped is None:
            turn.say("utter_help_question")
            return
        turn.attempting("utter_help_failed")
        await backend().rate_help(turn.conversation_id, helped, turn.key("help"))
        turn.say("utter_help_saved" if helped else "utter_help_saved_not_helped")
        turn.wait()


class CallTurn(FormTurn):
    """Asks for a number to be called on, and stores it."""

    form = "call_form"
    begun_by = frozenset({"ask_call"})

    async def begin(self, turn: Turn) -> None:
        """Asks."""
        turn.ask("call_number")

    async def question(self, turn: Turn, slot: str) -> None:
        """Asks for the number."""
        turn.say("utter_call_question")

    async def answer(self, turn: Turn, asked: str) -> bool:
        """Takes the number."""
        phone = read_phone(turn.text)
        if phone is not None:
            await _store(turn, phone)
        elif turn.intent in ("previous_question", "deny", "skip_question"):
            await leave(turn)
            turn.end_form()
        elif turn.clicked or (turn.intent in OTHER_TOPICS and not seems_phone(turn.text)):
            return False
        else:
            turn.say("utter_call_invalid")
            turn.ask("call_number")
        return True


async def _store(turn: Turn, phone: str) -> None:
    turn.attempting("utter_call_failed", "utter_call_unknown")
    try:
        await backend().ask_for_call(turn.conversation_id, phone, turn.key("call"))
    except BackendRefused as refusal:
        if refusal.slug != PERSON_CAME:
            raise
        turn.say("utter_person_comes")
    else:
        turn.say("utter_call_saved", phone=spoken_phone(phone))
    turn.end_form()
