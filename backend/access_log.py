"""One log line a request, with nothing in it about who asked for what, and under the id that it came with."""

import logging
import time

from aiohttp import web
from aiohttp.typedefs import Handler

from backend.operations.instruments import REQUEST_SECONDS
from observability import correlation

_access = logging.getLogger("digispor.access")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@web.middleware
async def log_access(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Logs and counts method, route, status and duration, and answers with the id that all of it went under.

    The route is its template, because a path can name a citizen.
    """
    began = time.perf_counter()
    status = 500
    with correlation.correlated(_id_of(request)):
        try:
            response = await handler(request)
            status = response.status
            if not response.prepared:
                response.headers.update(correlation.headers())
            return response
        except web.HTTPException as error:
            status = error.status
            error.headers.update(correlation.headers())
            raise
        finally:
            _note(request, status, time.perf_counter() - began)


def _id_of(request: web.Request) -> str:
    return correlation.valid(request.headers.get(correlation.HEADER)) or correlation.new_id()


def _note(request: web.Request, status: int, seconds: float) -> None:
    resource = request.match_info.route.resource
    route = resource.canonical if resource else "(none)"
    # What a method is called is the caller's to choose; a metric must not grow with it.
    method = request.method if request.method in _METHODS else "(other)"
    fields = {"method": method, "route": route, "status": status, "milliseconds": round(seconds * 1000, 1)}
    _access.info("%(method)s %(route)s %(status)s", fields, extra={"fields": fields})
    REQUEST_SECONDS.labels(method, route, status).observe(seconds)
