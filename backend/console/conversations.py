"""The list of conversations."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from backend.api.conversations import write_cursor
from backend.booking import texts as booking_texts
from backend.booking.tables import Booking
from backend.console.browser import caseworker_of
from backend.console.guard import note_listed
from backend.console.list_query import list_query
from backend.console.live import news_of_list
from backend.console.menu import MENU
from backend.console.page import render
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.keys import DATABASE
from backend.live.changes import latest_change
from backend.problems import NotAllowed
from backend.transcripts.listing import Concern, ConversationFilter
from backend.transcripts.service import ListedConversation
from backend.transcripts.tables import FlagKind

routes = web.RouteTableDef()

_URGENT_SHOWN = 20
_FILTERS = (
    "search",
    "from",
    "to",
    "track",
    "concern",
    "status",
    "flag",
    "channel",
    "unread",
    "unsure",
    "marked",
)


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
    query = list_query(request.query)
    async with request.config_dict[DATABASE].read() as work:
        rooms = Rooms(request, work.session)
        # First: what comes while the page is made is news rather than lost.
        number = await latest_change(work.session)
        reader_id = caseworker_of(request).id
        wanted = query.filter_for(reader_id)
        listed, following = await rooms.transcripts.find(wanted, query.place(), query.limit)
        unread = await rooms.transcripts.unread_among([one.summary.conversation for one in listed], reader_id)
        urgent = await _urgent(rooms)
        tracks = await rooms.track_names()
    note_listed(request, [*(one.summary.conversation.id for one in listed), *urgent.conversation_ids])
    asked = {name: request.query.get(name, "") for name in _FILTERS}
    context = {
        "listed": listed,
        "unread": unread,
        "more": _with_cursor(request, asked, write_cursor(following)) if following else None,
        "urgent": urgent,
        "tracks": tracks,
        "asked": asked,
        "is_filtered": any(asked.values()),
        "live": news_of_list(request, {name: value for name, value in asked.items() if value}, number),
        "slot_label": booking_texts.slot_label,
    }
    return render(request, "conversations.html", context)


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
