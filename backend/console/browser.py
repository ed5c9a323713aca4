"""What the console gives a browser and asks back from it: cookies, and the tokens of its forms."""

import hashlib
import hmac
import secrets
from http import HTTPStatus

from aiohttp import web
from yarl import URL

from backend.console.rights import Caseworker
from backend.keys import SETTINGS
from backend.settings import RotatingSecret

SESSION_COOKIE = "digispor_console"
# Ties the sign-in form to a browser that has no session yet.
FORM_COOKIE = "digispor_console_form"
# More digits than any database counts to in our columns.
_LONGEST_NUMBER = 9
CSRF_FIELD = "csrf_token"
CASEWORKER = web.RequestKey("caseworker", Caseworker)
NEW_FORM_COOKIE = web.RequestKey("new_form_cookie", str)


def caseworker_of(request: web.Request) -> Caseworker:
    """Who asks, behind the guard."""
    return request[CASEWORKER]


def number_in(text: str) -> int | None:
    """The number that a form or an address gives; None for what is none, or too long for any of ours."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number else None


def set_cookie(request: web.Request, response: web.StreamResponse, name: str, value: str) -> None:
    """Gives the browser a cookie that no script reads and no other site's form brings along."""
    response.set_cookie(
        name,
        value,
        path="/console",
        httponly=True,
        secure=request.config_dict[SETTINGS].is_https,
        samesite="Lax",
    )


def drop_cookie(request: web.Request, response: web.StreamResponse, name: str) -> None:
    """Takes a cookie back."""
    secure = request.config_dict[SETTINGS].is_https
    response.del_cookie(name, path="/console", httponly=True, secure=secure, samesite="Lax")


def go_to(address: str) -> web.Response:
    """Sends the browser on to another page, so that reloading that one sends no form again."""
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})


def lead_to(request: web.Request, address: URL) -> web.HTTPException:
    """Sends the browser elsewhere than it asked, with the whole page."""
    # htmx would put the other page into a part of the page that is open.
    if "HX-Request" in request.headers:
        return web.HTTPNoContent(headers={"HX-Redirect": str(address)})
    return web.HTTPSeeOther(address)


def csrf_token(request: web.Request) -> str:
    """The token that this browser's forms must carry, the same as long as its session."""
    bound_to = _bound_to(request)
    if bound_to is None:
        bound_to = request[NEW_FORM_COOKIE] = secrets.token_urlsafe(32)
    return _sign(bound_to, _secret(request).newest)


def has_csrf_token(request: web.Request, given: object) -> bool:
    """Whether a form came from a page that we gave this very browser."""
    bound_to = _bound_to(request)
    if bound_to is None or not isinstance(given, str):
        return False
    signed = (_sign(bound_to, secret) for secret in _secret(request).accepted)
    return any(hmac.compare_digest(one.encode(), given.encode()) for one in signed)


def _bound_to(request: web.Request) -> str | None:
    if CASEWORKER in request:
        return request.cookies[SESSION_COOKIE]
    return request.get(NEW_FORM_COOKIE) or request.cookies.get(FORM_COOKIE)


def _secret(request: web.Request) -> RotatingSecret:
    return request.config_dict[SETTINGS].console_secret


def _sign(bound_to: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"csrf:{bound_to}".encode(), hashlib.sha256).hexdigest()
