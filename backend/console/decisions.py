"""What a caseworker decides: the track, and that a flag, a cancellation or an absence has been seen to."""

from typing import get_args

from aiohttp import web

from backend.assessment.rule import Track
from backend.console.browser import caseworker_of, go_to, number_in
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.keys import DATABASE
from backend.problems import NotFound
from identifiers import mask

routes = web.RouteTableDef()

_LONGEST_REASON = 2000
_TRACKS: dict[str, Track] = {track: track for track in get_args(Track)}


@routes.post("/conversations/{conversation_id}/placements/{placement_id}/decision", name="decide")
@needs(Right.WORK_ON_CASES)
async def decide(request: web.Request) -> web.Response:
    """Confirms the proposed track, or changes it with a reason."""
    form = await request.post()
    track, reason = (str(form.get(name, "")).strip() for name in ("track", "reason"))
    version = number_in(str(form.get("version", "")))
    if track not in _TRACKS or version is None or len(reason) > _LONGEST_REASON:
        raise web.HTTPBadRequest
    async with request.config_dict[DATABASE].write() as work:
        rooms = Rooms(request, work.session)
        placement = await rooms.placement(
            request.match_info["conversation_id"], request.match_info["placement_id"]
        )
        await rooms.placements.decide(
            placement.id,
            track=_TRACKS[track],
            decided_by=caseworker_of(request).name,
            reason=mask(reason)[:_LONGEST_REASON] or None,
            version=version,
        )
        await work.commit()
    return _back(request)


@routes.post("/conversations/{conversation_id}/flags/{flag_id}/acknowledge", name="acknowledge")
@needs(Right.WORK_ON_CASES)
async def acknowledge(request: web.Request) -> web.Response:
    """Notes that the caseworker has seen to a flag."""
    async with request.config_dict[DATABASE].write() as work:
        transcripts = Rooms(request, work.session).transcripts
        flag = await transcripts.acknowledge(request.match_info["flag_id"], caseworker_of(request).name)
        if flag.conversation_id != request.match_info["conversation_id"]:
            raise NotFound("There is no such flag in this conversation")
        await work.commit()
    return _back(request)


@routes.post("/conversations/{conversation_id}/bookings/{booking_id}/seen", name="see_booking")
@needs(Right.WORK_ON_CASES)
async def see_booking(request: web.Request) -> web.Response:
    """Notes that the caseworker has seen that the citizen cancelled or cannot come."""
    version = number_in(str((await request.post()).get("version", "")))
    if version is None:
        raise web.HTTPBadRequest
    async with request.config_dict[DATABASE].write() as work:
        rooms, booking_id = Rooms(request, work.session), request.match_info["booking_id"]
        _, conversation_id = await rooms.bookings.meeting(booking_id, rooms.scope)
        if conversation_id != request.match_info["conversation_id"]:
            raise NotFound("There is no such meeting in this conversation")
        await rooms.bookings.see_to(booking_id, rooms.scope, version=version, by=caseworker_of(request).name)
        await work.commit()
    return _back(request)


def _back(request: web.Request) -> web.Response:
    conversation_id = request.match_info["conversation_id"]
    return go_to(str(request.app.router["conversation"].url_for(conversation_id=conversation_id)))
