"""What whoever looks after the action server sees of it: health, metrics, and the message's id in its log."""

import time

from sanic import Request, Sanic, response
from sanic.response import HTTPResponse

from actions.backend_client import backend
from actions.outbox import outbox
from actions.settings import ActionSettings
from observability import correlation, metrics
from observability.room import has_room


def add_operations(app: Sanic) -> None:
    """Adds the routes, and lets each call of an action go on under the id of the message that caused it."""

    @app.on_request
    async def take_correlation(request: Request) -> None:
        correlation.take(_correlation_of(request))

    @app.get("/health/live")
    async def live(_: Request) -> HTTPResponse:
        """The process answers."""
        return response.json({"status": "ok"})

    @app.get("/health/ready")
    async def ready(_: Request) -> HTTPResponse:
        """Says 200 when the backend can serve too, and what it cannot do at once can be kept."""
        parts = {
            "backend": "ok" if await backend().is_ready() else "unavailable",
            "outbox": "ok" if outbox().is_writable() else "not-writable",
            "disk": "ok" if has_room(ActionSettings.from_environment().data_dir) else "full",
        }
        ok = set(parts.values()) == {"ok"}
        body = {"status": "ok" if ok else "unavailable", **parts}
        return response.json(body, status=200 if ok else 503)

    @app.get(metrics.PATH)
    async def tell_metrics(request: Request) -> HTTPResponse:
        """Everything that is counted here."""
        settings = ActionSettings.from_environment()
        if not metrics.may_read(request.headers.get("Authorization"), settings.metrics_token):
            return response.json({"status": 401}, status=401, headers={"WWW-Authenticate": "Bearer"})
        body = metrics.exposition([outbox().queue(time.time())], settings.data_dir)
        return response.raw(body, content_type=metrics.CONTENT_TYPE)


def _correlation_of(request: Request) -> object:
    """What Rasa noted beside the message; Rasa sends headers of its own only."""
    if request.path != "/webhook" or request.headers.get("Content-Encoding"):
        return None
    try:
        message = request.json["tracker"]["latest_message"]
        return message["metadata"][correlation.METADATA]
    except Exception:
        # Whatever came, what it is worth is for the route to tell.
        return None
