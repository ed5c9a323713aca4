"""The job a citizen would like: the track with employers aims at one, so it is asked for once proposed."""

import re

from actions.backend_client import backend
from actions.citizens import citizen_id_of
from actions.forms import OTHER_TOPICS, FormTurn, reads_as_question
from actions.turn import Turn

LONGEST = 100

CORRECTION = "occupation"
"""The `correction` that the buttons to name another job send."""

_LEAD_IN = re.compile(
    r"^(?:(?:ja|jo|tja|altså)\b,?\s*)?"
    r"(?P<wish>(?:måske|nok|helst)\s+(?:som\s+)?|"
    r"jeg (?:vil|ville|kunne)(?:\s+(?:meget|rigtig|godt|gerne|helst|hellere|tænke mig))*\s+(?:at\s+)?"
    r"(?:være|blive|arbejde som|have (?:et )?(?:job|arbejde) som)\s+)?"
    r"(?:en |et )?",
    re.IGNORECASE,
)
_NO_WISH = re.compile(
    r"^(?:nej|nix|ikke|ingen|intet|jeg (?:har|ved|kan|vil|ønsker) (?:slet )?(?:ikke|ingen|intet))\b",
    re.IGNORECASE,
)

# A job in a word or two is read as almost anything ("sikkerhedsvagt" as a question about privacy), so a topic
# counts only when NLU is surer than it is of most jobs. The ways out and what must not be missed always do.
_SURE = 0.8
_ALWAYS_WORKS = frozenset({"help", "talk_to_human", "pause_assessment", "opt_out"})
_NEVER_MISSED = frozenset({"crisis", "share_cpr", "empty_message"})
_MAY_BE_JOB = frozenset({"ask_jobs", "ask_courses", "ask_benefits", "out_of_scope"})
_DECLINING = frozenset({"skip_question", "previous_question", "dont_know", "deny"})
_ANSWERS = _DECLINING | {"explain_question", "resume_assessment", "affirm"}
_TOPICS = (OTHER_TOPICS - _MAY_BE_JOB) | {"book_followup", "reschedule_booking", "more_slots"}


class OccupationTurn(FormTurn):
    """Asks which job the citizen would like and stores it in their own words. No answer is fine, too."""

    form = "occupation_form"
    begun_by = frozenset()

    async def begin(self, turn: Turn) -> None:
        """Asks."""
        turn.ask("wished_occupation")

    async def question(self, turn: Turn, slot: str) -> None:
        """Asks which job it is."""
        turn.say("utter_occupation_question")

    async def answer(self, turn: Turn, asked: str) -> bool:
        """Takes the job, or that there is none."""
        if _is_something_else(turn):
            return False
        if _declines(turn):
            turn.say("utter_occupation_skipped")
            turn.end_form()
        elif turn.intent == "explain_question":
            turn.say("utter_occupation_why")
            turn.ask("wished_occupation")
        elif turn.intent == "resume_assessment" or (turn.intent == "affirm" and _is_sure(turn)):
            turn.ask("wished_occupation")
        else:
            await _take(turn)
        return True


async def _take(turn: Turn) -> None:
    occupation = read_occupation(turn.text)
    if occupation is None:
        turn.say("utter_occupation_not_understood")
        turn.ask("wished_occupation")
        return
    turn.attempting("utter_occupation_failed")
    citizen_id = await citizen_id_of(turn)
    turn.attempting("utter_occupation_failed", "utter_occupation_unknown")
    citizen = await backend().wish_occupation(citizen_id, occupation, turn.key("occupation"))
    turn.say("utter_occupation_saved", occupation=citizen.wished_occupation)
    turn.end_form()


def read_occupation(text: str) -> str | None:
    """Gives the job in a message without what leads to it ("jeg vil gerne være kok"), or None."""
    said = " ".join(text.split()).strip(" .,;:!?\"'")
    job = _LEAD_IN.sub("", said, count=1) or said
    if len(job) > LONGEST or not any(character.isalpha() for character in job):
        return None
    return job


def _is_something_else(turn: Turn) -> bool:
    if turn.intent in _NEVER_MISSED:
        return True
    if _names_wish(turn) or turn.intent in _ANSWERS:
        return False
    # "Kok?" is an answer of somebody who is not sure.
    text = turn.text.rstrip(" ?") if turn.intent == "inform" else turn.text
    if turn.clicked or turn.intent in _ALWAYS_WORKS or reads_as_question(text):
        return True
    return turn.intent in _TOPICS and _is_sure(turn)


def _declines(turn: Turn) -> bool:
    if _names_wish(turn):
        return False
    return turn.intent in _DECLINING or _NO_WISH.match(turn.text.strip()) is not None


def _names_wish(turn: Turn) -> bool:
    match = _LEAD_IN.match(turn.text.strip())
    return match is not None and match.group("wish") is not None


def _is_sure(turn: Turn) -> bool:
    return turn.confidence >= _SURE
