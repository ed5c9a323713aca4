"""The page for those who lead a team: what citizens have asked about their own data, and how long is left."""

from uuid import UUID

from aiohttp import web

from backend.console import rights_words
from backend.console.browser import go_to
from backend.console.guard import note_listed
from backend.console.page import render
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.console.subjects import conversation_of, is_about
from backend.keys import DATABASE
from backend.privacy.tables import RightsRequest

routes = web.RouteTableDef()

_of_conversation = is_about(conversation_of(RightsRequest, "request_id"))

_SHOWN = 200


@routes.get("/rights-requests", name="rights_requests")
@needs(Right.OVERSEE)
async def list_requests(request: web.Request) -> web.Response:
    """The open requests, the one that is due first first."""
    async with request.config_dict[DATABASE].read() as work:
        found = await Rooms(request, work.session).rights.open_requests(_SHOWN)
    note_listed(request, [one.conversation_id for one in found])
    return render(request, "rights_requests.html", {"requests": found, "rights_words": rights_words})


@routes.post("/rights-requests/{request_id}/identity", name="confirm_identity")
@needs(Right.OVERSEE)
@_of_conversation
async def confirm_identity(request: web.Request) -> web.Response:
    """Notes that somebody has made sure that it is the citizen who asks."""
    async with request.config_dict[DATABASE].write() as work:
        await Rooms(request, work.session).rights.confirm_identity(_id(request))
        await work.commit()
    return _back(request)


@routes.post("/rights-requests/{request_id}/close", name="close_request")
@needs(Right.OVERSEE)
@_of_conversation
async def close_request(request: web.Request) -> web.Response:
    """Closes a request that was met in another way."""
    async with request.config_dict[DATABASE].write() as work:
        await Rooms(request, work.session).rights.close(_id(request))
        await work.commit()
    return _back(request)


def _id(request: web.Request) -> str:
    try:
        return str(UUID(request.match_info["request_id"]))
    except ValueError as error:
        raise web.HTTPNotFound from error


def _back(request: web.Request) -> web.Response:
    return go_to(str(request.app.router["rights_requests"].url_for()))
