"""What stands before every page of the console."""

import logging
import math
import time
from collections.abc import Collection, Iterable
from datetime import timedelta
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.log import AuditLog
from backend.audit.repository import AuditRepository
from backend.audit.tables import AuditOutcome
from backend.console.accounts import AccountService
from backend.console.browser import (
    CASEWORKER,
    CSRF_FIELD,
    FORM_COOKIE,
    NEW_FORM_COOKIE,
    SESSION_COOKIE,
    has_csrf_token,
    lead_to,
    set_cookie,
)
from backend.console.duties import DUTY, duty_of
from backend.console.page import render
from backend.console.refusal_words import ERRORS, NOT_ALLOWED, OTHER_ERROR, REFUSALS, Error
from backend.console.repository import AccountRepository
from backend.console.rights import is_public, needed_right
from backend.console.subjects import subject_of
from backend.keys import CLOCK, DATABASE, PACE, SETTINGS
from backend.problems import NotAllowed, Problem

SIGN_IN = "sign_in"
BY_ITSELF = "X-By-Itself"
"""Header of what a page asks for without anybody having pressed anything."""
_EVENTS = "text/event-stream"
_IS_NOTED = web.RequestKey("is_noted", bool)
_LISTED: web.RequestKey[list[str]] = web.RequestKey("listed", list)
_VISIT: web.RequestKey[Collection[str]] = web.RequestKey("visit", list)
_VISIT_LASTS = timedelta(hours=1)
_SIGN_OF_LIFE = "console_sign_of_life"
_READING = frozenset({"GET", "HEAD"})
_logger = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    ),
    # What citizens have told is not left behind in a shared browser.
    "Cache-Control": "no-store",
}


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Adds the headers that every answer of the console has."""
    response.headers.update(HEADERS)


@web.middleware
async def tell_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers what goes wrong with a page that says what happened and what to do."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        return _error_page(request, error.status)
    except NotAllowed as problem:
        return _error_page(request, problem.status, NOT_ALLOWED)
    except Problem as problem:
        return _error_page(request, problem.status, REFUSALS.get(problem.slug))
    except ConnectionResetError:
        # Whoever sent it left before it was here: nothing is done, and nobody reads the answer.
        return _error_page(request, HTTPStatus.BAD_REQUEST)
    except Exception:
        _logger.exception("A page of the console failed")
        return _error_page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


@web.middleware
async def admit_caseworkers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lets nobody but caseworkers who have signed in reach a page, known or unknown, except the way in."""
    await _recognise(request)
    if CASEWORKER not in request and not is_public(request):
        raise _to_sign_in(request)
    response = await handler(request)
    if NEW_FORM_COOKIE in request:
        set_cookie(request, response, FORM_COOKIE, request[NEW_FORM_COOKIE])
    return response


