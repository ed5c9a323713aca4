"""One log line a request, as JSON, with nothing in it about who asked for what."""

import json
import logging
import time
from datetime import UTC, datetime

from aiohttp import web
from aiohttp.typedefs import Handler

_access = logging.getLogger("digispor.access")


class JsonFormatter(logging.Formatter):
    """Writes a log record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line of JSON."""
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def configure_logging() -> None:
    """Sends every log line to standard error as JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # Alembic tells about itself each time the readiness check asks for the revision.
    logging.getLogger("alembic").setLevel(logging.WARNING)


@web.middleware
async def log_access(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Logs method, route, status and duration; the route's template, because a path can name a citizen."""
    began = time.perf_counter()
    status = 500
    try:
        response = await handler(request)
        status = response.status
        return response
    except web.HTTPException as error:
        status = error.status
        raise
    finally:
        resource = request.match_info.route.resource
        fields = {
            "method": request.method,
            "route": resource.canonical if resource else "(none)",
            "status": status,
            "milliseconds": round((time.perf_counter() - began) * 1000, 1),
        }
        _access.info("%(method)s %(route)s %(status)s", fields, extra={"fields": fields})
