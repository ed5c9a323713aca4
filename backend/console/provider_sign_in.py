"""The way in by the municipality's OpenID provider, and the way out there."""

import json
import logging
from dataclasses import asdict
from datetime import datetime, timedelta
from http import HTTPStatus

from aiohttp import web

from backend.console import sign_in_words
from backend.console.browser import CASEWORKER, go_to
from backend.console.entering import enter, start
from backend.console.page import render
from backend.console.provider_accounts import sign_in_from_provider
from backend.console.refusal_words import Error
from backend.console.rights import Right, needs
from backend.console.sealing import Seal
from backend.identity.documents import AnswerRefused, ProviderUnavailable
from backend.identity.provider import Attempt, OpenIdProvider, SignInRefused
from backend.keys import CLOCK, DATABASE, PROVIDER, SETTINGS

routes = web.RouteTableDef()

ANSWER_PATH = "/sign-in/provider/answer"
_LONGEST_ATTEMPT = timedelta(minutes=10)
_LONGEST_NEXT = 500
# One cookie for each attempt, so that two tabs can sign in side by side.
_ATTEMPT_COOKIE = "digispor_console_attempt_"
_COOKIE_PATH = "/console/sign-in/provider"
_MOST_ATTEMPTS = 5
_logger = logging.getLogger(__name__)


@routes.get("/sign-in/provider", name="provider_sign_in")
@needs(Right.PUBLIC)
async def go_to_provider(request: web.Request) -> web.Response:
    """Sends the browser to the provider; with `again`, so that it asks also who is signed in there."""
    attempt = Attempt.new()
    as_another = "again" in request.query
    try:
        address = await _provider(request).sign_in_address(attempt, as_another=as_another)
    except (ProviderUnavailable, AnswerRefused) as fault:
        return _told(request, fault)
    response = go_to(address)
    _forget_old_attempts(request, response)
    _keep(request, response, attempt)
    return response


@routes.get(ANSWER_PATH, name="provider_answer")
@needs(Right.PUBLIC)
async def take_answer(request: web.Request) -> web.Response:
    """Signs in whom the provider has let in, and goes on to the page that was asked for."""
    provider = _provider(request)
    kept = _kept(request, request.query.get("state", ""))
    if kept is None:
        # The back button, or the same answer a second time.
        return (
            go_to(start(request)) if CASEWORKER in request else _failed(request, sign_in_words.TOO_OLD, 400)
        )
    attempt, next_page = kept
    try:
        identity = await provider.identity(attempt, request.query)
    except (ProviderUnavailable, AnswerRefused, SignInRefused) as fault:
        response = _told(request, fault)
    else:
        shared = request.config_dict
        sealed = _id_token_seal(request).close(identity.id_token)
        token = await sign_in_from_provider(
            shared[DATABASE], shared[CLOCK](), shared[SETTINGS], identity, sealed
        )
        if token is None:
            response = _failed(request, sign_in_words.NO_ACCESS, HTTPStatus.FORBIDDEN, as_another=True)
        else:
            response = await enter(request, token, next_page)
    response.del_cookie(_ATTEMPT_COOKIE + attempt.state, path=_COOKIE_PATH)
    return response


async def leave_provider(request: web.Request, sealed_id_token: str) -> web.Response:
    """A page that leads on to the provider's own way out; the session here has ended already.

    No redirect, because the browser lets a form lead to our own pages only.
    """
    id_token = _id_token_seal(request).open(sealed_id_token)
    provider = request.config_dict.get(PROVIDER)
    if id_token is None or provider is None:
        return _signed_out(request, None)
    back_to = request.config_dict[SETTINGS].public_url.rstrip("/") + str(
        request.app.router["sign_in"].url_for()
    )
    try:
        return _signed_out(request, await provider.sign_out_address(id_token, back_to))
    except (ProviderUnavailable, AnswerRefused) as fault:
        _logger.warning("Somebody could not be led to the provider's way out: %s", fault)
        return _signed_out(request, None)


def _signed_out(request: web.Request, address: str | None) -> web.Response:
    # The page is for nobody who is signed in.
    del request[CASEWORKER]
    return render(request, "signed_out.html", {"address": address})


def _provider(request: web.Request) -> OpenIdProvider:
    provider = request.config_dict.get(PROVIDER)
    if provider is None:
        raise web.HTTPNotFound
    return provider


def _told(request: web.Request, fault: Exception) -> web.Response:
    match fault:
        case SignInRefused():
            return _failed(request, sign_in_words.SAID_NO, HTTPStatus.FORBIDDEN)
        case ProviderUnavailable():
            _logger.warning("The OpenID provider does not answer: %s", fault)
            return _failed(request, sign_in_words.UNAVAILABLE, HTTPStatus.SERVICE_UNAVAILABLE)
        case _:
            _logger.error("The OpenID provider's answer was refused: %s", fault)
            return _failed(request, sign_in_words.WRONG_ANSWER, HTTPStatus.BAD_GATEWAY)


def _failed(request: web.Request, error: Error, status: int, *, as_another: bool = False) -> web.Response:
    heading, explanation = error
    context = {
        "heading": heading,
        "explanation": explanation,
        "as_another": as_another,
        "has_local": request.config_dict[SETTINGS].local_sign_in,
    }
    return render(request, "sign_in_failed.html", context, status=status)


def _keep(request: web.Request, response: web.Response, attempt: Attempt) -> None:
    """Leaves with the browser, sealed, what nobody else could come back with."""
    kept = {
        **asdict(attempt),
        "next": request.query.get("next", "")[:_LONGEST_NEXT],
        "begun": request.config_dict[CLOCK]().isoformat(),
    }
    response.set_cookie(
        _ATTEMPT_COOKIE + attempt.state,
        _attempt_seal(request).close(json.dumps(kept), about=attempt.state),
        path=_COOKIE_PATH,
        max_age=int(_LONGEST_ATTEMPT.total_seconds()),
        httponly=True,
        secure=request.config_dict[SETTINGS].is_https,
        samesite="Lax",
    )


def _kept(request: web.Request, state: str) -> tuple[Attempt, str] | None:
    """The attempt that this browser began, with the page it is for; None when it did not, or long ago."""
    opened = _attempt_seal(request).open(request.cookies.get(_ATTEMPT_COOKIE + state, ""), about=state)
    if opened is None:
        return None
    kept = json.loads(opened)
    if request.config_dict[CLOCK]() - datetime.fromisoformat(kept["begun"]) > _LONGEST_ATTEMPT:
        return None
    return Attempt(kept["state"], kept["nonce"], kept["verifier"]), kept["next"]


def _forget_old_attempts(request: web.Request, response: web.Response) -> None:
    """Takes the cookies of attempts that were never finished, before they are too many for one request."""
    begun = [name for name in request.cookies if name.startswith(_ATTEMPT_COOKIE)]
    if len(begun) >= _MOST_ATTEMPTS:
        for name in begun:
            response.del_cookie(name, path=_COOKIE_PATH)


def _attempt_seal(request: web.Request) -> Seal:
    return Seal(request.config_dict[SETTINGS], "attempt")


def _id_token_seal(request: web.Request) -> Seal:
    return Seal(request.config_dict[SETTINGS], "id token")
