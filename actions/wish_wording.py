"""Says a wish about time back to the citizen: "ikke om onsdagen, før kl. 12"."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

_DAYS = {
    "mon": "mandagen",
    "tue": "tirsdagen",
    "wed": "onsdagen",
    "thu": "torsdagen",
    "fri": "fredagen",
    "sat": "lørdagen",
    "sun": "søndagen",
}
MONTHS = "januar februar marts april maj juni juli august september oktober november december".split()
_FORMS = {"phone": "på telefonen", "video": "på video", "in_person": "ansigt til ansigt"}


def wish_in_words(wish: Mapping[str, Any]) -> str:
    """Gives a wish as a Danish phrase; "" when nothing is wished."""
    one_day = wish.get("from") is not None and wish.get("from") == wish.get("to")
    parts = [
        _days(wish.get("from"), wish.get("to")),
        "" if one_day else _weekdays("om", wish.get("weekdays", [])),
        "" if one_day else _weekdays("ikke om", wish.get("not_weekdays", [])),
        _clock(wish.get("time_from"), wish.get("time_to")),
        _FORMS.get(wish.get("meeting_form", ""), ""),
    ]
    return ", ".join(part for part in parts if part)


def _days(first: str | None, last: str | None) -> str:
    if first and last:
        return f"{_day(first)}" if first == last else f"fra {_day(first)} til {_day(last)}"
    if first:
        return f"fra {_day(first)}"
    return f"senest {_day(last)}" if last else ""


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"den {day.day}. {MONTHS[day.month - 1]}"


def _weekdays(word: str, days: Sequence[str]) -> str:
    if not days:
        return ""
    *names, last = [_DAYS[day] for day in days]
    return f"{word} {', '.join(names)} og {last}" if names else f"{word} {last}"


def _clock(start: str | None, end: str | None) -> str:
    if start and start == end:
        return f"kl. {_hour(start)}"
    if start and end:
        return f"mellem kl. {_hour(start)} og {_hour(end)}"
    if start:
        return f"fra kl. {_hour(start)}"
    if not end:
        return ""
    return f"før kl. {int(end[:2]) + 1}" if end.endswith(":59") else f"senest kl. {_hour(end)}"


def _hour(clock: str) -> str:
    hour, minute = clock.split(":")
    return str(int(hour)) if minute == "00" else f"{int(hour)}.{minute}"
