"""Tells an open page that there is news, without moving anything on it; and the news of a conversation."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from aiohttp import web

from backend.console import live_words
from backend.console.browser import caseworker_of, number_in
from backend.console.guard import is_still_admitted, note_shown
from backend.console.list_query import list_query
from backend.console.live_words import MOST_COUNTED, News
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.keys import DATABASE, PACE, READERS, WATCH
from backend.live.changes import latest_change
from backend.live.stream import EventStream, ReaderGone
from backend.problems import DatabaseUnavailable, NotAllowed, NotFound
from backend.transcripts.passages import SpokenTurn

routes = web.RouteTableDef()

LookForNews = Callable[[Rooms], Awaitable[Mapping[str, object] | None]]
ReadNews = Callable[[int], Awaitable[tuple[int, Mapping[str, object] | None]]]
"""Given the number of a change, what is new after it, and the number of the latest change that was seen."""


@dataclass(frozen=True, slots=True)
class Live:
    """Where a page hears of news and gets it.

    Attributes:
        stream: The address that tells.
        show: The address that the page gets the news from; empty when it has no place for it.
        page: The address of the whole page.
    """

    stream: str
    show: str
    page: str


def news_of_list(request: web.Request, filters: Mapping[str, str], number: int) -> Live:
    """Of a list of conversations that fit some filters, made when a change had a number."""
    router = request.app.router
    page = str(router["conversations"].url_for().with_query(filters))
    stream = router["live_conversations"].url_for().with_query({**filters, "since": str(number)})
    return Live(str(stream), page, page)


def news_of_one(request: web.Request, position: int) -> Live:
    """Of a conversation whose turns are shown up to a position; 0 when it has none."""
    router, which = request.app.router, request.match_info["conversation_id"]
    stream, more = (
        str(router[name].url_for(conversation_id=which).with_query({"after": str(position)}))
        for name in ("live_conversation", "new_turns")
    )
    return Live(stream, more if position else "", str(router["conversation"].url_for(conversation_id=which)))


def latest_position(turns: Sequence[SpokenTurn]) -> int:
    """The position of the turn that arrived last; 0 when there is none."""
    return max((spoken.turn.position for spoken in turns), default=0)


@routes.get("/live/conversations", name="live_conversations", allow_head=False)
@needs(Right.READ_CASES)
async def tell_of_conversations(request: web.Request) -> web.StreamResponse:
    """Tells in how many conversations that fit the filter something was said or flagged since a change."""
    since = asked_number(request, "since")
    asked = list_query({name: value for name, value in request.query.items() if name != "since"})
    wanted = asked.filter_for(caseworker_of(request).id)
    changed = replace(wanted, changed_after=since)

    async def look(rooms: Rooms) -> News | None:
        found, _ = await rooms.transcripts.find(changed, None, MOST_COUNTED + 1)
        return live_words.conversations(len(found)) if found else None

    return await tell(request, _looking(request, look), since)


@routes.get("/live/conversations/{conversation_id}", name="live_conversation", allow_head=False)
@needs(Right.READ_CASES)
async def tell_of_conversation(request: web.Request) -> web.StreamResponse:
    """Tells how much was said in a conversation behind a position."""
    conversation_id, after = request.match_info["conversation_id"], asked_number(request, "after")

    async def look(rooms: Rooms) -> News | None:
        count = await rooms.transcripts.count_news(conversation_id, after)
        return live_words.turns(count) if count else None

    return await tell(request, _looking(request, look), 0)


async def tell(
    request: web.Request, read: ReadNews, since: int, *, at_once: bool = False
) -> web.StreamResponse:
    """Tells somebody what is new for as long as they listen and may hear it.

    Args:
        request: The request that is answered with a stream.
        read: Says what is new since the page was made, or refuses. It is asked after changes, and may say the
            same again.
        since: Number of the change that the page knows; behind the last event told, a browser that comes back
            begins.
        at_once: Whether the reader wants no rest between two pieces of news.
    """
    watch, pace = request.config_dict[WATCH], request.config_dict[PACE]
    # What is not there, or not for them, is refused as any page is.
    await read(since)
    stream = EventStream(request, pace)
    with request.config_dict[READERS].admit(caseworker_of(request).login, stream):
        await note_shown(request)
        told = max(since, _last_event(request))
        try:
            await stream.open()
            while True:
                number = await watch.change_after(told)
                if watch.is_closed:
                    break
                seen, news = await read(number or told)
                # What was found belongs to all that was seen; told by an earlier number, it would come again.
                told = seen if number else told
                if number and news:
                    await stream.tell("news", told, news)
                    if not at_once:
                        await watch.rest()
                else:
                    # Also when it was others' news: where much happens, there would be no other occasion.
                    await stream.show_life()
        except (ReaderGone, NotAllowed, NotFound, DatabaseUnavailable):
            # Who still listens comes back by itself, and is then told why not.
            return stream.response
    return stream.response


def _looking(request: web.Request, look: LookForNews) -> ReadNews:
    """Looks for news in the database, for who still has the right to them."""

    async def read(_: int) -> tuple[int, Mapping[str, object] | None]:
        async with request.config_dict[DATABASE].read() as work:
            if not await is_still_admitted(request, work.session):
                raise NotAllowed
            seen = await latest_change(work.session)
            return seen, await look(Rooms(request, work.session))

    return read


def asked_number(request: web.Request, name: str) -> int:
    """A number that an address asks for.

    Raises:
        HTTPBadRequest: It is none, or not one of ours.
    """
    number = number_in(request.query.get(name, ""))
    if number is None:
        raise web.HTTPBadRequest
    return number


def _last_event(request: web.Request) -> int:
    return number_in(request.headers.get("Last-Event-ID", "")) or 0
