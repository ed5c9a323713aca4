"""The page for those who lead a team: what has waited for a caseworker longer than a day."""

from aiohttp import web

from backend.console.guard import note_listed
from backend.console.page import render
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.keys import DATABASE

routes = web.RouteTableDef()

_SHOWN = 200


@routes.get("/waiting", name="waiting")
@needs(Right.OVERSEE)
async def list_waiting(request: web.Request) -> web.Response:
    """What has waited too long, longest first."""
    async with request.config_dict[DATABASE].read() as work:
        waiting = await Rooms(request, work.session).oversight.waiting_too_long(_SHOWN)
    note_listed(request, (one.conversation_id for one in waiting))
    return render(request, "waiting.html", {"waiting": waiting, "shown": _SHOWN})
