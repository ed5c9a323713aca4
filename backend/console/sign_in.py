"""The way in and out."""

from aiohttp import web

from backend.console import accounts
from backend.console.browser import (
    CASEWORKER,
    FORM_COOKIE,
    SESSION_COOKIE,
    drop_cookie,
    go_to,
    set_cookie,
)
from backend.console.guard import SIGN_IN
from backend.console.page import render
from backend.console.repository import AccountRepository
from backend.console.rights import Right, needs
from backend.keys import CLOCK, DATABASE

routes = web.RouteTableDef()
# Long enough for any pass phrase, short enough to hash.
_LONGEST = 500


@routes.get("/sign-in", name=SIGN_IN)
@needs(Right.PUBLIC)
async def show_sign_in(request: web.Request) -> web.Response:
    """The sign-in form."""
    if CASEWORKER in request:
        raise web.HTTPSeeOther(_start(request))
    return _form(request, login="", next_page=request.query.get("next", ""), refused=False)


@routes.post("/sign-in", name=SIGN_IN)
@needs(Right.PUBLIC)
async def take_sign_in(request: web.Request) -> web.Response:
    """Signs in, and goes on to the page that was asked for."""
    form = await request.post()
    login, password, next_page = (
        str(form.get(name, ""))[:_LONGEST] for name in ("login", "password", "next")
    )
    database, now = request.config_dict[DATABASE], request.config_dict[CLOCK]()
    token = await accounts.sign_in(database, now, login, password)
    if token is None:
        return _form(request, login=login, next_page=next_page, refused=True)
    # Someone else may have been signed in here.
    await _end_session(request)
    response = go_to(_inside(request, next_page))
    set_cookie(request, response, SESSION_COOKIE, token)
    drop_cookie(request, response, FORM_COOKIE)
    return response


@routes.post("/sign-out", name="sign_out")
@needs(Right.SIGNED_IN)
async def sign_out(request: web.Request) -> web.Response:
    """Ends the session, here and in the database."""
    await _end_session(request)
    response = go_to(str(request.app.router[SIGN_IN].url_for()))
    drop_cookie(request, response, SESSION_COOKIE)
    return response


async def _end_session(request: web.Request) -> None:
    token = request.cookies.get(SESSION_COOKIE)
    if token:
        async with request.config_dict[DATABASE].write() as work:
            now = request.config_dict[CLOCK]()
            await accounts.AccountService(AccountRepository(work.session), now).end_session(token)
            await work.commit()


def _form(request: web.Request, *, login: str, next_page: str, refused: bool) -> web.Response:
    context = {
        "login": login,
        "next_page": next_page,
        "refused": refused,
        "attempts": accounts.MAX_ATTEMPTS,
        "minutes": int(accounts.LOCKED.total_seconds() // 60),
    }
    return render(request, "sign_in.html", context, status=401 if refused else 200)


def _start(request: web.Request) -> str:
    return str(request.app.router["start"].url_for())


def _inside(request: web.Request, next_page: str) -> str:
    """The page to go on to: one of our own, never another site's."""
    is_ours = next_page.startswith("/console/") and next_page.isprintable()
    return next_page if is_ours else _start(request)
