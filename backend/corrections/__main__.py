"""`python -m backend.corrections export`: writes the approved corrections into data/nlu/corrections.yml."""

import argparse
import asyncio
from pathlib import Path

from backend.clock import utc_now
from backend.corrections.export import Exported, write_corrections
from backend.corrections.known import DATA, OWN_FILE
from backend.corrections.repository import TrainingRepository
from backend.corrections.service import TrainingService
from backend.db import Database
from backend.settings import load_settings


async def _export(directory: Path) -> Exported:
    settings = load_settings()
    database = Database.of(settings)
    try:
        async with database.read() as work:
            approved = await TrainingService(TrainingRepository(work.session), utc_now()).approved()
    finally:
        await database.dispose()
    return write_corrections(approved, directory)


def main() -> None:
    """Reads the command line and exports."""
    parser = argparse.ArgumentParser(prog="python -m backend.corrections")
    commands = parser.add_subparsers(dest="command", required=True)
    export = commands.add_parser("export", help="skriv de godkendte rettelser til træningsdataene")
    export.add_argument("--directory", type=Path, default=DATA, help="mappen med træningsdata")
    exported = asyncio.run(_export(parser.parse_args().directory))
    print(f"{OWN_FILE}: {exported.written} eksempler.")
    for text in exported.left_out:
        print(f"Står allerede et andet sted i træningsdataene: {text}")


if __name__ == "__main__":
    main()
