"""Which of the offered times a message means: "den anden", "nr. 2", "den sidste", "den om fredagen"."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.backend_models import Slot
from actions.time_wish import fits, says_when
from bot.numerals import read_number

_POSITIONS = {
    "første": 0,
    "1": 0,
    "et": 0,
    "en": 0,
    "øverste": 0,
    "tidligste": 0,
    "anden": 1,
    "2": 1,
    "to": 1,
    "næste": 1,
    "midterste": 1,
    "tredje": 2,
    "3": 2,
    "tre": 2,
    "sidste": -1,
    "nederste": -1,
    "bagerste": -1,
}
_POSITION = rf"(?P<position>{'|'.join(_POSITIONS)})"
_POINTED = re.compile(rf"\b(?:den|nr\.?|nummer|mulighed|valg)\s*{_POSITION}\b")
# Nothing but a position: here "den 3." is the third, not a date.
_ONLY_POINTED = re.compile(
    rf"(?:(?:det er|jeg tager|jeg vælger) )?(?:den )?{_POSITION}\.?(?: tak| tid| er fint)*"
)


def chosen_slot(
    text: str, said: Mapping[str, Any], offered: Sequence[Slot], *, agrees: bool = False
) -> Slot | None:
    """Gives the offered time that a message means, or None when it does not mean exactly one.

    Args:
        text: The message.
        said: What it says about time.
        offered: The times on the table, in the order they are shown.
        agrees: Whether the message is a yes, which settles it when there is only one.
    """
    folded = text.casefold().replace("i midten", "midterste").strip(" .!")
    if says_when(said):
        fitting = [slot for slot in offered if fits(slot, said)]
        if len(fitting) == 1:
            return fitting[0]
    elif said.get("earliest"):
        return None
    elif agrees and len(offered) == 1:
        return offered[0]
    only = _ONLY_POINTED.fullmatch(folded)
    match = only if says_when(said) else only or _POINTED.search(folded)
    if match:
        return _at(_POSITIONS[match.group("position")], offered)
    number = read_number(text)
    return _at(number - 1, offered) if number else None


def _at(position: int, offered: Sequence[Slot]) -> Slot | None:
    return offered[position] if -len(offered) <= position < len(offered) else None
