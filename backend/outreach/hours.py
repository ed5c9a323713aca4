"""When citizens may be written to who have not just written: from 8 to 20, Danish wall-clock time."""

from datetime import datetime, time

from backend import danish

OPENS, CLOSES = time(8), time(20)


def is_open(now: datetime) -> bool:
    """Whether citizens may be written to now."""
    return OPENS <= danish.local(now).time() < CLOSES


def within_hours(moment: datetime) -> datetime:
    """The moment, or the nearest one of the same day at which citizens may be written to."""
    here = danish.local(moment)
    if here.time() < OPENS:
        return here.replace(hour=OPENS.hour, minute=0, second=0, microsecond=0)
    if here.time() >= CLOSES:
        return here.replace(hour=CLOSES.hour - 1, minute=59, second=0, microsecond=0)
    return moment
