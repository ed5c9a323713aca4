"""/metrics: what Prometheus reads, with a token of its own."""

import asyncio
from collections.abc import Sequence

from aiohttp import web
from prometheus_client import Gauge

from backend.db import Database
from backend.db.unit_of_work import StatementRefused
from backend.keys import CLOCK, DATABASE, SETTINGS
from backend.operations.queues import QueueRepository
from backend.problems import DatabaseUnavailable
from observability import metrics

routes = web.RouteTableDef()
_DATABASE_UP = Gauge("digispor_database_up", "Whether the database answers")


@routes.get(metrics.PATH)
async def tell_metrics(request: web.Request) -> web.Response:
    """Everything that is counted here. While the database is away, its queues are left out."""
    settings = request.app[SETTINGS]
    token = settings.metrics_token.get_secret_value()
    if not metrics.may_read(request.headers.get("Authorization"), token):
        raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
    queues = await _queues(request)
    body = await asyncio.to_thread(metrics.exposition, queues, settings.data_path)
    return web.Response(body=body, headers={"Content-Type": metrics.CONTENT_TYPE})


async def _queues(request: web.Request) -> Sequence[metrics.Queue]:
    database: Database = request.app[DATABASE]
    try:
        async with database.read() as work:
            queues = await QueueRepository(work.session, request.app[CLOCK]()).all()
    except (DatabaseUnavailable, StatementRefused):
        # The second where the tables are not those of the code.
        _DATABASE_UP.set(0)
        return []
    _DATABASE_UP.set(1)
    return queues
