"""How fast the console's pages are with 100,000 conversations and 5 million events stored.

`make bench-console` runs it: a database of its own is filled once and used again, the backend is started on
it, and signed-in caseworkers ask for pages one after another. With DIGISPOR_TEST_POSTGRES_URL, or
--postgres, on that server; otherwise on SQLite.
"""

import argparse
import asyncio
import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from backend.clock import utc_now
from backend.console.accounts import save_account
from backend.db import Database
from backend.tracks.demo import TRACKS
from backend.tracks.repository import TrackRepository
from benchmarks.console.databases import MeasuredDatabase, PostgresDatabase, SqliteFile, ensure_filled
from benchmarks.console.filling import Scale
from benchmarks.console.language import Language
from benchmarks.console.measuring import TARGET_SECONDS, Times, measure, signed_in
from benchmarks.console.pages import Page, Reader, pages_of, readers
from benchmarks.console.stores import CONTACT_KEY, KEYS
from benchmarks.house import BACKEND, House
from benchmarks.report import ROOT, table

FOLDER = ROOT / "results" / "console"


async def run(
    database: MeasuredDatabase, scale: Scale, folder: Path, times: int, only: str = ""
) -> list[Times]:
    """Fills the database where needed, and measures every page.

    Args:
        database: The database.
        scale: How much it is to hold.
        folder: Where the backend keeps its log.
        times: How often each kind of page is asked for.
        only: Part of the names of the pages to measure; empty for all.
    """
    language = Language()
    with tqdm(total=scale.events, unit=" events", desc="filling", leave=False) as bar:
        await ensure_filled(database, scale, language, bar.update)
    print(f"database: {database.place}")
    password = secrets.token_urlsafe(16)
    plan = await _prepare(database, language, scale.long_turns, password)
    plan = {reader: [page for page in pages if only in page.name] for reader, pages in plan.items()}
    house = House(folder)
    house.settings = {
        "DIGISPOR_DATABASE_URL": database.url,
        "DIGISPOR_CONTACT_KEY": CONTACT_KEY,
        "DIGISPOR_MUNICIPALITY": str(_keeping_for_years(folder)),
    }
    house.start(BACKEND)
    try:
        return await _measure(house.backend_url, plan, password, times)
    finally:
        house.stop()


def _keeping_for_years(folder: Path) -> Path:
    """A municipality that keeps everything there is here; ours would have deleted most of it long ago."""
    ours = (ROOT / "municipality.yml").read_text(encoding="utf-8")
    kept = folder / "municipality.yml"
    kept.write_text(re.sub(r"(?m)^retention:.*", "retention: 3 år", ours), encoding="utf-8")
    return kept


async def _prepare(
    measured: MeasuredDatabase, language: Language, long_turns: int, password: str
) -> dict[Reader, list[Page]]:
    """Lets everybody who reads sign in, and finds out what they open."""
    database = Database.from_url(measured.url, write_wait_seconds=30, keys=KEYS)
    try:
        async with database.write() as work:
            for track in TRACKS:
                await TrackRepository(work.session).add_if_absent(track)
            await work.commit()
        async with database.read() as work:
            everybody = await readers(work.session)
            plan = {
                reader: await pages_of(work.session, reader, language, long_turns) for reader in everybody
            }
        for reader in everybody:
            await save_account(
                database,
                utc_now(),
                login=reader.name,
                name=reader.name,
                password=password,
                grants=reader.grants,
            )
        return plan
    finally:
        await database.dispose()


async def _measure(url: str, plan: dict[Reader, list[Page]], password: str, times: int) -> list[Times]:
    measured = []
    with tqdm(total=times * sum(map(len, plan.values())), unit=" pages", leave=False) as bar:
        for reader, pages in plan.items():
            async with signed_in(url, reader.name, password) as session:
                for page in pages:
                    bar.set_description(f"{reader.name}: {page.name}")
                    measured.append(await measure(session, reader.name, page, times, bar.update))
    return measured


def report(measured: Sequence[Times]) -> str:
    """What was measured, in milliseconds."""
    head = ["sees", "page", "n", "median", "p95", "max", f"p95 at most {1000 * TARGET_SECONDS:.0f}"]
    rows = [
        [
            one.reader,
            one.page,
            str(len(one.seconds)),
            *(f"{1000 * seconds:.0f}" for seconds in (one.median, one.p95, max(one.seconds))),
            "yes" if one.is_fast else "**no**",
        ]
        for one in measured
    ]
    return table(head, rows)


def main() -> None:
    """Fills and measures."""
    scale = Scale()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=scale.conversations)
    parser.add_argument("--events", type=int, default=scale.events)
    parser.add_argument("--long-turns", type=int, default=scale.long_turns)
    parser.add_argument("--times", type=int, default=40, help="how often each kind of page is asked for")
    parser.add_argument("--only", default="", help="part of the names of the pages to measure")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--postgres", default=os.environ.get("DIGISPOR_TEST_POSTGRES_URL", ""))
    chosen = parser.parse_args()
    scale = Scale(chosen.conversations, chosen.events, chosen.long_turns)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    database = PostgresDatabase(chosen.postgres) if chosen.postgres else SqliteFile(chosen.folder)
    measured = asyncio.run(run(database, scale, chosen.folder, chosen.times, chosen.only))
    print(report(measured))
    slow = sum(not one.is_fast for one in measured)
    print(f"\n{len(measured) - slow} of {len(measured)} pages at most {1000 * TARGET_SECONDS:.0f} ms at p95")


if __name__ == "__main__":
    main()
