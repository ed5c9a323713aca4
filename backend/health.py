"""/health: is the process alive, and can it do its work?"""

import json
from typing import Any

from aiohttp import web
from sqlalchemy import text

from backend.db import Database
from backend.db.migrate import current_revision, newest_revision
from backend.db.unit_of_work import StatementRefused
from backend.keys import DATABASE, SETTINGS
from backend.problems import DatabaseUnavailable
from backend.settings import PROJECT_ROOT
from observability.room import has_room

DANISH_MODEL = PROJECT_ROOT / "models" / "spacy" / "in-use.json"
routes = web.RouteTableDef()


@routes.get("/health/live")
async def live(_: web.Request) -> web.Response:
    """The process answers."""
    return web.json_response({"status": "ok"})


@routes.get("/health/ready")
async def ready(request: web.Request) -> web.Response:
    """Whether the database takes writes with the schema that the code expects, and there is room on the disk.

    And the Danish model in use.
    """
    database = await _database_state(request.app[DATABASE])
    disk = "ok" if has_room(request.app[SETTINGS].data_path) else "full"
    ok = database == disk == "ok"
    body = {
        "status": "ok" if ok else "unavailable",
        "database": database,
        "disk": disk,
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
    if revision != newest_revision():
        return "not-migrated"
    return "ok" if await _takes_writes(database) else "not-writable"


async def _takes_writes(database: Database) -> bool:
    """Tries a write that changes nothing; a database that is read-only or locked for long refuses it."""
    try:
        async with database.write() as work:
            await work.session.execute(text("UPDATE change_counter SET number = number WHERE id = 0"))
    except (DatabaseUnavailable, StatementRefused):
        return False
    return True


def _danish_model() -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(DANISH_MODEL.read_text("utf-8"))
    except FileNotFoundError:
        return None
    return found
