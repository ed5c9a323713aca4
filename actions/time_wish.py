"""When the citizen would like to meet, as it builds up over several messages.

A wish is a dict with the filters of GET /slots. The entity `time` gives what one message says (bot/nlu); here
it is put together with what was said before: first "ikke onsdag", then "om formiddagen".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from actions.backend_models import Slot

Wish = dict[str, Any]

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS = ("from", "to")
_CLOCK = ("time_from", "time_to")
# These go on after the times on the table, and end with the next wish.
_GOING_ON = ("after", "not_slots")
_FILTERS = (*_DAYS, *_CLOCK, "weekdays", "not_weekdays", "meeting_form", *_GOING_ON)
# The backend takes no more in one request; whoever has seen this many sees the first of them again.
MOST_SHOWN = 150

_MEETING_FORMS = {
    "phone": re.compile(r"\b(?:telefon\w*|tlf|ringe?r?|opkald)\b"),
    "video": re.compile(r"\b(?:video\w*|online|teams|skærm\w*)\b"),
    "in_person": re.compile(
        r"\b(?:fremmøde|fysisk|personligt?|møder? op|ansigt til ansigt|komme (?:ind|forbi))\b"
    ),
}
_OTHER_DAY = re.compile(r"\banden dag\b|\bandre dage\b")
_NOT = re.compile(r"\b(?:ikke|helst ikke|undgå)\b")


def said_besides(text: str) -> Wish:
    """Gives what a message says of the meeting besides when: "hellere på telefon", "en anden dag"."""
    other_day: Wish = {"other_day": True} if _OTHER_DAY.search(text.casefold()) else {}
    return {**other_day, **_meeting_form(text.casefold())}


def _meeting_form(folded: str) -> Wish:
    named = [form for form, words in _MEETING_FORMS.items() if words.search(folded)]
    return {"meeting_form": named[0]} if len(named) == 1 and not _NOT.search(folded) else {}


def together(before: Mapping[str, Any], said: Mapping[str, Any], offered: Sequence[Slot] = ()) -> Wish:
    """Gives the wish after a message.

    Args:
        before: The wish until now.
        said: What the message said.
        offered: The times on the table: "flere" are others than they are, "senere" is later than they are,
            "en anden dag" another than theirs.
    """
    wish = {name: value for name, value in before.items() if name in _FILTERS}
    if said.get("more"):
        shown = [*wish.get("not_slots", []), *(slot.id for slot in offered)]
        return {**wish, "not_slots": shown[-MOST_SHOWN:]}
    _drop(wish, *_GOING_ON)
    if said.get("later") and offered:
        return {**wish, "after": offered[-1].starts_at.isoformat()}
    if said.get("other_day") and offered:
        _drop(wish, *_DAYS, "weekdays")
        said = {**said, "not_weekdays": [*said.get("not_weekdays", []), *map(_weekday_of, offered)]}
    if said.get("earliest"):
        wish = {name: wish[name] for name in ("not_weekdays", "meeting_form") if name in wish}
    if any(name in said for name in _DAYS):
        _drop(wish, *_DAYS, "weekdays")
    if any(name in said for name in _CLOCK):
        _drop(wish, *_CLOCK)
    if said.get("weekdays"):
        if wish.get("from") and wish.get("from") == wish.get("to"):
            _drop(wish, *_DAYS)
        wish["not_weekdays"] = [d for d in wish.get("not_weekdays", []) if d not in said["weekdays"]]
    if said.get("not_weekdays"):
        wish["weekdays"] = [d for d in wish.get("weekdays", []) if d not in said["not_weekdays"]]
        refused = {*wish.get("not_weekdays", []), *said["not_weekdays"]}
        said = {**said, "not_weekdays": [day for day in _WEEKDAYS if day in refused]}
    wish.update({name: value for name, value in said.items() if name in _FILTERS})
    return {name: value for name, value in wish.items() if value}


def _weekday_of(slot: Slot) -> str:
    return _WEEKDAYS[slot.starts_at.astimezone(COPENHAGEN).weekday()]


def _drop(wish: Wish, *names: str) -> None:
    for name in names:
        wish.pop(name, None)


def says_when(said: Mapping[str, Any]) -> bool:
    """Tells whether a message points at times it wants, rather than only at times it does not want."""
    return any(name in said for name in (*_DAYS, *_CLOCK, "weekdays", "meeting_form"))


def fits(slot: Slot, said: Mapping[str, Any]) -> bool:
    """Tells whether an offered time is among those that a message points at."""
    start = slot.starts_at.astimezone(COPENHAGEN)
    day, clock, weekday = start.date().isoformat(), start.strftime("%H:%M"), _weekday_of(slot)
    return (
        said.get("from", day) <= day <= said.get("to", day)
        and said.get("time_from", clock) <= clock <= said.get("time_to", clock)
        and weekday in said.get("weekdays", [weekday])
        and weekday not in said.get("not_weekdays", [])
        and slot.meeting_form == said.get("meeting_form", slot.meeting_form)
    )


def goes_on(wish: Mapping[str, Any]) -> bool:
    """Tells whether a wish is for times besides those already shown."""
    return any(name in wish for name in _GOING_ON)


def as_query(wish: Mapping[str, Any]) -> dict[str, str]:
    """Gives the wish as the query of GET /slots."""
    return {
        name: ",".join(value) if isinstance(value, list) else str(value)
        for name, value in wish.items()
        if name in _FILTERS and value
    }


def nearest(wish: Wish) -> Iterator[Wish]:
    """Gives the wish and then ever wider ones: at another time of day, on another day, at any time."""
    seen: list[Wish] = []
    given_up: tuple[str, ...] = ()
    for more in ((), _GOING_ON, _CLOCK, ("weekdays", "to"), ("from", "meeting_form"), ("not_weekdays",)):
        given_up += more
        wider = {name: value for name, value in wish.items() if name not in given_up}
        if wider not in seen:
            seen.append(wider)
            yield wider
