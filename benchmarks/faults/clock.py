"""A clock for the house that can be set: forward, back, and to just before daylight saving time changes.

It is libfaketime's, for real processes. Only the time of day is set; waiting takes as long as ever.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from benchmarks.faults.disk import NotHere
from benchmarks.house import House

_PLACES = ("/usr/lib/*/faketime", "/usr/lib/faketime", "/usr/local/lib/faketime")
# Danish summer time begins and ends at 01:00 UTC.
BEFORE_SUMMER = datetime(2027, 3, 28, 0, 59, 30, tzinfo=timezone.utc)
BEFORE_WINTER = datetime(2027, 10, 31, 0, 59, 30, tzinfo=timezone.utc)
# After twenty hours, the first times that could be booked can only be called off by reporting an absence.
JUMPS = (3 * 3600, -2 * 3600, 20 * 3600, 26 * 3600, 0)


class HouseClock:
    """The clock of all processes of a house.

    Args:
        house: The house, whose processes have not started yet.

    Raises:
        NotHere: libfaketime is not installed.
    """

    def __init__(self, house: House) -> None:
        found = [file for place in _PLACES for file in Path("/").glob(f"{place[1:]}/libfaketimeMT.so.1")]
        if not found:
            raise NotHere("the clock can only be set where libfaketime is installed")
        self._file = house.folder / "clock"
        self.jump(0)
        house.settings |= {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # With libfaketime's guess of it, Python's threads spin instead of waiting.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def jump(self, seconds: float) -> None:
        """Sets the clock to a number of seconds from the true time; the processes see it within a second."""
        # In the place of the old file at once: one that is read half-written would be another time.
        new = self._file.with_suffix(".new")
        new.write_text(f"{seconds:+.0f}\n")
        new.replace(self._file)

    def set(self, moment: datetime) -> None:
        """Sets the clock to a moment, from which it goes on."""
        self.jump(moment.timestamp() - time.time())


async def jump_about(clock: HouseClock, jumps: Sequence[float], seconds: float) -> str:
    """Sets the clock forward and back, and to the true time in the end."""
    try:
        for jump in jumps:
            await asyncio.sleep(seconds)
            clock.jump(jump)
        await asyncio.sleep(seconds)
    finally:
        clock.jump(0)
    return "clock set to " + ", ".join(f"{jump / 3600:+g} h" for jump in jumps)


async def live_through(moment: datetime, seconds: float) -> str:
    """Waits until a change of daylight saving time is well over, from half a minute before."""
    await asyncio.sleep(30 + seconds)
    return f"clock set to {moment:%Y-%m-%d %H:%M:%S} UTC, and on over the change"
