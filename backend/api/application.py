"""Mounts the declared routes as an aiohttp application that answers every error as problem+json."""

import json
import logging
from collections.abc import Sequence
from functools import cache

from aiohttp import web
from aiohttp.typedefs import Handler

from backend import VERSION
from backend.api import openapi
from backend.api.dispatch import RouteHandler
from backend.api.routes import Route
from backend.problems import (
    PROBLEM_BASE,
    BodyTooLarge,
    InternalError,
    MethodNotAllowed,
    NotFound,
    Problem,
    Unauthorized,
)

API_PREFIX = "/api/v1"
_logger = logging.getLogger(__name__)
_BY_STATUS: dict[int, type[Problem]] = {
    problem.status: problem for problem in (NotFound, MethodNotAllowed, BodyTooLarge)
}


def create_api(routes: Sequence[Route]) -> web.Application:
    """The application to mount at /api/v1, with its own OpenAPI document at /openapi.json."""
    api = web.Application(middlewares=[answer_problems])
    api.on_response_prepare.append(_keep_nowhere)

    # Few ask for it; without it the application is made in half the time.
    @cache
    def document() -> str:
        return json.dumps(openapi.document(routes, VERSION, API_PREFIX), ensure_ascii=False)

    async def serve_document(_: web.Request) -> web.Response:
        return web.Response(text=document(), content_type="application/json")

    api.router.add_get("/openapi.json", serve_document, allow_head=False)
    for route in routes:
        api.router.add_route(route.method, route.path, RouteHandler(route).__call__)
    return api


async def _keep_nowhere(_: web.Request, response: web.StreamResponse) -> None:
    # Answers name citizens; nothing between here and who asked is to keep them.
    response.headers.setdefault("Cache-Control", "no-store")


@web.middleware
async def answer_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns every refusal and failure into problem+json."""
    try:
        return await handler(request)
    except Problem as problem:
        if problem.status >= 500:
            _logger.error("%s", problem.slug, exc_info=problem)
        return problem_response(problem)
    except web.HTTPException as error:
        if error.status not in _BY_STATUS:
            raise
        response = problem_response(_BY_STATUS[error.status]())
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
        return response
    except Exception:
        _logger.exception("A request failed")
        return problem_response(InternalError())


def problem_response(problem: Problem) -> web.Response:
    """A problem as RFC 9457 writes it."""
    body = {
        "type": PROBLEM_BASE + problem.slug,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = problem.errors
    headers = {"WWW-Authenticate": "Bearer"} if isinstance(problem, Unauthorized) else {}
    return web.Response(
        status=problem.status,
        text=json.dumps(body, ensure_ascii=False),
        content_type="application/problem+json",
        headers=headers,
    )
