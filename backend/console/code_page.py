"""The second step of signing in: a code, for accounts that ask for one."""

import json
from datetime import datetime, timedelta
from http import HTTPStatus

from aiohttp import web

from backend.console import accounts
from backend.console.administration import password_mark
from backend.console.browser import go_to
from backend.console.entering import enter
from backend.console.guard import SIGN_IN
from backend.console.page import render
from backend.console.rights import Right, needs
from backend.console.sealing import Seal
from backend.console.second_factors import sign_in_with_code
from backend.console.tables import ConsoleUser
from backend.keys import CLOCK, DATABASE, SETTINGS, SIGN_INS

routes = web.RouteTableDef()

_COOKIE, _COOKIE_PATH = "digispor_console_code", "/console/sign-in"
_LONGEST_WAIT = timedelta(minutes=5)
_LONGEST_CODE = 100


def ask_for_code(request: web.Request, user: ConsoleUser, next_page: str) -> web.Response:
    """Leads on to the second step; what the first one showed is left with the browser, sealed."""
    waiting = {
        "user": user.id,
        "mark": password_mark(user.password_hash or ""),
        "next": next_page,
        "since": request.config_dict[CLOCK]().isoformat(),
    }
    response = go_to(_address(request))
    response.set_cookie(
        _COOKIE,
        _seal(request).close(json.dumps(waiting)),
        path=_COOKIE_PATH,
        max_age=int(_LONGEST_WAIT.total_seconds()),
        httponly=True,
        secure=request.config_dict[SETTINGS].is_https,
        samesite="Lax",
    )
    return response


@routes.get("/sign-in/code", name="sign_in_code")
@needs(Right.PUBLIC)
async def show_code_form(request: web.Request) -> web.Response:
    """The form for the code."""
    return _form(request, refused=False) if _waiting(request) else _start_again(request)


@routes.post("/sign-in/code", name="sign_in_code")
@needs(Right.PUBLIC)
async def take_code(request: web.Request) -> web.Response:
    """Signs in, and goes on to the page that was asked for."""
    waiting = _waiting(request)
    if waiting is None:
        return _start_again(request)
    code = str((await request.post()).get("code", ""))[:_LONGEST_CODE]
    shared = request.config_dict
    shared[SIGN_INS].count(request)
    token = await sign_in_with_code(
        shared[DATABASE], shared[SETTINGS], shared[CLOCK](), waiting["user"], waiting["mark"], code
    )
    if token is None:
        return _form(request, refused=True)
    shared[SIGN_INS].forgive(request)
    response = await enter(request, token, waiting["next"])
    response.del_cookie(_COOKIE, path=_COOKIE_PATH)
    return response


def _waiting(request: web.Request) -> dict[str, str] | None:
    """What the first step left; None when there was none, or too long ago."""
    opened = _seal(request).open(request.cookies.get(_COOKIE, ""))
    if opened is None:
        return None
    waiting: dict[str, str] = json.loads(opened)
    is_late = request.config_dict[CLOCK]() - datetime.fromisoformat(waiting["since"]) > _LONGEST_WAIT
    return None if is_late else waiting


def _form(request: web.Request, *, refused: bool) -> web.Response:
    context = {
        "refused": refused,
        "attempts": accounts.MAX_ATTEMPTS,
        "minutes": int(accounts.LOCKED.total_seconds() // 60),
    }
    status = HTTPStatus.UNAUTHORIZED if refused else HTTPStatus.OK
    return render(request, "sign_in_code.html", context, status=status)


def _start_again(request: web.Request) -> web.Response:
    return go_to(str(request.app.router[SIGN_IN].url_for()))


def _address(request: web.Request) -> str:
    return str(request.app.router["sign_in_code"].url_for())


def _seal(request: web.Request) -> Seal:
    return Seal(request.config_dict[SETTINGS], "code")
