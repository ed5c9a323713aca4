"""What it costs that an entry of the audit log is chained and signed.

`python -m benchmarks.audit` notes entries in a database of its own, in turns with the same entries written to
a table like it without chain and triggers, one after another and ten at once. With
DIGISPOR_TEST_POSTGRES_URL on that server; otherwise on SQLite.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table
from tqdm import tqdm

from backend.audit.log import AuditLog
from backend.audit.tables import AuditOutcome
from backend.clock import utc_now
from backend.db import Database, UtcDateTime, migrate
from backend.settings import Settings
from benchmarks.console.databases import PostgresDatabase, SqliteFile
from benchmarks.report import table

ROUNDS = 40
ENTRIES = 10
LISTED = [str(uuid4()) for _ in range(20)]
PLAIN = Table(
    "unchained_entries",
    MetaData(),
    Column("position", Integer, primary_key=True),
    Column("at", UtcDateTime(), index=True),
    Column("actor", String(200), index=True),
    Column("action", String(100)),
    Column("outcome", String(20)),
    Column("listed", JSON),
)
Write = Callable[[], Awaitable[None]]


async def run(url: str) -> str:
    """Measures on the database at a URL, which is empty."""
    secrets = dict.fromkeys(("service_token", "signing_key", "console_secret", "contact_key"), str(uuid4()))
    settings = Settings(_env_file=None, **secrets)
    await migrate.upgrade(url)
    database = Database.from_url(url, write_wait_seconds=30)

    async def unchained() -> None:
        async with database.write() as work:
            row = {"actor": "karen", "action": "conversations", "outcome": "shown", "listed": LISTED}
            await work.session.execute(PLAIN.insert().values({**row, "at": utc_now()}))
            await work.commit()

    async def chained() -> None:
        async with database.write() as work:
            await AuditLog(work.session, settings, utc_now()).note(
                actor="karen", action="conversations", outcome=AuditOutcome.SHOWN, listed=LISTED
            )
            await work.commit()

    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(PLAIN.create)
        rows = []
        for name, measure in (("one after another", _in_turn), ("ten at once", _at_once)):
            before, after = await _compare(measure, unchained, chained)
            rows.append([name, f"{before:.1f}", f"{after:.1f}", f"{after - before:.1f}"])
        return table(["milliseconds an entry, median", "unchained", "chained", "more"], rows)
    finally:
        await database.dispose()


async def _compare(
    measure: Callable[[Write], Awaitable[float]], before: Write, after: Write
) -> tuple[float, float]:
    measured: dict[Write, list[float]] = {before: [], after: []}
    for _ in tqdm(range(ROUNDS), leave=False):
        for write, seconds in measured.items():
            seconds.append(1000 * await measure(write))
    return statistics.median(measured[before]), statistics.median(measured[after])


async def _in_turn(write: Write) -> float:
    began = time.perf_counter()
    for _ in range(ENTRIES):
        await write()
    return (time.perf_counter() - began) / ENTRIES


async def _at_once(write: Write) -> float:
    began = time.perf_counter()
    await asyncio.gather(*(write() for _ in range(ENTRIES)))
    return (time.perf_counter() - began) / ENTRIES


async def _on_a_server(server: str) -> str:
    database = PostgresDatabase(server, "digispor_bench_audit")
    await database.empty()
    try:
        return await run(database.url)
    finally:
        await database.drop()


def main() -> None:
    """Measures, and prints a table."""
    server = os.environ.get("DIGISPOR_TEST_POSTGRES_URL", "")
    if server:
        print(asyncio.run(_on_a_server(server)))
        return
    with TemporaryDirectory() as folder:
        print(asyncio.run(run(SqliteFile(Path(folder)).url)))


if __name__ == "__main__":
    main()
