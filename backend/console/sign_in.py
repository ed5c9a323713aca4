"""The way in and out."""

from aiohttp import web

from backend.console import accounts
from backend.console.browser import CASEWORKER, SESSION_COOKIE, drop_cookie, go_to
from backend.console.code_page import ask_for_code
from backend.console.duties import Duty, despite
from backend.console.entering import end_session, enter, start
from backend.console.guard import SIGN_IN
from backend.console.page import render
from backend.console.provider_sign_in import leave_provider
from backend.console.rights import Right, needs
from backend.keys import CLOCK, DATABASE, PROVIDER, SETTINGS, SIGN_INS
from backend.problems import NotAllowed

routes = web.RouteTableDef()
_LONGEST = 500
_DOES_NOT_FIT, _HAS_RUN_OUT = "does_not_fit", "has_run_out"


@routes.get("/sign-in", name=SIGN_IN)
@needs(Right.PUBLIC)
async def show_sign_in(request: web.Request) -> web.Response:
    """The sign-in form."""
    if CASEWORKER in request:
        raise web.HTTPSeeOther(start(request))
    return _form(request, login="", next_page=request.query.get("next", ""))


@routes.post("/sign-in", name=SIGN_IN)
@needs(Right.PUBLIC)
async def take_sign_in(request: web.Request) -> web.Response:
    """Signs in, and goes on to the page that was asked for."""
    settings = request.config_dict[SETTINGS]
    if not settings.local_sign_in:
        raise NotAllowed
    form = await request.post()
    login, next_page = (str(form.get(name, ""))[:_LONGEST] for name in ("login", "next"))
    password = str(form.get("password", ""))
    database, now = request.config_dict[DATABASE], request.config_dict[CLOCK]()
    pace = request.config_dict[SIGN_INS]
    pace.count(request)
    try:
        token = await accounts.sign_in(database, settings, now, login, password)
    except accounts.CodeNeeded as needed:
        pace.forgive(request)
        return ask_for_code(request, needed.user, next_page)
    except accounts.PasswordRunOut:
        return _form(request, login=login, next_page=next_page, refusal=_HAS_RUN_OUT)
    if token is None:
        return _form(request, login=login, next_page=next_page, refusal=_DOES_NOT_FIT)
    pace.forgive(request)
    return await enter(request, token, next_page)


@routes.post("/sign-out", name="sign_out")
@needs(Right.SIGNED_IN)
@despite(*Duty)
async def sign_out(request: web.Request) -> web.Response:
    """Ends the session, here and in the database, and leads to the provider to end it there."""
    id_token = await end_session(request)
    if id_token:
        response = await leave_provider(request, id_token)
    else:
        response = go_to(str(request.app.router[SIGN_IN].url_for()))
    drop_cookie(request, response, SESSION_COOKIE)
    return response


def _form(request: web.Request, *, login: str, next_page: str, refusal: str = "") -> web.Response:
    context = {
        "login": login,
        "next_page": next_page,
        "refusal": refusal,
        "days": accounts.GIVEN_PASSWORD_LASTS.days,
        "has_provider": PROVIDER in request.config_dict,
        "has_local": request.config_dict[SETTINGS].local_sign_in,
        "attempts": accounts.MAX_ATTEMPTS,
        "minutes": int(accounts.LOCKED.total_seconds() // 60),
    }
    return render(request, "sign_in.html", context, status=401 if refusal else 200)
