"""What citizens come for, and when they have got it."""

import re
from dataclasses import dataclass
from enum import Enum

from benchmarks.conversations.claims import State


class Step(Enum):
    """Something a citizen wants done or told; the value is what they say to begin it."""

    ASSESS = "start"
    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"
    WHEN = "when"
    DISPUTE = "dispute"
    DELETE = "delete"
    HUMAN = "human"
    PRIVACY = "privacy"
    TRACKS = "tracks"
    ROBOT = "robot"

    @property
    def act(self) -> str:
        """What the citizen says to begin it."""
        return self.value

    def reached(self, text: str, state: State, begun: bool) -> bool:
        """Tells whether the citizen has got it.

        Args:
            text: What the assistant has just said.
            state: What is stored.
            begun: Whether the citizen has asked for it.
        """
        if self in _TOLD:
            return begun and re.search(_TOLD[self], text) is not None
        return {
            Step.ASSESS: any(assessment["status"] == "finished" for assessment in state.assessments),
            Step.BOOK: bool(state.booked),
            Step.MOVE: any(change["kind"] == "moved" for change in state.changes),
            Step.CANCEL: any(booking["status"] == "cancelled" for booking in state.bookings),
            Step.DISPUTE: any(placement["disputed"] for placement in state.placements),
            Step.HUMAN: "human_requested" in state.flags and "Du kan ringe på" in text,
        }[self]


# What is only told is reached when it is told to who has asked for it.
_TOLD = {
    Step.WHEN: r"Her er din tid",
    Step.DELETE: r"ikke slettet noget endnu",
    Step.PRIVACY: r"Vi gemmer det, du skriver",
    Step.TRACKS: r"Spor 2[^?]*$|Spor 2.*konsulent, der beslutter",
    Step.ROBOT: r"Jeg er en robot",
}


@dataclass(frozen=True)
class Goal:
    """What a citizen came for, step by step."""

    name: str
    steps: tuple[Step, ...]

    def got(self, state: State, told: str, name: str) -> bool:
        """Tells whether the stored state, at the end, is what the citizen came for.

        Args:
            state: What is stored.
            told: All the assistant has said.
            name: The citizen's name, which the booking must carry.
        """
        if not all(step.reached(told, state, True) for step in self.steps if step not in _GONE_AGAIN):
            return False
        wants_booking = Step.BOOK in self.steps and Step.CANCEL not in self.steps
        if Step.CANCEL in self.steps and state.booked:
            return False
        return not wants_booking or [b["citizen_name"].casefold() for b in state.booked] == [name.casefold()]


# A booking that is cancelled again is no longer there at the end.
_GONE_AGAIN = (Step.BOOK,)

GOALS = {
    goal.name: goal
    for goal in (
        Goal("assess_and_book", (Step.ASSESS, Step.BOOK)),
        Goal("assess", (Step.ASSESS,)),
        Goal("book", (Step.BOOK,)),
        Goal("move", (Step.BOOK, Step.MOVE)),
        Goal("cancel", (Step.BOOK, Step.CANCEL)),
        Goal("when", (Step.BOOK, Step.WHEN)),
        Goal("dispute", (Step.ASSESS, Step.DISPUTE)),
        Goal("delete", (Step.DELETE,)),
        Goal("human", (Step.HUMAN,)),
        Goal("privacy", (Step.PRIVACY,)),
        Goal("ask", (Step.PRIVACY, Step.TRACKS, Step.ROBOT)),
    )
}
