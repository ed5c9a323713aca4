"""The page about teams: what they are called, and whose citizens are theirs."""

from aiohttp import web

from backend.booking.repository import BookingRepository
from backend.console.browser import go_to
from backend.console.page import render
from backend.console.rights import Right, needs
from backend.db import new_id
from backend.keys import DATABASE
from backend.teams.repository import TeamRepository
from backend.teams.service import TeamService, TeamTaken

routes = web.RouteTableDef()

_LONGEST = 200


@routes.get("/teams", name="teams")
@needs(Right.ADMINISTER)
async def show_teams(request: web.Request) -> web.Response:
    """Every team, and in which team each consultant is."""
    return await _page(request)


@routes.post("/teams", name="add_team")
@needs(Right.ADMINISTER)
async def add_team(request: web.Request) -> web.Response:
    """Adds a team."""
    name, organisation = await _named(request)
    async with request.config_dict[DATABASE].write() as work:
        try:
            await TeamService(TeamRepository(work.session)).add(new_id(), name, organisation)
        except TeamTaken:
            return await _page(request, taken=name)
        await work.commit()
    return _back(request)


@routes.post("/teams/{team_id}", name="change_team")
@needs(Right.ADMINISTER)
async def change_team(request: web.Request) -> web.Response:
    """Gives a team another name and organisation."""
    name, organisation = await _named(request)
    async with request.config_dict[DATABASE].write() as work:
        teams = TeamService(TeamRepository(work.session))
        try:
            await teams.change(request.match_info["team_id"], name, organisation)
        except TeamTaken:
            return await _page(request, taken=name)
        await work.commit()
    return _back(request)


@routes.post("/consultants/{consultant_id}/team", name="move_consultant")
@needs(Right.ADMINISTER)
async def move_consultant(request: web.Request) -> web.Response:
    """Puts a consultant into a team; citizens who book with them from now on are that team's."""
    form = await request.post()
    async with request.config_dict[DATABASE].write() as work:
        teams = TeamService(TeamRepository(work.session))
        await teams.take_in(str(form.get("team", "")), request.match_info["consultant_id"])
        await work.commit()
    return _back(request)


async def _named(request: web.Request) -> tuple[str, str | None]:
    form = await request.post()
    name, organisation = (str(form.get(field, "")).strip() for field in ("name", "organisation"))
    if not 0 < len(name) <= _LONGEST or len(organisation) > _LONGEST:
        raise web.HTTPBadRequest
    return name, organisation or None


async def _page(request: web.Request, *, taken: str | None = None) -> web.Response:
    async with request.config_dict[DATABASE].read() as work:
        context = {
            "teams": await TeamRepository(work.session).all(),
            "consultants": await BookingRepository(work.session).consultants(),
            "taken": taken,
        }
    return render(request, "teams.html", context, status=409 if taken else 200)


def _back(request: web.Request) -> web.Response:
    return go_to(str(request.app.router["teams"].url_for()))
