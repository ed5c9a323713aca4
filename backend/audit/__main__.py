"""`python -m backend.audit` verifies the audit log. It ends with 0 when it is whole, else with 1."""

import asyncio
import sys

from tqdm import tqdm

from backend.audit.anchors import AnchorFile, FoundWhole, FoundWholeFile
from backend.audit.chain import AuditKey
from backend.audit.repository import AuditRepository
from backend.audit.verification import Broken, Fault, Whole, verify
from backend.clock import utc_now
from backend.db import Database
from backend.problems import DatabaseUnavailable
from backend.settings import Settings, load_settings

_FAULTS = {
    Fault.CHANGED: "Post {position} er blevet ændret.",
    Fault.REMOVED: "Post {position} er blevet fjernet.",
    Fault.MISPLACED: (
        "Post {position} står ikke, hvor den blev skrevet. Den er flyttet eller sat ind, eller den før den "
        "er fjernet."
    ),
    Fault.FORGED: "Post {position} er ikke skrevet af denne installation.",
    Fault.REWRITTEN: "Post {position} er en anden end den, der stod her, da loggen blev forankret.",
    Fault.CUT_OFF: "Post {position} og de nyere er blevet fjernet.",
    Fault.NOT_VOUCHED_FOR: (
        "Ingen post er underskrevet med nøglen her. Er DIGISPOR_CONSOLE_SECRET ny, så start Digispor, "
        "vent et minut, og prøv igen."
    ),
    Fault.NOT_ANCHORED: (
        "Filen {anchors} mangler eller er tom, så ingen kan se, om de nyeste poster er fjernet. "
        "Har Digispor ikke kørt siden opdateringen, så start det, vent et minut, og prøv igen."
    ),
}


async def _verify(settings: Settings) -> Whole:
    # Before the log is read: what is anchored meanwhile is newer than what is read.
    anchors = AnchorFile(settings.data_path).read()
    database = Database.of(settings)
    try:
        async with database.read() as work:
            total = await AuditRepository(work.session).count()
            with tqdm(total=total, unit=" poster", desc="Læser loggen", leave=False, disable=None) as bar:
                return await verify(work.session, AuditKey(settings), anchors, bar.update)
    finally:
        await database.dispose()


def main() -> None:
    """Verifies, and says in Danish what was found."""
    settings = load_settings()
    try:
        whole = asyncio.run(_verify(settings))
    except DatabaseUnavailable:
        sys.exit("Databasen kan ikke læses. Loggen er ikke efterprøvet.")
    except Broken as broken:
        name = AnchorFile(settings.data_path).path.name
        told = _FAULTS[broken.fault].format(position=_number(broken.position), anchors=name)
        sys.exit(f"Loggen er ikke hel. {told}")
    FoundWholeFile(settings.data_path).write(FoundWhole(at=utc_now(), entries=whole.entries))
    entries, anchors = (
        _count(whole.entries, "post", "poster"),
        _count(whole.anchors, "forankring", "forankringer"),
    )
    print(f"Loggen er hel: {entries}, {anchors}.")
    if whole.removed:
        print(f"Fjernet, fordi de var for gamle: {_count(whole.removed, 'post', 'poster')}.")


def _count(count: int, one: str, several: str) -> str:
    return f"{_number(count)} {one if count == 1 else several}"


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")


if __name__ == "__main__":
    main()