@web.middleware
async def refuse_forged_forms(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Takes a form only with the token that its page was given."""
    if request.method not in _READING:
        form = await request.post()
        if not has_csrf_token(request, form.get(CSRF_FIELD)):
            raise web.HTTPForbidden
    return await handler(request)


@web.middleware
async def demand_rights(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Shows a page only to those who have the right it asks for, and to nobody one that asks for none."""
    is_a_page = request.match_info.http_exception is None
    if is_a_page and not is_public(request) and not request[CASEWORKER].may(needed_right(request)):
        raise NotAllowed
    return await handler(request)


@web.middleware
async def note_in_audit(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lets nobody see or change anything that is not noted in the audit log.

    A change is noted before it is made; what is read, after it is known what it shows and before it is.
    """
    if request.match_info.http_exception is not None or is_public(request):
        return await handler(request)
    if request.method not in _READING:
        if not hasattr(request.match_info.handler, _SIGN_OF_LIFE):
            await _note(request, AuditOutcome.ATTEMPTED)
        return await handler(request)
    try:
        response = await handler(request)
    except (Problem, web.HTTPException) as refusal:
        if refusal.status >= HTTPStatus.BAD_REQUEST:
            await _note(request, AuditOutcome.REFUSED)
        raise
    if not request.get(_IS_NOTED) and not await _is_noted_lately(request):
        await note_shown(request)
    return response


def sign_of_life(handler: Handler) -> Handler:
    """Declares that a form tells nothing but that a page is still open, which is no change to note."""
    setattr(handler, _SIGN_OF_LIFE, True)
    return handler


def continue_visit(request: web.Request, *actions: str) -> None:
    """Says that an open page adds this to itself, and by which pages it was opened.

    Such a page asks again with every message. That somebody reads a conversation is noted when they open it,
    and once an hour while it is open; a row for each message would say no more, and bury what is looked for.
    """
    request[_VISIT] = actions


async def note_shown(request: web.Request) -> None:
    """Notes that a page is shown. One that lasts for as long as somebody reads it does so itself, first."""
    await _note(request, AuditOutcome.SHOWN)
    request[_IS_NOTED] = True


def note_listed(request: web.Request, conversation_ids: Iterable[str]) -> None:
    """Tells the audit log of which conversations a page that is about several shows something."""
    request[_LISTED] = [*request.get(_LISTED, []), *conversation_ids]


async def is_still_admitted(request: web.Request, session: AsyncSession) -> bool:
    """Whether who asks may see the page as things stand now; from here on it is about the rights of now."""
    accounts = AccountService(AccountRepository(session), request.config_dict[CLOCK]())
    caseworker, _ = await accounts.caseworker(request.cookies[SESSION_COOKIE])
    if caseworker is None or not caseworker.may(needed_right(request)):
        return False
    if await duty_of(session, request.config_dict[SETTINGS], caseworker.id) is not None:
        return False
    request[CASEWORKER] = caseworker
    return True


class Admission:
    """The right to go on hearing, which is looked at again as often as a stream gives a sign of life."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self._looked_at = -math.inf

    async def demand(self) -> None:
        """Asks for it.

        Raises:
            NotAllowed: They may not, or not any more.
        """
        shared, now = self._request.config_dict, time.monotonic()
        if now - self._looked_at < shared[PACE].sign_of_life:
            return
        async with shared[DATABASE].read() as work:
            if not await is_still_admitted(self._request, work.session):
                raise NotAllowed
        self._looked_at = now


async def _note(request: web.Request, outcome: AuditOutcome) -> None:
    resource = request.match_info.route.resource
    shared = request.config_dict
    async with shared[DATABASE].write() as work:
        subject = await subject_of(request, work.session)
        await AuditLog(work.session, shared[SETTINGS], shared[CLOCK]()).note(
            actor=request[CASEWORKER].login,
            action=(resource and resource.name) or request.match_info.handler.__name__,
            outcome=outcome,
            conversation_id=request.match_info.get("conversation_id", subject.conversation_id),
            listed=sorted(set(request.get(_LISTED, []))),
            about=subject.about,
        )
        await work.commit()


async def _is_noted_lately(request: web.Request) -> bool:
    """Whether all that is shown was noted within the visit that this is a part of."""
    if _VISIT not in request:
        return False
    now = request.config_dict[CLOCK]()
    async with request.config_dict[DATABASE].read() as work:
        opened, listed = await AuditRepository(work.session).seen(
            request[CASEWORKER].login, request[_VISIT], now - _VISIT_LASTS
        )
    conversation_id = request.match_info.get("conversation_id")
    return (conversation_id is None or conversation_id in opened) and listed.issuperset(
        request.get(_LISTED, [])
    )


async def _recognise(request: web.Request) -> None:
    token = request.cookies.get(SESSION_COOKIE)
    if not token:
        return
    database, now = request.config_dict[DATABASE], request.config_dict[CLOCK]()
    async with database.read() as work:
        accounts = AccountService(AccountRepository(work.session), now)
        caseworker, is_to_be_renewed = await accounts.caseworker(token)
        if caseworker is None:
            return
        duty = await duty_of(work.session, request.config_dict[SETTINGS], caseworker.id)
    request[CASEWORKER] = caseworker
    if duty is not None:
        request[DUTY] = duty
    if is_to_be_renewed and not _comes_by_itself(request):
        async with database.write() as work:
            await AccountService(AccountRepository(work.session), now).renew_session(token)
            await work.commit()


def _comes_by_itself(request: web.Request) -> bool:
    """Whether a page asks for news of itself, which it does whether or not anybody sits before it."""
    return request.headers.get("Accept") == _EVENTS or BY_ITSELF in request.headers


def _to_sign_in(request: web.Request) -> web.HTTPException:
    address = request.app.router[SIGN_IN].url_for()
    # A part of a page is not what to come back to.
    if request.method in _READING and "HX-Request" not in request.headers:
        address = address.with_query(next=request.path_qs)
    return lead_to(request, address)


def _error_page(request: web.Request, status: int, error: Error | None = None) -> web.Response:
    heading, explanation = error or ERRORS.get(status, OTHER_ERROR)
    context = {"heading": heading, "explanation": explanation}
    return render(request, "error.html", context, status=status)
