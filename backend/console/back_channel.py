"""Where the OpenID provider tells that somebody has signed out there, or was signed out."""

import logging

from aiohttp import web

from backend.console.provider_accounts import sign_out_by_provider
from backend.identity.documents import AnswerRefused, ProviderUnavailable
from backend.keys import CLOCK, DATABASE, PROVIDER, SETTINGS
from backend.problems import DatabaseUnavailable

routes = web.RouteTableDef()

_logger = logging.getLogger(__name__)


@routes.post("/openid/sign-out")
async def sign_out(request: web.Request) -> web.Response:
    """Ends the sessions that a logout token names.

    It stands outside the console, whose forms come from its own pages: here the token itself says who asks.
    """
    shared = request.config_dict
    try:
        ended = await shared[PROVIDER].ended(str((await request.post()).get("logout_token", "")))
        await sign_out_by_provider(
            shared[DATABASE], shared[CLOCK](), shared[SETTINGS], shared[PROVIDER].issuer, ended
        )
    except AnswerRefused as fault:
        _logger.warning("A sign-out by the OpenID provider was refused: %s", fault)
        return _answer(400)
    except (ProviderUnavailable, DatabaseUnavailable):
        return _answer(503)
    return _answer(200)


def _answer(status: int) -> web.Response:
    return web.Response(status=status, headers={"Cache-Control": "no-store"})
