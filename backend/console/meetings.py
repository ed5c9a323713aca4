"""The meetings of a day, and the page to prepare for one of them."""

from datetime import date, timedelta

from aiohttp import web

from backend import danish
from backend.booking import texts as booking_texts
from backend.console.brief import MEETINGS_PLACE, questions, wishes
from backend.console.browser import go_to, number_in
from backend.console.guard import note_listed
from backend.console.meeting_cards import state_of
from backend.console.page import render
from backend.console.placements import story_of
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.keys import CLOCK, DATABASE
from backend.problems import NotFound

routes = web.RouteTableDef()

_ATTENDED = {"yes": True, "no": False}
_EARLIEST, _LATEST = date(2000, 1, 1), date(2999, 12, 31)


@routes.get("/meetings", name="meetings")
@needs(Right.READ_CASES)
async def list_meetings(request: web.Request) -> web.Response:
    """The meetings of one Danish day, today unless the address names another."""
    day = _day(request)
    begins, ends = danish.midnight(day), danish.midnight(day + timedelta(days=1))
    async with request.config_dict[DATABASE].read() as work:
        rooms = Rooms(request, work.session)
        meetings = await rooms.bookings.meetings(begins, ends, rooms.scope)
        cards = rooms.meeting_cards()
    note_listed(request, (conversation_id for _, conversation_id in meetings))
    context = {
        "meetings": [(cards.card(booking), conversation_id) for booking, conversation_id in meetings],
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
            "meeting": rooms.meeting_cards().card(booking),
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


@routes.post("/conversations/{conversation_id}/bookings/{booking_id}/attendance", name="mark_attendance")
@needs(Right.WORK_ON_CASES)
async def mark_attendance(request: web.Request) -> web.Response:
    """Notes whether the citizen came. Nothing else follows from it."""
    form = await request.post()
    attended, back = (str(form.get(name, "")) for name in ("attended", "back"))
    version = number_in(str(form.get("version", "")))
    if attended not in _ATTENDED or version is None:
        raise web.HTTPBadRequest
    conversation_id = request.match_info["conversation_id"]
    async with request.config_dict[DATABASE].write() as work:
        rooms = Rooms(request, work.session)
        summary = await rooms.transcripts.summary(conversation_id)
        if summary.citizen is None:
            raise NotFound("There is no such meeting in this conversation")
        booking = await rooms.attendance.mark(
            summary.citizen.id,
            request.match_info["booking_id"],
            attended=_ATTENDED[attended],
            version=version,
        )
        await work.commit()
    router = request.app.router
    match back:
        case "meetings":
            day = danish.local(booking.slot.starts_at).date()
            return go_to(str(router["meetings"].url_for().with_query(day=day.isoformat())))
        case "brief":
            return go_to(str(router["brief"].url_for(booking_id=booking.id)))
        case _:
            address = router["conversation"].url_for(conversation_id=conversation_id)
            return go_to(f"{address}{MEETINGS_PLACE}")


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


def _address(request: web.Request, day: date) -> str | None:
    if not _EARLIEST <= day <= _LATEST:
        return None
    return str(request.app.router["meetings"].url_for().with_query(day=day.isoformat()))
