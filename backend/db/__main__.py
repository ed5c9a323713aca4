"""`python -m backend.db COMMAND`: migrates the database, seals it anew, and says who may do what."""

import argparse
import asyncio
import os
import sys

from sqlalchemy.exc import DBAPIError

from backend.db import ContactKeys, Database, migrate
from backend.db.cleaning import clean
from backend.db.engine import create_engine
from backend.db.resealing import count_left, reseal, unknown_keys
from backend.db.roles import grant
from backend.problems import DatabaseUnavailable
from backend.settings import Settings, load_settings

_TRIES_TO_CLEAN = 20


async def _current(url: str) -> None:
    engine = create_engine(url, wait_seconds=migrate.WAIT_SECONDS)
    try:
        async with engine.connect() as connection:
            print(await migrate.current_revision(connection) or "empty", "of", migrate.newest_revision())
    finally:
        await engine.dispose()


async def _upgrade(settings: Settings) -> None:
    keys = ContactKeys.of(settings)
    before = await _upgraded(settings.resolved_database_url, keys)
    database = Database.of(settings)
    try:
        unknown = await unknown_keys(database)
        if unknown:
            raise SystemExit(
                f"Names and numbers are sealed with {', '.join(sorted(unknown))}, which DIGISPOR_CONTACT_KEY "
                "does not hold. Add the key that is missing behind the others."
            )
        # What a migration has rewritten is not to be left in the files.
        if before and not await _is_clean(database):
            print("The files still hold what was rewritten: run reseal when nobody uses the database.")
    finally:
        await database.dispose()
    print("database: at revision", migrate.newest_revision())


async def _upgraded(url: str, keys: ContactKeys) -> bool:
    """Upgrades; tells whether there was something from before to rewrite."""
    engine = create_engine(url, wait_seconds=migrate.WAIT_SECONDS)
    try:
        async with engine.connect() as connection:
            before = await migrate.current_revision(connection)
    finally:
        await engine.dispose()
    await migrate.upgrade(url, keys=keys)
    return before not in (None, migrate.newest_revision())


async def _reseal(settings: Settings) -> int:
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        if sys.stderr.isatty():
            print(f"\r{done} rækker", end="", file=sys.stderr, flush=True)

    database = Database.of(settings)
    keys = ContactKeys.of(settings)
    try:
        resealed = await reseal(database, tell)
        left = await count_left(database)
        is_clean = await _is_clean(database)
    finally:
        await database.dispose()
    print(f"{resealed.rows} rækker er forseglet på ny. Den nyeste nøgle hedder {keys.mark[2:-1]}.")
    if resealed.unreadable:
        faults = ", ".join(f"{place} ({count})" for place, count in sorted(resealed.unreadable.items()))
        print(f"Ingen af nøglerne kan åbne: {faults}. Find den nøgle, der mangler, og sæt den bagest.")
        return 1
    if left:
        print(
            f"{left} rækker er stadig forseglet med en ældre nøgle: En backend kører med den som den nyeste. "
            "Start den igen, og kør kommandoen igen."
        )
        return 1
    if not is_clean:
        print("Databasens filer kunne ikke renses nu. Kør kommandoen igen, når der er ro på.")
        return 1
    if keys.count > 1:
        print("Nu kan de ældre nøgler fjernes fra DIGISPOR_CONTACT_KEY. Start Digispor igen bagefter.")
    return 0


async def _is_clean(database: Database) -> bool:
    """Leaves nothing in the files that an older key opens; tells whether it could be done."""
    for _ in range(_TRIES_TO_CLEAN):
        try:
            await clean(database)
        except DatabaseUnavailable:
            await asyncio.sleep(1)
        else:
            return True
    return False


async def _grant(url: str, role: str) -> int:
    try:
        await grant(url, role)
    except ValueError:
        print("Kun PostgreSQL har roller.", file=sys.stderr)
    except DBAPIError as error:
        print(f"{role} fik ingen rettigheder: {error.orig}", file=sys.stderr)
    else:
        print(f"{role} kan læse og skrive rækker, og intet andet.")
        return 0
    return 1


def main() -> int:
    """Reads the command line and runs one command on the configured database."""
    parser = argparse.ArgumentParser(prog="python -m backend.db", description="The backend's database")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("upgrade", help="bring the database up to the newest revision")
    commands.add_parser("downgrade", help="take it back").add_argument("revision")
    commands.add_parser("current", help="show the revision it is at")
    commands.add_parser("check", help="fail if the tables and the migrations differ")
    commands.add_parser("revision", help="draft a migration").add_argument("message")
    commands.add_parser("reseal", help="seal names and numbers anew with the newest key")
    commands.add_parser("grant", help="let a role do what the backend does, and no more").add_argument("role")
    arguments = parser.parse_args()

    # What it writes is about citizens: nobody else on the machine reads it.
    os.umask(0o077)
    settings = load_settings()
    url = settings.resolved_database_url
    match arguments.command:
        case "upgrade":
            asyncio.run(_upgrade(settings))
        case "downgrade":
            asyncio.run(migrate.downgrade(url, arguments.revision, keys=ContactKeys.of(settings)))
        case "current":
            asyncio.run(_current(url))
        case "check":
            asyncio.run(migrate.check(url))
        case "revision":
            asyncio.run(migrate.revision(url, arguments.message))
        case "reseal":
            return asyncio.run(_reseal(settings))
        case "grant":
            return asyncio.run(_grant(url, arguments.role))
    return 0


if __name__ == "__main__":
    sys.exit(main())
