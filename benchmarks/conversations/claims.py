"""Whether what the assistant says is so: its words against the backend's database."""

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.house import House
from benchmarks.rest_citizen import rows

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
# The assistant's way of writing a booked time: "fredag den 27. november kl. 13.30-14.00".
_TIME = re.compile(r"den (\d+)\. \w+ kl\. (\d+)\.(\d\d)-")
_SCALE = {
    "det kan jeg ikke": 0,
    "med hjælp": 1,
    "på egen hånd": 2,
    "sikkert, jeg kan vise andre": 3,
    "ved ikke": None,
}
_TRACKS = {"1": "foundation", "2": "employer_pilot"}
_CHANGES = {"booked": "Din tid er booket.", "moved": "Din tid er flyttet.", "cancelled": "Din tid er aflyst"}


@dataclass(frozen=True)
class State:
    """What the backend holds about a citizen, oldest first."""

    bookings: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    answers: list[dict[str, Any]]
    assessments: list[dict[str, Any]]
    placements: list[dict[str, Any]]
    holds: list[dict[str, Any]]
    flags: list[str]

    @property
    def booked(self) -> list[dict[str, Any]]:
        """The bookings that stand."""
        return [booking for booking in self.bookings if booking["status"] == "booked"]


def state_of(house: House, conversation: str) -> State:
    """Reads what is stored on disk about the citizen of a conversation."""

    def of_citizen(query: str) -> list[dict[str, Any]]:
        return rows(house, query, conversation)

    citizen = "(SELECT id FROM citizens WHERE conversation_id = ?)"
    assessments = f"(SELECT id FROM assessments WHERE citizen_id = {citizen})"
    booking = "SELECT b.*, s.starts_at FROM bookings b JOIN slots s ON s.id = b.slot_id"
    changes = "SELECT k.*, s.starts_at FROM booking_changes k JOIN slots s ON s.id = k.slot_id"
    mine = f"(SELECT id FROM bookings WHERE citizen_id = {citizen})"
    flags = of_citizen("SELECT kind FROM conversation_flags WHERE conversation_id = ?")
    return State(
        bookings=of_citizen(f"{booking} WHERE b.citizen_id = {citizen} ORDER BY b.created_at"),
        changes=of_citizen(f"{changes} WHERE k.booking_id IN {mine} ORDER BY k.at, k.version"),
        answers=of_citizen(
            f"SELECT * FROM assessment_answers WHERE assessment_id IN {assessments} "
            "ORDER BY created_at, sequence"
        ),
        assessments=of_citizen(f"SELECT * FROM assessments WHERE citizen_id = {citizen} ORDER BY created_at"),
        placements=of_citizen(f"SELECT * FROM placements WHERE citizen_id = {citizen} ORDER BY created_at"),
        holds=of_citizen(
            "SELECT s.starts_at FROM holds h JOIN slots s ON s.id = h.slot_id "
            f"WHERE h.citizen_id = {citizen} AND h.ended_at IS NULL"
        ),
        flags=[flag["kind"] for flag in flags],
    )


def false_claims(text: str, before: State, after: State) -> list[str]:
    """Gives what the assistant said that is not so, and what it did without saying it.

    Args:
        text: All it said in a turn.
        before: What was stored before the turn.
        after: What is stored after it.
    """
    return [
        *_about_bookings(text, before, after),
        *_about_answers(text, before, after),
        *_about_rest(text, after),
    ]


def _about_bookings(text: str, before: State, after: State) -> list[str]:
    done = [change["kind"] for change in after.changes[len(before.changes) :]]
    said = [kind for kind, words in _CHANGES.items() if words in text]
    wrong = [f"said {kind}, stored {done or 'nothing'}" for kind in said if kind not in done]
    wrong += [f"{kind} without a word" for kind in done if kind in _CHANGES and kind not in said]
    standing = [booking["starts_at"] for booking in after.booked]
    speaks_of_one = any(
        words in text for words in ("Her er din tid.", "Din tid er ", "Du har allerede en tid")
    )
    if speaks_of_one and "cancelled" not in said and not standing:
        wrong.append("speaks of a booking, there is none")
    if re.search("kan ikke se nogen tid", text) and standing:
        wrong.append("says there is no booking, there is one")
    if said and done and not _names(text, after.changes[-1]["starts_at"]):
        wrong.append("names another time than the one stored")
    elif speaks_of_one and standing and not said and not _names(text, standing[-1]):
        wrong.append("names another time than the booking's")
    if "Jeg holder tiden til dig" in text and not after.holds:
        wrong.append("says a time is held, none is")
    if re.search(r"ikke (?:booket|flyttet|aflyst|gjort)(?: noget| eller|, flyttet)", text) and done:
        wrong.append(f"says nothing is changed, stored {done}")
    return wrong


def _names(text: str, stored: str) -> bool:
    start = datetime.fromisoformat(stored)
    start = start.replace(tzinfo=start.tzinfo or timezone.utc).astimezone(COPENHAGEN)
    named = [tuple(map(int, match.groups())) for match in _TIME.finditer(text)]
    return not named or (start.day, start.hour, start.minute) in named


def _about_answers(text: str, before: State, after: State) -> list[str]:
    new = after.answers[len(before.answers) :]
    noted = re.findall(r'så skriver jeg "([^"]+)"', text)
    skipped = "vi springer det over" in text
    wrong = []
    stored = [answer["response"] for answer in new if not answer["skipped"]]
    if [_SCALE.get(wording, wording) for wording in noted] != stored:
        wrong.append(f"said {noted} is noted, stored {stored}")
    if skipped != any(answer["skipped"] for answer in new):
        wrong.append("what is said to be skipped is not what is stored as skipped")
    taken_back = _withdrawn(after) - _withdrawn(before)
    if ("et spørgsmål tilbage" in text) != (taken_back == 1):
        wrong.append(f"said to go back or not, {taken_back} answers were taken back")
    return wrong


def _withdrawn(state: State) -> int:
    return sum(answer["withdrawn_at"] is not None for answer in state.answers)


def _about_rest(text: str, after: State) -> list[str]:
    wrong = []
    proposed = re.search(r"Mit forslag er Spor (\d)", text)
    if proposed and (not after.placements or after.placements[-1]["track"] != _TRACKS[proposed[1]]):
        wrong.append("proposes another track than the one stored")
    if "Jeg har gemt, at du ikke er enig" in text and not any(p["disputed"] for p in after.placements):
        wrong.append("says the disagreement is stored, it is not")
    if re.search(r"givet en medarbejder.* besked", text) and not after.flags:
        wrong.append("says the staff has been told, it has not")
    return wrong
