"""What every way in ends with, and the way out: the session in the browser and in the database."""

from aiohttp import web

from backend.console.accounts import AccountService
from backend.console.browser import FORM_COOKIE, SESSION_COOKIE, drop_cookie, go_to, set_cookie
from backend.console.repository import AccountRepository
from backend.keys import CLOCK, DATABASE


async def enter(request: web.Request, token: str, next_page: str) -> web.Response:
    """Gives the browser a new session and goes on to the page that was asked for."""
    # Someone else may have been signed in here.
    await end_session(request)
    response = go_to(_inside(request, next_page))
    set_cookie(request, response, SESSION_COOKIE, token)
    drop_cookie(request, response, FORM_COOKIE)
    return response


async def end_session(request: web.Request) -> str | None:
    """Ends the browser's session in the database.

    Returns:
        The provider's word that it was opened on, sealed, when there was one.
    """
    token = request.cookies.get(SESSION_COOKIE)
    if not token:
        return None
    async with request.config_dict[DATABASE].write() as work:
        service = AccountService(AccountRepository(work.session), request.config_dict[CLOCK]())
        id_token = await service.end_session(token)
        await work.commit()
    return id_token


def start(request: web.Request) -> str:
    """Where the console begins."""
    return str(request.app.router["start"].url_for())


def _inside(request: web.Request, next_page: str) -> str:
    """The page to go on to: one of our own, never another site's."""
    is_ours = next_page.startswith("/console/") and next_page.isprintable()
    return next_page if is_ours else start(request)
