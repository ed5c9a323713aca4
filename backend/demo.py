"""`python -m backend.demo` fills the database with a demo municipality; it adds only what is missing."""

import asyncio
from datetime import datetime

from backend.booking import demo as booking_demo
from backend.clock import utc_now
from backend.console.accounts import ensure_account
from backend.console.rights import EVERYTHING
from backend.db import Database
from backend.municipality import load_municipality
from backend.settings import Settings, load_settings
from backend.tracks.demo import TRACKS
from backend.tracks.repository import TrackRepository

CASEWORKER = "Demo Medarbejder"


async def seed(database: Database, settings: Settings, now: datetime) -> None:
    """Adds the tracks, the consultants and four weeks of slots, in one transaction, and a caseworker.

    The caseworker may do everything, so there is none where the console has an address for others than this
    machine.
    """
    municipality = load_municipality(settings.municipality_path)
    async with database.write() as work:
        tracks = TrackRepository(work.session)
        for track in TRACKS:
            await tracks.add_if_absent(track)
        await booking_demo.fill(work.session, municipality, now)
        await work.commit()
    if settings.demo_password and not settings.is_https:
        await ensure_account(
            database,
            now,
            login=settings.demo_login,
            name=CASEWORKER,
            password=settings.demo_password.get_secret_value(),
            grants=EVERYTHING,
        )


async def _run(settings: Settings) -> None:
    database = Database.of(settings)
    try:
        await seed(database, settings, utc_now())
    finally:
        await database.dispose()


def main() -> None:
    """Seeds the configured database."""
    asyncio.run(_run(load_settings()))
    print("demo data: in place")


if __name__ == "__main__":
    main()
