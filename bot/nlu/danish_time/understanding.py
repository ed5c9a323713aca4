"""From a sentence to a TimeWish."""

import re
from datetime import datetime

from bot.nlu.danish_time.clock import understand_clock
from bot.nlu.danish_time.days import understand_days
from bot.nlu.danish_time.weekdays import understand_weekdays
from bot.nlu.danish_time.wish import TimeWish
from bot.nlu.danish_time.wording import fold

_EARLIEST = re.compile(
    r"\b(?:så (?:tidligt|hurtigt|snart|tæt på)[\w ]* som (?:overhovedet )?muligt|"
    r"(?:hurtigst|snarest|tidligst) (?:muligt|mulige)|"
    r"snarest|hurtigst|først(?:e)? (?:mulige|ledige|og bedste)|(?:den )?(?:første|tidligste) tid|asap|"
    r"med det samme|når som helst|lige meget hvornår|hvornår som helst|alle tider passer|det er lige meget)\b"
)
_LATER = re.compile(
    r"^(?:en |noget |lidt )?senere(?: tid(?:er)?)?(?: på (?:ugen|måneden))?$|"
    r"\b(?:(?:er der|har i|har du) (?:noget|en) senere|hellere senere|(?:noget|lidt) senere|"
    r"en senere tid|senere tider)\b"
)


def understand_time(text: str, now: datetime) -> TimeWish:
    """Reads what a message says about when to meet.

    Args:
        text: What the person wrote.
        now: The local time of writing; relative days count from it.

    Returns:
        The wish; falsy when the message says nothing about time.
    """
    folded = fold(text)
    weekdays, not_weekdays = understand_weekdays(folded)
    return TimeWish(
        days=understand_days(folded, now.date()),
        weekdays=weekdays,
        not_weekdays=not_weekdays,
        clock=understand_clock(folded),
        earliest=bool(_EARLIEST.search(folded)),
        later=bool(_LATER.search(folded.strip(" .!?"))),
    )
