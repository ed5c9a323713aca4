"""What holds for all that Rasa's server takes and answers, whichever channel it is for."""

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

# Room for far more than the intake keeps, so that a long message is cut and answered rather than dropped.
MAX_MESSAGE_BYTES = 200_000
HEADERS = {
    # None of it is a page.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # What citizens have told is not left behind in a shared browser.
    "Cache-Control": "no-store",
}


def guard(app: Sanic) -> None:
    """Bounds what the server takes, before it is read, and gives every answer its headers."""
    app.config.REQUEST_MAX_SIZE = MAX_MESSAGE_BYTES
    app.config.WEBSOCKET_MAX_SIZE = MAX_MESSAGE_BYTES
    app.register_middleware(_add_headers, "response")


async def _add_headers(_: Request, response: HTTPResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
