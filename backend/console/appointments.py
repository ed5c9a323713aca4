"""Booking, moving and cancelling a citizen's meeting: a form, the notice as it will be sent, the change."""

from collections.abc import Awaitable
from dataclasses import dataclass, replace
from http import HTTPStatus

from aiohttp import web

from backend.booking import texts as booking_texts
from backend.booking.tables import Booking
from backend.citizens.tables import Citizen
from backend.console import appointment_words
from backend.console.appointment_form import AppointmentForm, Change, day_in, read_form
from backend.console.brief import MEETINGS_PLACE
from backend.console.browser import go_to
from backend.console.meeting_cards import MeetingCard
from backend.console.page import render
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.db import new_id
from backend.keys import DATABASE
from backend.outreach.notices import LONGEST_WORDS, notice
from backend.outreach.occasions import OutreachKind
from backend.problems import Conflict, NotFound
from backend.transcripts.listing import Summary

routes = web.RouteTableDef()

_KINDS: dict[Change, OutreachKind] = {
    "book": OutreachKind.BOOKED_BY_STAFF,
    "move": OutreachKind.MOVED_BY_STAFF,
    "cancel": OutreachKind.CANCELLED_BY_STAFF,
}
_NEW, _OLD = (
    "/conversations/{conversation_id}/appointment",
    "/conversations/{conversation_id}/bookings/{booking_id}",
)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What stands before anything is changed: the conversation, and the meeting that it is about, if any."""

    summary: Summary
    meeting: MeetingCard | None

    def obstacle(self, change: Change) -> str | None:
        """The problem that stands in the way of a change, None when nothing does."""
        if self.meeting is None:
            return None
        if change == "book":
            return "booking-exists"
        if self.meeting.booking.status == "cancelled":
            return "already-cancelled"
        return None if self.meeting.can_change else "notice-period-passed"


@routes.get(_NEW, name="offer_times")
@needs(Right.WORK_ON_CASES)
async def offer_times(request: web.Request) -> web.Response:
    """The form to book a meeting."""
    return await _show_form(request, "book", _asked_for(request))


@routes.post(f"{_NEW}/check", name="check_appointment")
@needs(Right.WORK_ON_CASES)
async def check_appointment(request: web.Request) -> web.Response:
    """The notice of a meeting that is to be booked."""
    return await _check(request, "book")


@routes.post(_NEW, name="book_appointment")
@needs(Right.WORK_ON_CASES)
async def book_appointment(request: web.Request) -> web.Response:
    """Books a meeting."""
    return await _carry_out(request, "book")


@routes.get(f"{_OLD}/move", name="offer_other_times")
@needs(Right.WORK_ON_CASES)
async def offer_other_times(request: web.Request) -> web.Response:
    """The form to move a meeting."""
    return await _show_form(request, "move", _asked_for(request))


@routes.post(f"{_OLD}/move/check", name="check_move")
@needs(Right.WORK_ON_CASES)
async def check_move(request: web.Request) -> web.Response:
    """The notice of a meeting that is to be moved."""
    return await _check(request, "move")


@routes.post(f"{_OLD}/move", name="move_appointment")
@needs(Right.WORK_ON_CASES)
async def move_appointment(request: web.Request) -> web.Response:
    """Moves a meeting."""
    return await _carry_out(request, "move")


@routes.get(f"{_OLD}/cancel", name="ask_to_cancel")
@needs(Right.WORK_ON_CASES)
async def ask_to_cancel(request: web.Request) -> web.Response:
    """The form to cancel a meeting."""
    return await _show_form(request, "cancel", _asked_for(request))


@routes.post(f"{_OLD}/cancel/check", name="check_cancellation")
@needs(Right.WORK_ON_CASES)
async def check_cancellation(request: web.Request) -> web.Response:
    """The notice of a meeting that is to be cancelled."""
    return await _check(request, "cancel")


@routes.post(f"{_OLD}/cancel", name="cancel_appointment")
@needs(Right.WORK_ON_CASES)
async def cancel_appointment(request: web.Request) -> web.Response:
    """Cancels a meeting."""
    return await _carry_out(request, "cancel")


def _asked_for(request: web.Request) -> AppointmentForm:
    """An empty form. The id that it gives a new booking lets the same form book once."""
    return AppointmentForm(
        booking_id=request.match_info.get("booking_id") or new_id(),
        first_day=day_in(request.query),
        consultant_id=request.query.get("consultant", ""),
    )


async def _show_form(
    request: web.Request,
    change: Change,
    form: AppointmentForm,
    problem: str | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> web.Response:
    async with request.config_dict[DATABASE].read() as work:
        rooms = Rooms(request, work.session)
        desk = await _desk(rooms, request)
        obstacle = desk.obstacle(change)
        offers = change != "cancel" and not obstacle
        context = {
            **await _about(rooms, desk, change, form),
            "problem": problem or obstacle,
            "is_possible": obstacle is None,
            "free": await rooms.free_days.read(form.first_day, form.consultant_id or None)
            if offers
            else None,
            "consultants": {one.id: one.name for one in await rooms.free_days.consultants()},
            "longest_words": LONGEST_WORDS,
        }
    return render(request, "appointment.html", context, status=status)


async def _check(request: web.Request, change: Change) -> web.Response:
    form = await read_form(request, change)
    if form.faults:
        return await _show_form(request, change, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if "edit" in await request.post():
        return await _show_form(request, change, form)
    async with request.config_dict[DATABASE].read() as work:
        rooms = Rooms(request, work.session)
        desk = await _desk(rooms, request)
        problem = desk.obstacle(change)
        if desk.meeting and not problem and desk.meeting.booking.version != form.version:
            problem = "version-conflict"
        slot = await rooms.free_days.slot(form.slot_id) if change != "cancel" else None
        if not problem and change != "cancel" and slot is None:
            problem = "slot-taken"
        if not problem:
            slot = slot or (desk.meeting.booking.slot if desk.meeting else None)
            if slot is None:
                raise NotFound("There is no such meeting")
            context = {
                **await _about(rooms, desk, change, form),
                "slot": slot,
                "text": notice(_KINDS[change], slot, form.words(change)),
            }
            return render(request, "appointment_check.html", context)
    return await _show_form(request, change, form, problem, HTTPStatus.CONFLICT)


async def _carry_out(request: web.Request, change: Change) -> web.Response:
    form = await read_form(request, change)
    if form.faults:
        return await _show_form(request, change, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        async with request.config_dict[DATABASE].write() as work:
            rooms = Rooms(request, work.session)
            citizen = await _citizen(rooms, request)
            booking = await _changed(rooms, citizen, change, form)
            await work.commit()
    except Conflict as conflict:
        return await _show_form(request, change, form, conflict.slug, HTTPStatus.CONFLICT)
    conversation_id = request.match_info["conversation_id"]
    if not rooms.scope.covers(booking.slot.consultant.team_id):
        context = {"heading": appointment_words.DONE[change], "explanation": appointment_words.OTHER_TEAM}
        return render(request, "error.html", context)
    address = request.app.router["conversation"].url_for(conversation_id=conversation_id)
    return go_to(f"{address}{MEETINGS_PLACE}")


def _changed(rooms: Rooms, citizen: Citizen, change: Change, form: AppointmentForm) -> Awaitable[Booking]:
    words = form.words(change)
    match change:
        case "book":
            return rooms.appointments.book(
                citizen,
                form.slot_id,
                booking_id=form.booking_id,
                name=form.name,
                phone=form.phone,
                words=words,
            )
        case "move":
            return rooms.appointments.move(
                citizen, form.booking_id, form.slot_id, version=form.version, words=words
            )
        case "cancel":
            return rooms.appointments.cancel(
                citizen, form.booking_id, version=form.version, reason=form.reason, words=words
            )


async def _citizen(rooms: Rooms, request: web.Request) -> Citizen:
    """The citizen of the conversation, who is not stored before they have told or done something."""
    summary = await rooms.transcripts.summary(request.match_info["conversation_id"])
    if summary.citizen is not None:
        return summary.citizen
    conversation = summary.conversation
    if conversation.channel is None:
        raise NotFound("Nobody has come to the conversation yet")
    citizen, _ = await rooms.citizens.get_or_create(conversation.id, conversation.channel)
    return citizen


async def _desk(rooms: Rooms, request: web.Request) -> _Desk:
    """The conversation, with the meeting named in the address or else the one that is to come.

    Raises:
        NotFound: There is no such conversation, or not for this caseworker, or it has no such meeting.
    """
    summary = await rooms.transcripts.summary(request.match_info["conversation_id"])
    citizen_id, booking_id = summary.citizen and summary.citizen.id, request.match_info.get("booking_id")
    bookings = await rooms.bookings.history(citizen_id) if citizen_id else []
    if booking_id is None:
        coming = await rooms.bookings.coming(citizen_id) if citizen_id else []
        return _Desk(summary, rooms.meeting_cards().card(coming[0]) if coming else None)
    for booking in bookings:
        if booking.id == booking_id:
            return _Desk(summary, rooms.meeting_cards().card(booking))
    raise NotFound("There is no such meeting in this conversation")


async def _about(rooms: Rooms, desk: _Desk, change: Change, form: AppointmentForm) -> dict[str, object]:
    """What the form and the notice's page both show."""
    citizen, conversation = desk.summary.citizen, desk.summary.conversation
    known = citizen.channel if citizen else conversation.channel
    return {
        "summary": desk.summary,
        "meeting": desk.meeting,
        "change": change,
        "form": replace(
            form,
            name=form.name or (citizen and citizen.name) or "",
            phone=form.phone or (citizen and citizen.phone) or "",
            version=desk.meeting.booking.version if desk.meeting else 0,
        ),
        "way": await rooms.notices.way_to(conversation.id, known),
        "booking_label": booking_texts.booking_label,
        "appointment_words": appointment_words,
    }
