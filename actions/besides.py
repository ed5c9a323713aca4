"""A question asked in the same breath as an answer: "ja det kan jeg, men hvornår er min tid?"."""

import re
from collections.abc import Awaitable, Callable

from actions.appointments import ShowBooking
from actions.forms import reads_as_question
from actions.people import FlagWishForHuman
from actions.result import ShowTracks
from actions.scale import ScaleAnswer, read_scale_answer
from actions.turn import Clause, Turn

_QUESTION_WORD = re.compile(r"\bhv\w+|\?", re.IGNORECASE)


async def _tell_human(turn: Turn) -> None:
    turn.say("utter_talk_to_human")
    await FlagWishForHuman().call(turn)


async def _tell_privacy(turn: Turn) -> None:
    turn.say("utter_privacy")


async def _help(turn: Turn) -> None:
    turn.say("utter_help_assessment")


_ANSWERS: dict[str, Callable[[Turn], Awaitable[None]]] = {
    "ask_booking": ShowBooking().act,
    "ask_tracks": ShowTracks().act,
    "ask_privacy": _tell_privacy,
    "talk_to_human": _tell_human,
    "help": _help,
}
"""What can be asked besides an answer: it is answered on the spot, and nothing else begins or ends by it."""


def answer_and_question(turn: Turn) -> tuple[ScaleAnswer, str] | None:
    """Gives the answer that a message begins with and the intent of the question after it, if it has both."""
    if len(turn.clauses) < 2 or "crisis" in (turn.intent, *(clause.intent for clause in turn.clauses)):
        return None
    first, *others = turn.clauses
    given = read_scale_answer(first.text, first.intent)
    question = next((clause.intent for clause in others if _asks(clause)), None)
    # "Jeg ved ikke, hvad I gemmer" is no answer, although it begins like one.
    if given is None or given.response is None or _QUESTION_WORD.search(first.text):
        return None
    return (given, question) if question else None


def _asks(clause: Clause) -> bool:
    # "Men jeg skal have hjælp" says how well one can, "hvad kan du hjælpe med?" asks.
    return clause.intent in _ANSWERS and (clause.intent != "help" or reads_as_question(clause.text))


async def answer_besides(turn: Turn, question: str) -> None:
    """Answers the question.

    Raises:
        BackendError: The answer could not be looked up; what to say then is stated.
    """
    await _ANSWERS[question](turn)
