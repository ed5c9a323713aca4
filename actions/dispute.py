"""Saying no to a proposal: the reason in one message, stored before it is confirmed."""

from actions.backend_client import backend
from actions.forms import FormTurn
from actions.result import newest_placement
from actions.turn import Turn

NO_REASON = "Borgeren er ikke enig i forslaget og gav ingen begrundelse."

# What a citizen may want instead of giving a reason; anything else they write is the reason.
_SOMETHING_ELSE = frozenset(
    {
        "help",
        "talk_to_human",
        "crisis",
        "opt_out",
        "pause_assessment",
        "ask_privacy",
        "ask_tracks",
        "ask_why_track",
        "ask_result",
        "ask_language",
        "ask_benefits",
        "bot_challenge",
        "book_followup",
        "ask_booking",
        "cancel_booking",
        "reschedule_booking",
        "export_data",
        "delete_data",
        "empty_message",
        "share_cpr",
        "restart",
    }
)


class DisputeTurn(FormTurn):
    """Asks why the citizen disagrees and stores it."""

    form = "dispute_form"

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

    async def answer(self, turn: Turn, asked: str) -> bool:
        """Takes the reason, whatever it is."""
        if turn.intent in _SOMETHING_ELSE:
            return False
        if turn.intent in ("previous_question", "goodbye"):
            turn.say("utter_left_dispute")
            turn.end_form()
            return True
        reason = NO_REASON if turn.clicked or turn.intent in ("skip_question", "deny") else turn.text
        turn.attempting("utter_dispute_failed", "utter_dispute_unknown")
        await backend().dispute(turn.slot("disputed_placement"), reason, turn.key("dispute"))
        turn.set("disputed_placement", None)
        turn.say("utter_dispute_saved")
        turn.end_form()
        return True
