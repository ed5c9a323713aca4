"""The page about SMS: inviting people, and how far the messages have come that nobody asked for."""

import csv
import io
from collections.abc import Iterator

from aiohttp import web

from backend.booking.contact import parse_phone
from backend.console.browser import caseworker_of
from backend.console.guard import note_listed
from backend.console.page import render
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.keys import DATABASE, SETTINGS
from backend.outreach.service import Invited

routes = web.RouteTableDef()

MOST_NUMBERS = 1000
_SHOWN = 100


class TooManyNumbers(ValueError):
    """More numbers than can be invited at once."""


@routes.get("/sms", name="sms")
@needs(Right.INVITE)
async def show_sms(request: web.Request) -> web.Response:
    """The form for invitations and the latest messages."""
    return await _page(request)


@routes.post("/sms/invitations", name="invite")
@needs(Right.INVITE)
async def invite(request: web.Request) -> web.Response:
    """Invites those whose numbers are written or stand in a file."""
    if not request.config_dict[SETTINGS].sends_sms:
        raise web.HTTPNotFound
    form = await request.post()
    written = str(form.get("numbers", ""))
    uploaded = form.get("file")
    if isinstance(uploaded, web.FileField):
        written = f"{written}\n{uploaded.file.read().decode('utf-8-sig', errors='replace')}"
    try:
        numbers = list(_numbers(written))
    except TooManyNumbers:
        return await _page(request, too_many=True)
    async with request.config_dict[DATABASE].write() as work:
        invited = await Rooms(request, work.session).outreach.invite(
            numbers,
            keys=request.config_dict[SETTINGS].signing_key.accepted,
            invited_by=caseworker_of(request).name,
        )
        await work.commit()
    return await _page(request, invited=invited)


async def _page(
    request: web.Request, *, invited: Invited | None = None, too_many: bool = False
) -> web.Response:
    async with request.config_dict[DATABASE].read() as work:
        rooms = Rooms(request, work.session)
        sent = await rooms.outreach.newest(_SHOWN, rooms.scope)
    note_listed(request, [message.conversation_id for message in sent if message.conversation_id])
    context = {
        "is_on": request.config_dict[SETTINGS].sends_sms,
        "invited": invited,
        "too_many": too_many,
        "most": MOST_NUMBERS,
        "sent": sent,
    }
    return render(request, "sms.html", context)


def _numbers(written: str) -> Iterator[str]:
    """Gives the number in each line, or what stands there instead; lines without a digit are headings.

    Raises:
        TooManyNumbers: There are more than `MOST_NUMBERS`.
    """
    delimiter = next((mark for mark in ";\t," if mark in written), ",")
    count = 0
    for row in csv.reader(io.StringIO(written), delimiter=delimiter):
        cells = [cell.strip() for cell in row if any(map(str.isdecimal, cell))]
        if not cells:
            continue
        count += 1
        if count > MOST_NUMBERS:
            raise TooManyNumbers
        yield next((cell for cell in cells if _is_phone(cell)), cells[0])


def _is_phone(cell: str) -> bool:
    try:
        parse_phone(cell)
    except ValueError:
        return False
    return True
