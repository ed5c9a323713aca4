"""/health: is the process alive, and can it do its work?"""

import json
from typing import Any

from aiohttp import web
from sqlalchemy import text

from backend.db import Database
from backend.db.migrate import current_revision, newest_revision
from backend.keys import DATABASE
from backend.problems import DatabaseUnavailable
from backend.settings import PROJECT_ROOT

DANISH_MODEL = PROJECT_ROOT / "models" / "spacy" / "in-use.json"
routes = web.RouteTableDef()


@routes.get("/health/live")
async def live(_: web.Request) -> web.Response:
    """The process answers."""
    return web.json_response({"status": "ok"})


@routes.get("/health/ready")
async def ready(request: web.Request) -> web.Response:
    """Whether the database answers with the schema that the code expects; and the Danish model in use."""
    database = await _database_state(request.app[DATABASE])
    ok = database == "ok"
    body = {
        "status": "ok" if ok else "unavailable",
        "database": database,
        "danish_model": _danish_model(),
    }
    return web.json_response(body, status=200 if ok else 503)


async def _database_state(database: Database) -> str:
    try:
        async with database.read() as work:
            await work.session.execute(text("SELECT 1"))
            revision = await current_revision(await work.session.connection())
    except DatabaseUnavailable:
        return "unavailable"
    return "ok" if revision == newest_revision() else "not-migrated"


def _danish_model() -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(DANISH_MODEL.read_text("utf-8"))
    except FileNotFoundError:
        return None
    return found
