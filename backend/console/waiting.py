"""The page for those who lead a team: what has waited for a caseworker longer than a day."""

from datetime import timedelta

from aiohttp import web

from backend.console.guard import note_listed
from backend.console.page import render
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.keys import CLOCK, DATABASE
from backend.oversight.repository import OversightRepository

routes = web.RouteTableDef()

TOO_LONG = timedelta(days=1)
_SHOWN = 200


@routes.get("/waiting", name="waiting")
@needs(Right.OVERSEE)
async def list_waiting(request: web.Request) -> web.Response:
    """What has waited too long, longest first."""
    before = request.config_dict[CLOCK]() - TOO_LONG
    async with request.config_dict[DATABASE].read() as work:
        scope = Rooms(request, work.session).scope
        waiting = await OversightRepository(work.session, scope).waiting_since_before(before, _SHOWN)
    note_listed(request, (one.conversation_id for one in waiting))
    return render(request, "waiting.html", {"waiting": waiting, "shown": _SHOWN})
