"""The backend's answers as the actions read them (pydantic 1, as Rasa pins it).

Only fields that an action uses are named; others are ignored, so the backend may add some. A missing or
malformed field raises pydantic's ValidationError, which the client reports as a backend that is not working.
"""

from datetime import datetime

from pydantic import BaseModel


class Citizen(BaseModel):
    """The person in this conversation, as far as known."""

    id: str
    name: str | None
    phone: str | None
    wished_occupation: str | None


class Item(BaseModel):
    """One can-do statement; `text` completes "Hvor godt kan du ...". `terms` maps a word to its meaning."""

    id: str
    area: int
    text: str
    easier_text: str
    everyday_example: str
    job_example: str
    terms: dict[str, str]


class Assessment(BaseModel):
    """Where a self-assessment stands. `number` counts from 1; `at_most_left` never rises."""

    id: str
    status: str
    number: int
    at_most_left: int
    answered: int
    current_item: Item | None


class AreaResult(BaseModel):
    """One of the five areas; `percent` is None when nothing in it was answered."""

    area: int
    name: str
    short_name: str
    percent: int | None


class Placement(BaseModel):
    """A proposed track; `track` is None when too few answers were given.

    `needs_occupation`: the track presupposes a wished occupation that is not known yet.
    """

    id: str
    assessment_id: str
    track: str | None
    borderline: bool
    needs_occupation: bool
    status: str
    reasons: list[str]
    counterfactual: str | None
    disputed: bool


class Result(BaseModel):
    """Outcome of a finished assessment."""

    assessment_id: str
    areas: list[AreaResult]
    overall_percent: int | None
    placement: Placement | None
    enough_answers: bool
    strongest: str | None
    hardest: str | None


class Track(BaseModel):
    """An upskilling track."""

    id: str
    name: str
    short_name: str
    description: str
    for_whom: str
    leads_to: str


class Slot(BaseModel):
    """A free time with a consultant. `label` is its Danish text."""

    id: str
    starts_at: datetime
    ends_at: datetime
    meeting_form: str
    place: str | None
    label: str


class MeetingAhead(BaseModel):
    """A coming meeting of somebody who wants everything erased."""

    id: str
    version: int
    label: str
    can_cancel: bool


class RightsRequest(BaseModel):
    """What a citizen has asked about their own data, and what is needed to go on with it."""

    id: str
    kind: str
    identity: str
    is_identified: bool
    sent_to: str | None
    meeting: MeetingAhead | None
    receipt: str | None
    receipt_url: str | None


class CodeCheck(BaseModel):
    """What a code is worth: "right", "wrong" or "expired"."""

    answer: str
    tries_left: int


class DataLink(BaseModel):
    """A link to everything that is stored; the channel puts its key in."""

    url: str


class ErasureBegun(BaseModel):
    """An erasure that goes on beside the conversation."""

    number: str
    receipt_url: str


class SlotPage(BaseModel):
    """Free times, earliest first; `more` tells whether later ones exist."""

    slots: list[Slot]
    more: bool


class Hold(BaseModel):
    """A slot kept for the citizen until `expires_at`."""

    id: str
    slot: Slot
    expires_at: datetime


class Consultant(BaseModel):
    """Whom the citizen will meet."""

    id: str
    name: str
    title: str
    phone: str
    email: str


class Booking(BaseModel):
    """An appointment with everything the citizen must be told about it."""

    id: str
    version: int
    status: str
    slot: Slot
    starts_at: datetime
    ends_at: datetime
    meeting_form: str
    type: str
    title: str
    description: str
    place: str | None
    citizen_name: str
    citizen_phone: str
    consultant: Consultant
    contact: str
    change_deadline: datetime
    can_change: bool
    calendar_url: str
    absence_reported_at: datetime | None
    label: str
    deadline_label: str


class Standing(BaseModel):
    """What is true for a citizen who wants a person. `wait` and `opens` are Danish, "" if they do not apply.

    `kind` is "off" where nobody ever answers, "none", "queued", "nobody", "closed" or "with_person".
    """

    kind: str
    position: int | None
    wait: str
    passed_on: str
    opens: str
    person: str
