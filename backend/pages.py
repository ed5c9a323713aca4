"""The pages for citizens: the chat by itself, and a municipality's page as it looks with the chat on it."""

import secrets
from urllib.parse import urlsplit

import aiohttp_jinja2
from aiohttp import web

from backend.keys import MUNICIPALITY, SETTINGS
from backend.settings import Settings

routes = web.RouteTableDef()


@routes.get("/")
async def demo_page(request: web.Request) -> web.Response:
    """A page with the chat on it, and the phone number for who cannot use it. No other page may frame it."""
    return _render(request, "demo.html", framed_by="'none'")


@routes.get("/chat")
async def chat_page(request: web.Request) -> web.Response:
    """The chat by itself, for a link, or for a frame on the pages that may hold the chat."""
    settings = request.app[SETTINGS]
    return _render(request, "chat.html", framed_by=" ".join(["'self'", *settings.chat_origins]))


def _render(request: web.Request, template: str, *, framed_by: str) -> web.Response:
    settings = request.app[SETTINGS]
    nonce = secrets.token_urlsafe(16)
    context = {
        "municipality": request.app[MUNICIPALITY],
        "chat_url": settings.chat_url,
        "nonce": nonce,
    }
    response = aiohttp_jinja2.render_template(template, request, context)
    response.enable_compression()
    response.headers["Content-Security-Policy"] = _content_security_policy(settings, nonce, framed_by)
    return response


def _content_security_policy(settings: Settings, nonce: str, framed_by: str) -> str:
    chat = urlsplit(settings.chat_url)
    socket_scheme = "wss" if chat.scheme == "https" else "ws"
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            # The nonce is for the widget's styles in browsers without constructable stylesheets.
            f"style-src 'self' 'nonce-{nonce}'",
            "font-src 'self'",
            "img-src 'self' data:",
            f"connect-src {chat.scheme}://{chat.netloc} {socket_scheme}://{chat.netloc}",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {framed_by}",
        ]
    )
