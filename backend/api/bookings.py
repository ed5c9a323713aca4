"""/bookings: a citizen's appointments with consultants."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints, WithJsonSchema

from backend.api.consultants import ConsultantOut
from backend.api.models import (
    WHOLE,
    Id,
    Name,
    QueryModel,
    RequestModel,
    ResponseModel,
    Timestamp,
    masked,
)
from backend.api.routes import Call, File, Routes
from backend.api.slots import SlotOut, booking_service
from backend.booking import calendar, texts
from backend.booking.contact import parse_name, parse_phone
from backend.booking.problems import AlreadyCancelled, BookingExists, HoldExpired, NoticePeriodPassed
from backend.booking.rules import BookingRules
from backend.booking.tables import Booking, BookingStatus, MeetingForm
from backend.citizens.repository import CitizenRepository
from backend.citizens.service import CitizenService
from backend.danish import day_and_clock
from backend.problems import NotFound, VersionConflict

routes = Routes("bookings")

# The formats are our own: what they mean is in backend.booking.contact.
PersonName = Annotated[
    str, AfterValidator(parse_name), WithJsonSchema({"type": "string", "format": "person-name"})
]
PhoneNumber = Annotated[
    str, AfterValidator(parse_phone), WithJsonSchema({"type": "string", "format": "phone"})
]
Reason = Annotated[
    str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$"), AfterValidator(masked(1000))
]


class BookingIn(RequestModel):
    """The hold to book, and who comes and can be called."""

    hold_id: Id
    name: PersonName
    phone: PhoneNumber


class MoveIn(RequestModel):
    """The hold to move to, and the version that the caller knows."""

    hold_id: Id
    version: Annotated[int, WHOLE]


class CancelIn(RequestModel):
    """The version that the caller knows, and why; the reason can be empty."""

    version: Annotated[int, WHOLE]
    reason: Reason | None = None


class AbsenceIn(CancelIn):
    """The same, and when the citizen said it, where it could not be stored then."""

    said_at: Timestamp | None = None


class BookingQuery(QueryModel):
    """Whose bookings; `booked` gives only those still to come."""

    citizen_id: Id
    status: BookingStatus | None = None


class BookingOut(ResponseModel):
    """An appointment with everything that the citizen must be told about it."""

    id: Id
    version: int
    citizen_id: Id
    status: BookingStatus
    slot: SlotOut
    starts_at: Timestamp
    ends_at: Timestamp
    meeting_form: MeetingForm
    type: str
    title: str
    description: str
    place: str | None
    citizen_name: str
    citizen_phone: str
    consultant: ConsultantOut
    contact: str
    change_deadline: Timestamp
    can_change: bool
    calendar_url: str
    absence_reported_at: Timestamp | None
    label: str
    deadline_label: str


class BookingList(ResponseModel):
    """Bookings by start."""

    bookings: list[BookingOut]


def _answer(call: Call, booking: Booking) -> BookingOut:
    slot = booking.slot
    rules = BookingRules.of(call.settings, call.municipality)
    deadline = rules.change_deadline(slot.starts_at)
    return BookingOut(
        id=booking.id,
        version=booking.version,
        citizen_id=booking.citizen_id,
        status=booking.status,
        slot=SlotOut.of(slot),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        meeting_form=slot.meeting_form,
        type=texts.TYPE,
        title=texts.TITLE,
        description=f"{texts.purpose(slot)} {texts.how_to_meet(slot, booking.citizen_phone)}",
        place=slot.place,
        citizen_name=booking.citizen_name,
        citizen_phone=booking.citizen_phone,
        consultant=ConsultantOut.model_validate(slot.consultant),
        contact=texts.contact(call.municipality),
        change_deadline=deadline,
        can_change=booking.status == "booked" and rules.may_change(slot.starts_at, call.now),
        calendar_url=calendar.link(booking.id, call.settings.public_url, call.settings.signing_key.newest),
        absence_reported_at=booking.absence_reported_at,
        label=texts.booking_label(slot),
        deadline_label=day_and_clock(deadline),
    )


@routes.post("/bookings", status=201, problems=[NotFound, BookingExists, HoldExpired])
async def book(call: Call, body: BookingIn) -> BookingOut:
    """Books a held slot; the name and number given with it become the citizen's."""
    booking = await booking_service(call).book(body.hold_id, name=body.name, phone=body.phone)
    citizens = CitizenService(CitizenRepository(call.session), call.now)
    await citizens.update(booking.citizen_id, name=body.name, phone=body.phone)
    return _answer(call, booking)


@routes.get("/bookings")
async def list_bookings(call: Call, query: BookingQuery) -> BookingList:
    """A citizen's bookings by start."""
    found = await booking_service(call).of_citizen(query.citizen_id, query.status)
    return BookingList(bookings=[_answer(call, booking) for booking in found])


@routes.get("/bookings/{booking_id}")
async def get_booking(call: Call, booking_id: Id) -> BookingOut:
    """One booking."""
    return _answer(call, await booking_service(call).get(booking_id))


@routes.post(
    "/bookings/{booking_id}/move",
    problems=[AlreadyCancelled, VersionConflict, NoticePeriodPassed, HoldExpired],
)
async def move_booking(call: Call, booking_id: Id, body: MoveIn) -> BookingOut:
    """Moves a booking to another held slot and frees the old one."""
    moved = await booking_service(call).move(booking_id, hold_id=body.hold_id, version=body.version)
    return _answer(call, moved)


@routes.post(
    "/bookings/{booking_id}/cancel", problems=[AlreadyCancelled, VersionConflict, NoticePeriodPassed]
)
async def cancel_booking(call: Call, booking_id: Id, body: CancelIn) -> BookingOut:
    """Cancels a booking and frees its slot."""
    cancelled = await booking_service(call).cancel(booking_id, version=body.version, reason=body.reason)
    return _answer(call, cancelled)


@routes.post("/bookings/{booking_id}/absence", problems=[AlreadyCancelled, VersionConflict])
async def report_absence(call: Call, booking_id: Id, body: AbsenceIn) -> BookingOut:
    """Tells the staff that the citizen cannot come, when it is too late to cancel; the booking stays."""
    booking = await booking_service(call).report_absence(
        booking_id, version=body.version, reason=body.reason, said_at=body.said_at
    )
    return _answer(call, booking)


class CalendarQuery(QueryModel):
    """What proves that we gave the link out."""

    signature: Name


@routes.get("/bookings/{booking_id}/calendar.ics", public=True, media_type="text/calendar")
async def get_calendar_file(call: Call, booking_id: Id, query: CalendarQuery) -> File:
    """The booking as a calendar file; only with the signature of its calendar_url."""
    if not calendar.is_signed(booking_id, query.signature, call.settings.signing_key.accepted):
        raise NotFound("The link is not valid")
    booking = await booking_service(call).get(booking_id)
    rules = BookingRules.of(call.settings, call.municipality)
    return File(calendar.calendar_file(booking, rules, call.municipality), calendar.FILENAME)
