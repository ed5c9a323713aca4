"""When a message is not understood: first a guess, then the offer of a person."""

from actions.base import DialogueAction
from actions.occupation import CORRECTION
from actions.people import FAILURES, FlagConversation
from actions.turn import Button, Turn
from bot.numerals import read_number

_GUESSES = 2

_READINGS = {
    "affirm": "Ja",
    "deny": "Nej",
    "start_assessment": "Svare på spørgsmål",
    "answer_cannot": "Det kan jeg ikke",
    "answer_with_help": "Med hjælp",
    "answer_independent": "På egen hånd",
    "answer_advanced": "Sikkert",
    "dont_know": "Det ved jeg ikke",
    "skip_question": "Spring over",
    "previous_question": "Gå tilbage",
    "explain_question": "Forklar spørgsmålet",
    "pause_assessment": "Hold pause",
    "resume_assessment": "Fortsæt",
    "restart": "Begynd forfra",
    "ask_result": "Se mit resultat",
    "ask_why_track": "Hvorfor det spor?",
    "dispute_track": "Jeg er ikke enig",
    "ask_tracks": "Hvad er sporene?",
    "book_followup": "Book en tid",
    "more_slots": "Se flere tider",
    "reschedule_booking": "Flyt min tid",
    "cancel_booking": "Aflys min tid",
    "ask_booking": "Hvornår er min tid?",
    "talk_to_human": "Tal med et menneske",
    "ask_privacy": "Hvad gemmer I?",
    "export_data": "Få en kopi af mine data",
    "delete_data": "Få slettet mine data",
    "ask_language": "English",
    "ask_jobs": "Ledige job",
    "ask_courses": "Kurser",
    "ask_benefits": "Dagpenge og ydelser",
    "opt_out": "Stop",
}
"""What a message may have meant, as short as a button. Intents that nobody clicks on are left out."""

# These only mean something while a question is open.
_ANSWERS = frozenset(
    {
        "affirm",
        "deny",
        "answer_cannot",
        "answer_with_help",
        "answer_independent",
        "answer_advanced",
        "dont_know",
        "skip_question",
        "previous_question",
        "explain_question",
    }
)


class Failure(FlagConversation):
    """The assistant could not help with a message."""

    kind = "low_understanding"

    async def offer_person(self, turn: Turn) -> None:
        """Offers a person, for it is the second time in a row."""
        turn.say("utter_offer_human")
        await self.flag(turn)


class NotUnderstood(Failure):
    """Rasa's action for what no rule fits, and ours for what NLU is unsure of."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_default_fallback"

    async def act(self, turn: Turn) -> None:
        """Guesses the first time; the second time in a row it offers a person. A form stays open."""
        if turn.active_form is None and read_number(turn.text) is not None:
            turn.say("utter_no_open_question")
        elif _failed_before(turn):
            await self.offer_person(turn)
        else:
            guesses = _guesses(turn)
            if guesses:
                turn.say("utter_not_understood", buttons=[*guesses, Button("Noget andet", "/help")])
            else:
                turn.say("utter_rephrase")
        turn.wait()


class NotCovered(Failure):
    """What this assistant is not for, or no words at all; a response has said so before this."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_note_out_of_scope"

    async def act(self, turn: Turn) -> None:
        """Offers a person the second time in a row."""
        if _failed_before(turn):
            await self.offer_person(turn)
            turn.wait()


def _failed_before(turn: Turn) -> bool:
    """Whether the message before this one was a failure, too."""
    return not FAILURES.isdisjoint(turn.actions_last_turn)


def _guesses(turn: Turn) -> list[Button]:
    open_to_answers = turn.active_form is not None
    possible = [
        intent
        for intent in turn.likely_intents
        if intent in _READINGS and (open_to_answers or intent not in _ANSWERS)
    ]
    return [Button(_READINGS[intent], f"/{intent}") for intent in possible[:_GUESSES]]


class UnaskedAnswer(DialogueAction):
    """An answer, although no question is open."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_take_unasked_answer"

    async def act(self, turn: Turn) -> None:
        """Begins, if that is what was just offered: "ok, men jeg er ikke god til det der" is a yes."""
        if turn.offer in ("start_assessment", "resume_assessment"):
            turn.next_action("assessment_form")
        else:
            turn.say("utter_no_open_question")


class UnaskedValue(DialogueAction):
    """A value that no form has asked for, such as a time: it may still say what the citizen wants."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_take_unasked_value"

    async def act(self, turn: Turn) -> None:
        """Finds a time for who names one, asks again for the job; anything else is not understood."""
        if turn.entity("correction") == CORRECTION:
            turn.next_action("occupation_form")
            return
        names_a_time = turn.entity("slot_choice") or turn.entity("time")
        wants_a_time = names_a_time and not turn.active_form
        turn.next_action("booking_form" if wants_a_time else "action_default_fallback")
