"""When a meeting is, for the clock of a real process cannot be turned."""

import sqlite3
from datetime import UTC, datetime, timedelta

from benchmarks.house import House


def move_slot(house: House, slot_id: str, starts_in: timedelta) -> None:
    """Lets a slot begin at another time, as if the days until then had passed.

    Args:
        house: Whose database it is in.
        slot_id: Which.
        starts_in: How long from now it begins; less than nothing when it has begun. It lasts half an hour.
    """
    starts_at = datetime.now(UTC).replace(tzinfo=None) + starts_in
    ends_at = starts_at + timedelta(minutes=30)
    with sqlite3.connect(house.folder / "digispor.db", timeout=10) as database:
        database.execute(
            "UPDATE slots SET starts_at = ?, ends_at = ? WHERE id = ?",
            (f"{starts_at:%Y-%m-%d %H:%M:%S.%f}", f"{ends_at:%Y-%m-%d %H:%M:%S.%f}", slot_id),
        )
