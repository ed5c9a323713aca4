"""The list of conversations, and one conversation with all that belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from backend.api.conversations import write_cursor
from backend.booking import texts as booking_texts
from backend.booking.tables import Booking
from backend.console.browser import caseworker_of
from backend.console.guard import note_listed
from backend.console.live import conversation_query, latest_position, news_of_list, news_of_one
from backend.console.menu import MENU
from backend.console.page import render
from backend.console.placements import story_of
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.corrections.known import entity_names
from backend.db import new_id
from backend.keys import DATABASE
from backend.live.changes import latest_change
from backend.problems import NotAllowed
from backend.transcripts.repository import Concern, ConversationFilter
from backend.transcripts.service import ListedConversation
from backend.transcripts.tables import FlagKind

routes = web.RouteTableDef()

_URGENT_SHOWN = 20
_FILTERS = ("search", "from", "to", "track", "concern", "status", "flag")


@dataclass(frozen=True, slots=True)
class Urgent:
    """What somebody should see to first."""

    crises: list[ListedConversation]
    disputes: list[ListedConversation]
    """Citizens who disagree with their track, and nobody has decided since."""
    reports: Sequence[tuple[Booking, str]]
    """Meetings that the citizen cancelled or cannot come to, and nobody has seen, with the conversation."""
    more: list[tuple[str, str]]
    """Filters of the list that find what there is beyond the ones here."""

    @property
    def conversation_ids(self) -> list[str]:
        """Whose they are."""
        flagged = [one.summary.conversation.id for one in (*self.crises, *self.disputes)]
        return [*flagged, *(conversation_id for _, conversation_id in self.reports)]


@routes.get("", name="start")
@needs(Right.SIGNED_IN)
async def start(request: web.Request) -> web.Response:
    """The way to the first page that somebody may see."""
    entry = next((entry for entry in MENU if caseworker_of(request).may(entry.right)), None)
    if entry is None:
        raise NotAllowed
    raise web.HTTPSeeOther(request.app.router[entry.name].url_for())


@routes.get("/conversations", name="conversations")
@needs(Right.READ_CASES)
async def list_conversations(request: web.Request) -> web.Response:
    """Conversations that fit the filter, latest activity first; before them what is urgent."""
    query = conversation_query(request.query)
    async with request.config_dict[DATABASE].read() as work:
        rooms = Rooms(request, work.session)
        # First: what comes while the page is made is news rather than lost.
        number = await latest_change(work.session)
        listed, following = await rooms.transcripts.find(query.filter(), query.place(), query.limit)
        urgent = await _urgent(rooms)
        tracks = await rooms.track_names()
    note_listed(request, [*(one.summary.conversation.id for one in listed), *urgent.conversation_ids])
    asked = {name: request.query.get(name, "") for name in _FILTERS}
    context = {
        "listed": listed,
        "more": _with_cursor(request, asked, write_cursor(following)) if following else None,
        "urgent": urgent,
        "tracks": tracks,
        "asked": asked,
        "is_filtered": any(asked.values()),
        "live": news_of_list(request, {name: value for name, value in asked.items() if value}, number),
        "slot_label": booking_texts.slot_label,
    }
    return render(request, "conversations.html", context)


@routes.get("/conversations/{conversation_id}", name="conversation")
@needs(Right.READ_CASES)
async def show_conversation(request: web.Request) -> web.Response:
    """One conversation: every turn, and beside it the citizen, the proposal and the meetings."""
    async with request.config_dict[DATABASE].read() as work:
        rooms = Rooms(request, work.session)
        transcript = await rooms.transcripts.read(request.match_info["conversation_id"])
        citizen = transcript.summary.citizen
        placements = await rooms.placements.of_citizen(citizen.id) if citizen else []
        context = {
            "transcript": transcript,
            "tracks": await rooms.track_names(),
            "stories": [await story_of(rooms, placement) for placement in placements],
            "open_assessment": await rooms.assessments.open_of(citizen.id) if citizen else None,
            "bookings": await rooms.bookings.history(citizen.id) if citizen else [],
            "booking_label": booking_texts.booking_label,
            "outreach": await rooms.outreach.to_citizen(transcript.summary.conversation.id),
            "handovers": await rooms.handover_lines(transcript.summary.conversation.id),
            "corrections": await rooms.corrections.of_conversation(transcript.summary.conversation.id),
            "entities": entity_names(),
            "noted": await rooms.reviews.noted(transcript.summary.conversation.id),
            "note_id": new_id(),
            "live": news_of_one(request, latest_position(transcript.turns)),
        }
        return render(request, "conversation.html", context)


def _with_cursor(request: web.Request, asked: dict[str, str], cursor: str) -> str:
    address = request.app.router["conversations"].url_for()
    return str(address.with_query({**{k: v for k, v in asked.items() if v}, "before": cursor}))


async def _urgent(rooms: Rooms) -> Urgent:
    flagged = ConversationFilter(flag=FlagKind.CRISIS)
    crises, other_crises = await rooms.transcripts.find(flagged, None, _URGENT_SHOWN)
    disputed = ConversationFilter(concern=Concern.DISPUTED)
    disputes, other_disputes = await rooms.transcripts.find(disputed, None, _URGENT_SHOWN)
    beyond = (
        (other_crises, ("flag", FlagKind.CRISIS.value)),
        (other_disputes, ("concern", Concern.DISPUTED.value)),
    )
    more = [wanted for following, wanted in beyond if following]
    return Urgent(crises, disputes, await rooms.bookings.unseen_reports(rooms.scope), more)
