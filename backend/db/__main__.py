"""`python -m backend.db upgrade | downgrade REVISION | current | check | revision MESSAGE`."""

import argparse
import asyncio

from backend.db import ContactKeys, migrate
from backend.db.engine import create_engine
from backend.settings import load_settings


async def _current(url: str) -> None:
    engine = create_engine(url, wait_seconds=migrate.WAIT_SECONDS)
    try:
        async with engine.connect() as connection:
            print(await migrate.current_revision(connection) or "empty", "of", migrate.newest_revision())
    finally:
        await engine.dispose()


def main() -> None:
    """Reads the command line and runs one command on the configured database."""
    parser = argparse.ArgumentParser(prog="python -m backend.db", description="The backend's database schema")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("upgrade", help="bring the database up to the newest revision")
    commands.add_parser("downgrade", help="take it back").add_argument("revision")
    commands.add_parser("current", help="show the revision it is at")
    commands.add_parser("check", help="fail if the tables and the migrations differ")
    commands.add_parser("revision", help="draft a migration").add_argument("message")
    arguments = parser.parse_args()

    settings = load_settings()
    url, keys = settings.resolved_database_url, ContactKeys.of(settings)
    match arguments.command:
        case "upgrade":
            asyncio.run(migrate.upgrade(url, keys=keys))
            print("database: at revision", migrate.newest_revision())
        case "downgrade":
            asyncio.run(migrate.downgrade(url, arguments.revision, keys=keys))
        case "current":
            asyncio.run(_current(url))
        case "check":
            asyncio.run(migrate.check(url))
        case "revision":
            asyncio.run(migrate.revision(url, arguments.message))


if __name__ == "__main__":
    main()
