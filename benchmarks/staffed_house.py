"""A house that is open at every hour and has caseworkers, for measurements and end-to-end tests."""

from collections.abc import Mapping
from datetime import UTC, datetime

import yaml

from backend.console.accounts import save_account
from backend.console.rights import EVERYTHING
from backend.db import Database
from backend.municipality import WEEKDAYS
from benchmarks.house import ROOT, House
from benchmarks.own_loop import run_in_own_loop

PASSWORD = "en lang adgangskode"


def keep_open(house: House) -> None:
    """Lets the house's processes, which have not started yet, count every day but public holidays as open."""
    municipality = yaml.safe_load((ROOT / "municipality.yml").read_text("utf-8"))
    municipality["opening_hours"] = {day: ["00:00", "23:59"] for day in WEEKDAYS}
    municipality["closed_days"] = []
    path = house.folder / "municipality.yml"
    path.write_text(yaml.safe_dump(municipality, allow_unicode=True), "utf-8")
    house.settings["DIGISPOR_MUNICIPALITY"] = str(path)


def hire(house: House, staff: Mapping[str, str]) -> None:
    """Gives people an account that may do everything, with `PASSWORD`.

    Args:
        house: A house whose database is there.
        staff: Their names by login.
    """

    async def save() -> None:
        database = Database.from_url(
            f"sqlite+aiosqlite:///{house.folder / 'digispor.db'}", write_wait_seconds=10
        )
        for login, name in staff.items():
            await save_account(
                database, datetime.now(UTC), login=login, name=name, password=PASSWORD, grants=EVERYTHING
            )
        await database.dispose()

    run_in_own_loop(save())
