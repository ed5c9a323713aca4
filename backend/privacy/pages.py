"""The citizens' pages about their own data: everything that is stored, and the receipt of an erasure."""

import re
import secrets
from collections.abc import Mapping

import aiohttp_jinja2
from aiohttp import web

from backend import danish
from backend.keys import CLOCK, DATABASE, ITEM_BANK, MUNICIPALITY, POLICY, SETTINGS
from backend.privacy import words
from backend.privacy.holdings import HoldingsReader, Rows, as_json
from backend.privacy.keys import digest, is_link_key
from backend.privacy.reading import Reading
from backend.privacy.repository import ErasureRepository, RightsRepository
from backend.retention.departure import departure
from backend.tracks.repository import TrackRepository

routes = web.RouteTableDef()

COOKIE = "digispor_data"
_PATH = "/mine-data"
_LINK = re.compile(r"([0-9a-f-]{36})\.([A-Za-z0-9_-]{24})")
_HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'none'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    ),
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}


@routes.get("/mine-data/{link}")
async def ask_before_showing(request: web.Request) -> web.Response:
    """A button and no data: whatever fetches a link to preview it uses nothing up."""
    return _render(request, "data_link.html", {"is_good": True})


@routes.post("/mine-data/{link}")
async def show_data(request: web.Request) -> web.Response:
    """Everything there is, as a page or as a file; for the browser that came first, for a short time."""
    form = await request.post()
    browser = request.cookies.get(COOKIE) or secrets.token_urlsafe(32)
    found = await _open_link(request, browser)
    if found is None:
        return _render(request, "data_link.html", {"is_good": False}, status=410)
    conversation_id, rows, tracks, goes_at = found
    made_at = request.app[CLOCK]()
    if form.get("format") == "json":
        headers = {**_HEADERS, "Content-Disposition": 'attachment; filename="mine-data.json"'}
        text = as_json(conversation_id, rows, made_at.isoformat())
        response = web.Response(text=text, content_type="application/json", headers=headers)
    else:
        parts = Reading(rows, request.app[ITEM_BANK], tracks).parts()
        response = _render(
            request,
            "my_data.html",
            {"parts": parts, "made_at": danish.full_date_and_clock(made_at), "goes_at": goes_at},
        )
    is_https = request.app[SETTINGS].is_https
    response.set_cookie(COOKIE, browser, path=_PATH, httponly=True, samesite="Strict", secure=is_https)
    return response


@routes.get("/kvittering/{number}")
async def show_receipt(request: web.Request) -> web.Response:
    """How far an erasure has come, what is gone, what is kept and why."""
    async with request.app[DATABASE].read() as work:
        erasure = await ErasureRepository(work.session).find(request.match_info["number"].upper())
    if erasure and erasure.request_id is None:
        # Nobody was given its number.
        erasure = None
    context = {"erasure": erasure, "words": words, "danish": danish}
    return _render(request, "receipt.html", context, status=200 if erasure else 404)


async def _open_link(request: web.Request, browser: str) -> tuple[str, Rows, dict[str, str], str] | None:
    """What a link leads to, and when that goes; None for one too old, another browser's or none of ours."""
    link = _LINK.fullmatch(request.match_info["link"])
    keys = request.app[SETTINGS].signing_key.accepted
    if link is None or not any(is_link_key(key, link[1], link[2]) for key in keys):
        return None
    async with request.app[DATABASE].write() as work:
        rights = RightsRepository(work.session)
        now = request.app[CLOCK]()
        conversation_id = await rights.open_link(link[1], digest(browser), now)
        if conversation_id is None:
            return None
        rows = await HoldingsReader(work.session).read(conversation_id)
        tracks = {track.id: track.name for track in await TrackRepository(work.session).all()}
        going = await departure(work.session, request.app[POLICY], now, conversation_id)
        await work.commit()
    return conversation_id, rows, tracks, danish.full_date(max(going.at, now)) if going else ""


def _render(
    request: web.Request, template: str, context: Mapping[str, object], status: int = 200
) -> web.Response:
    every_page = {"municipality": request.app[MUNICIPALITY]}
    response = aiohttp_jinja2.render_template(template, request, {**every_page, **context}, status=status)
    response.headers.update(_HEADERS)
    return response
