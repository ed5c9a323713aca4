"""The page at /: a municipality's page as it looks with the chat on it."""

from urllib.parse import urlsplit

import aiohttp_jinja2
from aiohttp import web

from backend.keys import MUNICIPALITY, SETTINGS

routes = web.RouteTableDef()


@routes.get("/")
async def demo_page(request: web.Request) -> web.Response:
    """The page, with the chat on it and the phone number for who cannot use it."""
    settings = request.app[SETTINGS]
    context = {"municipality": request.app[MUNICIPALITY], "chat_url": settings.chat_url}
    response = aiohttp_jinja2.render_template("demo.html", request, context)
    response.headers["Content-Security-Policy"] = _content_security_policy(settings.chat_url)
    return response


def _content_security_policy(chat_url: str) -> str:
    chat = urlsplit(chat_url)
    socket_scheme = "wss" if chat.scheme == "https" else "ws"
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            # The widget styles its shadow root itself.
            "style-src 'self' 'unsafe-inline'",
            "font-src 'self'",
            "img-src 'self' data:",
            f"connect-src {chat.scheme}://{chat.netloc} {socket_scheme}://{chat.netloc}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )
