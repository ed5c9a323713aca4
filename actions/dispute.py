"""Saying no to a proposal: the reason in one message, stored before it is confirmed."""

from actions.backend_client import backend
from actions.forms import OTHER_TOPICS, FormTurn, reads_as_question
from actions.leaving import leave
from actions.result import newest_placement
from actions.turn import Turn

NO_REASON = "Borgeren er ikke enig i forslaget og gav ingen begrundelse."

# A reason may well speak of courses or money. Only as a question is it something else than the reason.
_MAY_BE_REASON = frozenset(
    {
        "ask_jobs",
        "ask_courses",
        "ask_benefits",
        "ask_result",
        "feedback_negative",
        "dispute_track",
        "out_of_scope",
    }
)


class DisputeTurn(FormTurn):
    """Asks why the citizen disagrees and stores it."""

    form = "dispute_form"
    begun_by = frozenset({"dispute_track"})

    async def begin(self, turn: Turn) -> None:
        """Asks for the reason, if there is a proposal to disagree with."""
        turn.attempting("utter_dispute_failed")
        placement = await newest_placement(turn)
        if placement is None or placement.track is None:
            turn.say("utter_nothing_to_dispute")
            turn.end_form()
        else:
            turn.set("disputed_placement", placement.id)
            turn.ask("dispute_reason")

    async def question(self, turn: Turn, slot: str) -> None:
        """Asks for the reason."""
        turn.say("utter_dispute_question")

    async def answer(self, turn: Turn, asked: str) -> bool:
        """Takes the reason, whatever it is."""
        if turn.intent == "previous_question":
            await leave(turn)
            turn.end_form()
            return True
        if turn.intent == "resume_assessment":
            turn.ask("dispute_reason")
            return True
        if _is_something_else(turn):
            return False
        reasonless = _gives_no_reason(turn)
        reason = NO_REASON if reasonless else turn.text
        turn.attempting("utter_dispute_failed", "utter_dispute_unknown")
        await backend().dispute(turn.slot("disputed_placement"), reason, turn.key("dispute"))
        turn.set("disputed_placement", None)
        turn.say("utter_dispute_saved_without_reason" if reasonless else "utter_dispute_saved")
        turn.end_form()
        return True


def _gives_no_reason(turn: Turn) -> bool:
    only_no = turn.intent == "deny" and len(turn.text.split()) <= 2
    return turn.clicked or only_no or turn.intent in ("skip_question", "dont_know")


def _is_something_else(turn: Turn) -> bool:
    if turn.intent in _MAY_BE_REASON and not turn.clicked:
        return reads_as_question(turn.text)
    return turn.intent in OTHER_TOPICS or turn.intent in ("book_followup", "reschedule_booking")
