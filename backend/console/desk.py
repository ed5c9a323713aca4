"""The desk's pages: where caseworkers write with citizens; and the parts that an open page renews itself."""

from collections.abc import Mapping

from aiohttp import web

from backend.booking import texts as booking_texts
from backend.console import desk_words
from backend.console.browser import number_in
from backend.console.conversation_page import what_is_left
from backend.console.desk_view import BOT_ALONE, ENTRIES_SHOWN, DeskView, Place, colleague_of, hours_of
from backend.console.guard import Admission, continue_visit, note_listed, note_shown
from backend.console.live import asked_number, tell
from backend.console.page import render
from backend.console.refusal_words import Error
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.db import new_id
from backend.handover.texts import first_name
from backend.keys import CLOCK, DATABASE, DESK, PULSES
from backend.live.changes import latest_change
from backend.problems import NotFound

routes = web.RouteTableDef()

_LONGEST_STATES = 2000


@routes.get("/desk", name="desk")
@needs(Right.WORK_ON_CASES)
async def show_desk(request: web.Request) -> web.Response:
    """Who waits, and the caseworker's own conversations."""
    return await desk_page(request)


@routes.get("/desk/conversations/{conversation_id}", name="desk_conversation")
@needs(Right.WORK_ON_CASES)
async def show_at_desk(request: web.Request) -> web.Response:
    """The same, with a conversation open beside it."""
    return await desk_page(request)


@routes.get("/desk/lists", name="desk_lists")
@needs(Right.WORK_ON_CASES)
async def show_lists(request: web.Request) -> web.Response:
    """The lists as they stand now, for an open page; nothing when it shows them already."""
    continue_visit(request, "desk", "desk_conversation", "desk_lists")
    async with request.config_dict[DATABASE].read() as work:
        view = DeskView(request, Rooms(request, work.session))
        lists, pulse = await view.lists(), await view.pulse(None)
    if request.query.get("shown") == lists.token:
        return web.Response(status=204)
    note_listed(request, lists.conversation_ids)
    context = {"lists": lists, "pulse": pulse, "opened": request.query.get("open", ""), "new_id": new_id}
    return render(request, "desk_lists.html", {**context, "desk_words": desk_words})


@routes.get("/desk/conversations/{conversation_id}/news", name="desk_news")
@needs(Right.WORK_ON_CASES)
async def show_news(request: web.Request) -> web.Response:
    """What an open conversation does not show yet, as a part of its page."""
    continue_visit(request, "desk_conversation", "desk_news")
    return await news_part(request, request.query)


@routes.get("/live/desk", name="live_desk", allow_head=False)
@needs(Right.WORK_ON_CASES)
async def tell_of_desk(request: web.Request) -> web.StreamResponse:
    """Tells an open page of the desk in which of its parts there is something new."""
    return await _tell(request)


@routes.get("/live/desk/{conversation_id}", name="live_desk_conversation", allow_head=False)
@needs(Right.WORK_ON_CASES)
async def tell_of_desk_conversation(request: web.Request) -> web.StreamResponse:
    """The same, where a conversation is open."""
    return await _tell(request)


async def desk_page(
    request: web.Request,
    *,
    draft: str = "",
    key: str | None = None,
    problem: Error | None = None,
    status: int = 200,
) -> web.Response:
    """The desk, with the conversation of the address open if it names one.

    Args:
        request: The request that is answered.
        draft: What stands in the field to write in.
        key: Of the message that is written there; a new one when it is None.
        problem: What went wrong.
        status: Of the answer.
    """
    colleague = colleague_of(request)
    async with request.config_dict[DESK].changing(colleague) as service:
        # Without script, each look at the page tells that somebody is there.
        await service.give_sign_of_life()
    conversation_id = request.match_info.get("conversation_id")
    async with request.config_dict[DATABASE].read() as work:
        # First: what comes while the page is made is told rather than lost.
        number = await latest_change(work.session)
        rooms = Rooms(request, work.session)
        view = DeskView(request, rooms)
        try:
            opened = await view.conversation(conversation_id) if conversation_id else None
        except NotFound:
            return await what_is_left(request, rooms, conversation_id or "")
        lists = await view.lists()
        context: dict[str, object] = {
            "lists": lists,
            "open": opened,
            "opened": conversation_id or "",
            "entries": opened.entries[-ENTRIES_SHOWN:] if opened else [],
            "profile": await view.profile(opened.summary) if opened else None,
            "pulse": await view.pulse(conversation_id),
            "is_available": await view.is_available(),
        }
    name = opened.summary.citizen.name if opened and opened.summary.citizen else None
    if request.query.get("answer") in desk_words.ANSWERS:
        draft = desk_words.answer(request.query["answer"], name)
    parts = {"conversation_id": conversation_id} if conversation_id else {}
    stream = request.app.router["live_desk_conversation" if conversation_id else "live_desk"]
    context |= {
        "opening": desk_words.opening(hours_of(request), request.config_dict[CLOCK]()),
        "stream": str(stream.url_for(**parts).with_query({"since": str(number)})),
        "answers": {
            code: (desk_words.ANSWERS[code][0], desk_words.answer(code, name)) for code in desk_words.ANSWERS
        },
        "draft": draft,
        "key": key or new_id(),
        "new_id": new_id,
        "problem": problem,
        "desk_words": desk_words,
        "booking_label": booking_texts.booking_label,
        "first_name": first_name,
    }
    note_listed(request, lists.conversation_ids)
    if request.method == "POST":
        # It was noted that something was sent; here the page is shown again.
        await note_shown(request)
    return render(request, "desk.html", context, status=status)


async def news_part(request: web.Request, fields: Mapping[str, object], **more: object) -> web.Response:
    """What is new to a page that tells in some fields what it shows."""
    shown = Place(*(_number(fields, name) for name in ("turn", "message", "whisper")))
    states = str(fields.get("states", ""))
    if len(states) > _LONGEST_STATES:
        raise web.HTTPBadRequest
    async with request.config_dict[DATABASE].read() as work:
        view = DeskView(request, Rooms(request, work.session))
        opened = await view.conversation(request.match_info["conversation_id"])
        pulse = await view.pulse(opened.id)
    context = {
        "open": opened,
        "entries": opened.entries_after(shown),
        "moved": opened.moved_messages(states),
        "is_otherwise": fields.get("standing") != opened.standing,
        # What is being whispered is not written over when only the owner changes.
        "is_first": fields.get("standing") == BOT_ALONE and opened.handover is not None,
        "pulse": pulse,
        "new_id": new_id,
        "desk_words": desk_words,
    }
    return render(request, "desk_news.html", {**context, **more})


async def _tell(request: web.Request) -> web.StreamResponse:
    conversation_id = request.match_info.get("conversation_id")
    pulses, now, admission = request.config_dict[PULSES], request.config_dict[CLOCK], Admission(request)

    async def read(at_least: int) -> tuple[int, Mapping[str, object]]:
        await admission.demand()
        latest = await pulses.read(at_least, conversation_id)
        return latest.number, latest.of(colleague_of(request), conversation_id, now())

    with pulses.listening(conversation_id):
        return await tell(request, read, asked_number(request, "since"), at_once=True)


def _number(fields: Mapping[str, object], name: str) -> int:
    number = number_in(str(fields.get(name, "")))
    if number is None:
        raise web.HTTPBadRequest
    return number
