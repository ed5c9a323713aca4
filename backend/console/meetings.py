"""The meetings of a day, and the page to prepare for one of them."""

from datetime import date, datetime, time, timedelta

from aiohttp import web

from backend import danish
from backend.booking import texts as booking_texts
from backend.booking.tables import Booking
from backend.console.brief import questions, wishes
from backend.console.guard import note_listed
from backend.console.page import render
from backend.console.placements import story_of
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.keys import CLOCK, DATABASE

routes = web.RouteTableDef()

_EARLIEST, _LATEST = date(2000, 1, 1), date(2999, 12, 31)


def state_of(booking: Booking) -> str:
    """How a meeting stands: cancelled, or reported that the citizen cannot come, or booked."""
    if booking.status == "cancelled":
        return "cancelled"
    return "absence" if booking.absence_reported_at else "booked"


@routes.get("/meetings", name="meetings")
@needs(Right.READ_CASES)
async def list_meetings(request: web.Request) -> web.Response:
    """The meetings of one Danish day, today unless the address names another."""
    day = _day(request)
    begins = _midnight(day)
    async with request.config_dict[DATABASE].read() as work:
        rooms = Rooms(request, work.session)
        meetings = await rooms.bookings.meetings(begins, _midnight(day + timedelta(days=1)), rooms.scope)
    note_listed(request, (conversation_id for _, conversation_id in meetings))
    context = {
        "meetings": [(booking, conversation_id, state_of(booking)) for booking, conversation_id in meetings],
        "day": day,
        "day_name": f"{danish.day(begins)} {day.year}",
        "before": _address(request, day - timedelta(days=1)),
        "after": _address(request, day + timedelta(days=1)),
    }
    return render(request, "meetings.html", context)


@routes.get("/bookings/{booking_id}/brief", name="brief")
@needs(Right.READ_CASES)
async def show_brief(request: web.Request) -> web.Response:
    """What there is to know before a meeting, to read or to print."""
    async with request.config_dict[DATABASE].read() as work:
        rooms = Rooms(request, work.session)
        booking, conversation_id = await rooms.bookings.meeting(request.match_info["booking_id"], rooms.scope)
        note_listed(request, [conversation_id])
        transcript = await rooms.transcripts.read(conversation_id)
        placements = await rooms.placements.of_citizen(booking.citizen_id)
        histories = [await rooms.placements.history(placement.id) for placement in placements]
        newest = transcript.summary.placement
        story = await story_of(rooms, newest) if newest else None
        bookings = await rooms.bookings.history(booking.citizen_id)
        citizen = transcript.summary.citizen
        occupation = citizen.wished_occupation if citizen else None
        turns = [spoken.turn for spoken in transcript.turns]
        context = {
            "booking": booking,
            "state": state_of(booking),
            "booking_label": booking_texts.booking_label,
            "conversation_id": conversation_id,
            "occupation": occupation,
            "flags": transcript.flags,
            "story": story,
            "tracks": await rooms.track_names(),
            "wishes": wishes(
                occupation, [event for events in histories for event in events], bookings, turns
            ),
            "questions": questions(newest, story.history, story.answers, story.result.outcome.flags)
            if story
            else questions(None, [], [], ()),
            "earlier": [
                (earlier, state_of(earlier))
                for earlier in bookings
                if earlier.id != booking.id and earlier.slot.starts_at < booking.slot.starts_at
            ],
        }
        return render(request, "brief.html", context)


def _day(request: web.Request) -> date:
    asked = request.query.get("day")
    if not asked:
        return danish.local(request.config_dict[CLOCK]()).date()
    try:
        day = date.fromisoformat(asked)
    except ValueError as error:
        raise web.HTTPBadRequest from error
    if not _EARLIEST <= day <= _LATEST:
        raise web.HTTPBadRequest
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), danish.COPENHAGEN)


def _address(request: web.Request, day: date) -> str | None:
    if not _EARLIEST <= day <= _LATEST:
        return None
    return str(request.app.router["meetings"].url_for().with_query(day=day.isoformat()))
