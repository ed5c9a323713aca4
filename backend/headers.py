"""What every answer of the backend says to a browser, whatever part of it answers."""

from aiohttp import web

from backend.keys import SETTINGS

_HTTPS_SECONDS = 365 * 24 * 3600


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Adds them; a page that needs something else has said so before."""
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    # For what is not a page and yet could be opened as one: answers of the API, errors, files.
    headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    if request.config_dict[SETTINGS].is_https:
        headers["Strict-Transport-Security"] = f"max-age={_HTTPS_SECONDS}"
    # aiohttp would tell its version and Python's.
    headers["Server"] = "Digispor"
