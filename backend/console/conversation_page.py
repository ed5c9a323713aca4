"""One conversation, a passage of it at a time, with all that belongs to it."""

from aiohttp import web

from backend.booking import texts as booking_texts
from backend.console.brief import turn_place
from backend.console.browser import caseworker_of, go_to, number_in
from backend.console.guard import note_listed
from backend.console.live import asked_number, latest_position, news_of_one
from backend.console.page import render
from backend.console.placements import story_of
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.db import new_id
from backend.keys import DATABASE
from backend.privacy.tombstones import is_stub
from backend.problems import NotFound
from backend.retention import words as retention_words
from backend.transcripts.passages import Passage
from backend.transcripts.tables import Conversation

routes = web.RouteTableDef()


def turn_address(request: web.Request, conversation_id: str, position: int) -> str:
    """The address of a turn on the page of its conversation."""
    address = request.app.router["conversation"].url_for(conversation_id=conversation_id)
    return f"{address}{turn_place(position)}"


@routes.get("/conversations/{conversation_id}", name="conversation")
@needs(Right.READ_CASES)
async def show_conversation(request: web.Request) -> web.Response:
    """One conversation: its latest turns or others, and beside it the citizen, the proposal, the meetings."""
    conversation_id = request.match_info["conversation_id"]
    passage = _passage(request)
    async with request.config_dict[DATABASE].read() as work:
        rooms = Rooms(request, work.session)
        try:
            transcript = await rooms.transcripts.read_passage(conversation_id, passage)
        except NotFound:
            return await what_is_left(request, rooms, conversation_id)
        # Before the first turn there is nothing later either.
        is_latest = transcript.later is None and passage.before is None
        citizen = transcript.summary.citizen
        placements = await rooms.placements.of_citizen(citizen.id) if citizen else []
        conversation = transcript.summary.conversation
        outreach = await rooms.outreach.to_citizen(conversation_id)
        cards = rooms.meeting_cards(outreach, conversation.last_citizen_turn_at)
        is_news = await rooms.transcripts.unread_among([conversation], caseworker_of(request).id)
        alike = await rooms.transcripts.with_same_phone(transcript.summary)
        context = {
            "transcript": transcript,
            "alike": alike,
            "passage": passage,
            "is_erased": is_stub(conversation.id),
            "was_asked": is_stub(conversation.id) and await rooms.rights.was_asked_to_erase(conversation.id),
            "departure": await rooms.departure(conversation_id),
            "retention_words": retention_words,
            "tracks": await rooms.track_names(),
            "stories": [await story_of(rooms, placement) for placement in placements],
            "open_assessment": await rooms.assessments.open_of(citizen.id) if citizen else None,
            "meetings": cards.of(await rooms.bookings.history(citizen.id)) if citizen else [],
            "has_coming_meeting": bool(citizen and await rooms.bookings.coming(citizen.id)),
            "booking_label": booking_texts.booking_label,
            "outreach": outreach,
            "handovers": await rooms.handover_lines(conversation_id),
            "corrections": await rooms.corrections.of_turns([one.turn for one in transcript.turns]),
            "noted": await rooms.reviews.noted(conversation_id),
            "note_id": new_id(),
            # What is new stands at the end, which a passage of earlier turns does not show.
            "live": news_of_one(request, latest_position(transcript.turns)) if is_latest else None,
        }
    note_listed(request, [one.conversation.id for one in alike])
    if is_latest and is_news:
        await _note_reading(request, conversation)
    return render(request, "conversation.html", context)


@routes.get("/conversations/{conversation_id}/turns", name="new_turns")
@needs(Right.READ_CASES)
async def show_new_turns(request: web.Request) -> web.Response:
    """What was said in a conversation behind a position, as a part of the open page."""
    conversation_id, after = request.match_info["conversation_id"], asked_number(request, "after")
    async with request.config_dict[DATABASE].read() as work:
        rooms = Rooms(request, work.session)
        conversation = (await rooms.transcripts.summary(conversation_id)).conversation
        turns = await rooms.transcripts.news(conversation_id, after)
        context = {
            "conversation": conversation,
            "turns": turns,
            "corrections": await rooms.corrections.of_turns([one.turn for one in turns]),
            "live": news_of_one(request, latest_position(turns) or after),
        }
    await _note_reading(request, conversation)
    return render(request, "new_turns.html", context)


async def what_is_left(request: web.Request, rooms: Rooms, conversation_id: str) -> web.Response:
    """The way to what is left of a conversation that its citizen has had erased.

    Raises:
        NotFound: It was not erased; or nothing of it may be shown.
    """
    left = await rooms.rights.left_of(conversation_id)
    if left is None:
        raise NotFound("There is no such conversation")
    await rooms.transcripts.summary(left)
    return go_to(str(request.app.router["conversation"].url_for(conversation_id=left)))


async def _note_reading(request: web.Request, conversation: Conversation) -> None:
    async with request.config_dict[DATABASE].write() as work:
        transcripts = Rooms(request, work.session).transcripts
        await transcripts.note_reading(conversation, caseworker_of(request).id)
        await work.commit()


def _passage(request: web.Request) -> Passage:
    asked = {name: number_in(written) for name, written in request.query.items()}
    if None in asked.values() or len(asked) > 1 or not asked.keys() <= {"before", "after", "tur"}:
        raise web.HTTPBadRequest
    return Passage(asked.get("before"), asked.get("after"), asked.get("tur"))
