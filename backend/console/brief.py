"""What a caseworker should know before a meeting: read from the data by rule, each with where it stands.

Nothing is summed up or guessed. A wish is quoted in the citizen's own words, and a question is there
because of one thing in the data.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from backend.assessment.person_fit import Flag
from backend.assessment.service import GivenAnswer
from backend.booking.tables import Booking
from backend.placements.tables import Placement, PlacementEvent
from backend.transcripts.tables import ConversationTurn

WishKind = Literal["occupation", "disputed", "cancelled", "absence", "human"]
QuestionKind = Literal[
    "no_assessment", "no_track", "disputed", "borderline", "inconsistent", "no_occupation", "unanswered"
]
CITIZEN_PLACE, MEETINGS_PLACE = "#borger", "#tider"
"""The end of the conversation's address that leads to the citizen, and to the meetings."""


def placement_place(placement_id: str) -> str:
    """The end of the conversation's address that leads to a placement."""
    return f"#forslag-{placement_id}"


def turn_place(position: int) -> str:
    """The end of the conversation's address that leads to a turn: the page shows it only when asked to."""
    return f"?tur={position}#tur-{position}"


@dataclass(frozen=True, slots=True)
class Wish:
    """Something a citizen said that they want, in their own words.

    Attributes:
        kind: What it is about.
        text: What they wrote.
        place: The end of the conversation's address that leads to it.
    """

    kind: WishKind
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask a citizen.

    Attributes:
        kind: Why.
        place: The end of the conversation's address that leads to the reason.
        answer: The missing answer, if it is one.
    """

    kind: QuestionKind
    place: str
    answer: GivenAnswer | None = None


def wishes(
    occupation: str | None,
    events: Iterable[PlacementEvent],
    bookings: Iterable[Booking],
    turns: Sequence[ConversationTurn],
) -> list[Wish]:
    """What a citizen said that they want.

    That is what was stored as their own words: the job they wish, why they disagree with a track, why they
    cancel or cannot come; and what they wrote when they asked for a person. The first leads to the latest
    turn that contains it, and to where it is stored when no turn does.

    Args:
        occupation: The job they wish, if they have told.
        events: The history of their placements.
        bookings: Their bookings with their changes.
        turns: What has been said in their conversation, oldest first.
    """
    said = [turn for turn in turns if turn.speaker == "citizen"]
    stored = _stored(occupation, events, bookings)
    quoted = [Wish(kind, text, _turn_with(text, said) or place) for kind, text, place in stored]
    # The title of a button is not in their own words.
    asked = [turn for turn in said if turn.intent == "talk_to_human" and not turn.button and turn.text]
    return [*quoted, *(Wish("human", turn.text, turn_place(turn.position)) for turn in asked)]


def questions(
    placement: Placement | None,
    history: Sequence[PlacementEvent],
    answers: Iterable[GivenAnswer],
    patterns: Sequence[Flag],
) -> list[Question]:
    """What is open about the newest placement of a citizen, and what they have not answered.

    Args:
        placement: The newest placement; None when they have not finished any assessment.
        history: Its history, oldest first.
        answers: The answers that it rests on.
        patterns: What is unusual about the answers.
    """
    if placement is None:
        return [Question("no_assessment", CITIZEN_PLACE)]
    place = placement_place(placement.id)
    undecided = placement.status == "proposed"
    reasons: list[tuple[QuestionKind, bool, str]] = [
        ("no_track", placement.track is None, place),
        ("disputed", bool(history) and history[-1].kind == "disputed", place),
        ("borderline", placement.borderline and undecided, place),
        ("inconsistent", "inconsistent" in patterns, place),
        ("no_occupation", placement.needs_occupation, CITIZEN_PLACE),
    ]
    missing = (
        given for given in answers if given.answer.response is None and given.answer.withdrawn_at is None
    )
    return [
        *(Question(kind, place) for kind, holds, place in reasons if holds),
        *(Question("unanswered", place, given) for given in missing),
    ]


def _stored(
    occupation: str | None, events: Iterable[PlacementEvent], bookings: Iterable[Booking]
) -> Iterator[tuple[WishKind, str, str]]:
    if occupation:
        yield "occupation", occupation, CITIZEN_PLACE
    for event in events:
        if event.kind == "disputed" and event.reason:
            yield "disputed", event.reason, placement_place(event.placement_id)
    for booking in bookings:
        for change in booking.changes:
            if change.actor == "citizen" and change.reason and change.kind in ("cancelled", "absence"):
                yield change.kind, change.reason, MEETINGS_PLACE


def _turn_with(text: str, said: Sequence[ConversationTurn]) -> str | None:
    # Whole words: a wish for "it" is not in "lidt".
    words = re.compile(rf"(?<!\w){re.escape(text.casefold())}(?!\w)")
    found = (turn for turn in reversed(said) if words.search(turn.text.casefold()))
    return next((turn_place(turn.position) for turn in found), None)
