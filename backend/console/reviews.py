"""The week's queue of conversations to review, and what staff note about one."""

from uuid import UUID

from aiohttp import web

from backend.console.browser import caseworker_of, go_to
from backend.console.free_text import holds_cpr
from backend.console.guard import note_listed
from backend.console.page import render
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.handover.problems import HoldsCpr
from backend.keys import DATABASE
from backend.reviews.tables import Theme
from identifiers import mask

routes = web.RouteTableDef()

_LONGEST_NOTE = 2000
_LONGEST_TAG = 30
_RATINGS = {str(rating): rating for rating in range(1, 6)}


@routes.get("/reviews", name="reviews")
@needs(Right.READ_CASES)
async def show_queue(request: web.Request) -> web.Response:
    """This week's conversations to review, and how far staff have come."""
    async with request.config_dict[DATABASE].read() as work:
        rooms = Rooms(request, work.session)
        queue = await rooms.reviews.queue()
        waiting = [(one, await rooms.transcripts.summary(one.conversation_id)) for one in queue.waiting]
    note_listed(request, [one.conversation_id for one, _ in waiting])
    return render(request, "reviews.html", {"queue": queue, "waiting": waiting})


@routes.get("/reviews/next", name="next_review")
@needs(Right.READ_CASES)
async def go_to_next(request: web.Request) -> web.Response:
    """The way to the next conversation that waits; to the queue when none does."""
    async with request.config_dict[DATABASE].read() as work:
        queue = await Rooms(request, work.session).reviews.queue()
    following = queue.next_after(request.query.get("after", ""))
    router = request.app.router
    if following is None:
        return go_to(str(router["reviews"].url_for()))
    return go_to(str(router["conversation"].url_for(conversation_id=following.conversation_id)))


@routes.post("/conversations/{conversation_id}/review", name="review")
@needs(Right.WORK_ON_CASES)
async def review(request: web.Request) -> web.Response:
    """Notes that a conversation has been looked through, and how well the assistant did."""
    rating, theme = await _field(request, "rating"), await _field(request, "theme")
    if (rating and rating not in _RATINGS) or (theme and theme not in set(Theme)):
        raise web.HTTPBadRequest
    async with request.config_dict[DATABASE].write() as work:
        await Rooms(request, work.session).reviews.review(
            request.match_info["conversation_id"],
            caseworker_of(request).name,
            _RATINGS.get(rating),
            Theme(theme) if theme else None,
        )
        await work.commit()
    return _back(request)


@routes.post("/conversations/{conversation_id}/flag", name="flag_conversation")
@needs(Right.WORK_ON_CASES)
async def flag(request: web.Request) -> web.Response:
    """Flags a conversation for colleagues, or takes the flag off."""
    flagged = await _field(request, "flagged") == "yes"
    async with request.config_dict[DATABASE].write() as work:
        await Rooms(request, work.session).reviews.flag(
            request.match_info["conversation_id"], caseworker_of(request).name, flagged=flagged
        )
        await work.commit()
    return _back(request)


@routes.post("/conversations/{conversation_id}/tags", name="add_tag")
@needs(Right.WORK_ON_CASES)
async def add_tag(request: web.Request) -> web.Response:
    """Puts a tag on a conversation."""
    tag = await _tag(request)
    if holds_cpr(tag):
        raise HoldsCpr
    async with request.config_dict[DATABASE].write() as work:
        await Rooms(request, work.session).reviews.add_tag(request.match_info["conversation_id"], tag)
        await work.commit()
    return _back(request)


@routes.post("/conversations/{conversation_id}/tags/remove", name="remove_tag")
@needs(Right.WORK_ON_CASES)
async def remove_tag(request: web.Request) -> web.Response:
    """Takes a tag off a conversation."""
    tag = await _tag(request)
    async with request.config_dict[DATABASE].write() as work:
        await Rooms(request, work.session).reviews.remove_tag(request.match_info["conversation_id"], tag)
        await work.commit()
    return _back(request)


@routes.post("/conversations/{conversation_id}/notes", name="add_note")
@needs(Right.WORK_ON_CASES)
async def add_note(request: web.Request) -> web.Response:
    """Adds a note for colleagues."""
    text = await _field(request, "note")
    if not 1 <= len(text) <= _LONGEST_NOTE:
        raise web.HTTPBadRequest
    try:
        note_id = str(UUID(await _field(request, "note_id")))
    except ValueError as error:
        raise web.HTTPBadRequest from error
    async with request.config_dict[DATABASE].write() as work:
        await Rooms(request, work.session).reviews.note(
            request.match_info["conversation_id"], note_id, mask(text), caseworker_of(request).name
        )
        await work.commit()
    return _back(request)


async def _field(request: web.Request, name: str) -> str:
    # PostgreSQL keeps no NUL, and nobody means one.
    return str((await request.post()).get(name, "")).replace("\0", "").strip()


async def _tag(request: web.Request) -> str:
    tag = " ".join((await _field(request, "tag")).lower().split())
    if not 1 <= len(tag) <= _LONGEST_TAG:
        raise web.HTTPBadRequest
    return tag


def _back(request: web.Request) -> web.Response:
    conversation_id = request.match_info["conversation_id"]
    address = request.app.router["conversation"].url_for(conversation_id=conversation_id)
    return go_to(str(address.with_fragment("gennemgang")))
