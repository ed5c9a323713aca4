"""Reads which meeting a text speaks of."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
_TIME = re.compile(r"den (\d+)\. \w+ kl\. (\d+)\.(\d\d)-")


def tells_time(text: str) -> bool:
    """Whether a text names any time."""
    return bool(_TIME.search(text))


def names(text: str, start: datetime) -> bool:
    """Whether a text names a time, where it names any."""
    start = start.astimezone(COPENHAGEN)
    named = [tuple(map(int, match.groups())) for match in _TIME.finditer(text)]
    return not named or (start.day, start.hour, start.minute) in named
