"""What a caseworker fills in to book, move or cancel a meeting, read and checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from aiohttp import web

from backend.booking.contact import parse_name, parse_phone
from backend.console.appointment_words import READY
from backend.console.browser import number_in
from backend.console.free_text import holds_cpr
from backend.outreach.notices import LONGEST_WORDS

Change = Literal["book", "move", "cancel"]
LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class AppointmentForm:
    """What was filled in.

    Attributes:
        booking_id: What the booking is or will be known by.
        slot_id: The chosen slot, "" for none.
        name: Who comes.
        phone: Where they can be called; in E.164 once it is in order.
        ready: Which of the ready sentences goes to the citizen, "" for none.
        own: A sentence of the caseworker's, which takes the place of a ready one.
        reason: Why it is cancelled, for the staff.
        version: The version of the booking that the caseworker saw.
        first_day: The first day of the times that are shown.
        consultant_id: Whose times are shown, "" for all.
        faults: The fields that are not in order.
    """

    booking_id: str
    slot_id: str = ""
    name: str = ""
    phone: str = ""
    ready: str = ""
    own: str = ""
    reason: str = ""
    version: int = 0
    first_day: date | None = None
    consultant_id: str = ""
    faults: frozenset[str] = field(default_factory=frozenset)

    def words(self, change: Change) -> str:
        """The sentence that goes to the citizen; "" for none."""
        return self.own or READY[change].get(self.ready, "")


async def read_form(request: web.Request, change: Change) -> AppointmentForm:
    """Reads the form of a change.

    Raises:
        web.HTTPBadRequest: It is none that a page of ours has sent.
    """
    fields = {name: _line(str(value)) for name, value in (await request.post()).items()}
    faults: set[str] = set()
    name, phone = fields.get("name", ""), fields.get("phone", "")
    if change == "book":
        name, phone = (
            _checked("name", parse_name, name, faults),
            _checked("phone", parse_phone, phone, faults),
        )
    slot_id, own, reason = (fields.get(part, "") for part in ("slot", "own", "reason"))
    if change != "cancel" and not slot_id:
        faults.add("slot")
    if len(own) > LONGEST_WORDS or holds_cpr(own):
        faults.add("own")
    if change == "cancel" and (not 1 <= len(reason) <= LONGEST_REASON or holds_cpr(reason)):
        faults.add("reason")
    return AppointmentForm(
        booking_id=request.match_info.get("booking_id") or _id(fields.get("booking_id", "")),
        slot_id=slot_id and _id(slot_id),
        name=name,
        phone=phone,
        ready=fields.get("ready", ""),
        own=own,
        reason=reason,
        version=_version(fields.get("version", "0")),
        first_day=day_in(fields),
        consultant_id=fields.get("consultant", ""),
        faults=frozenset(faults),
    )


def day_in(fields: Mapping[str, str]) -> date | None:
    """The first day of the times to show, None for the first there is.

    Raises:
        web.HTTPBadRequest: It is no day.
    """
    try:
        return date.fromisoformat(fields["from"]) if fields.get("from") else None
    except ValueError as error:
        raise web.HTTPBadRequest from error


def _line(text: str) -> str:
    # On one line, and without what nobody sees: PostgreSQL keeps no NUL, and no phone shows the others.
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as error:
        raise web.HTTPBadRequest from error


def _version(text: str) -> int:
    version = number_in(text)
    if version is None:
        raise web.HTTPBadRequest
    return version


def _checked(name: str, parse: Callable[[str], str], text: str, faults: set[str]) -> str:
    try:
        return parse(text)
    except ValueError:
        faults.add(name)
        return text
