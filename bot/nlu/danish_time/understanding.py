"""From a sentence to a TimeWish."""

import re
from datetime import datetime

from bot.nlu.danish_time.clock import refused_clock, understand_clock
from bot.nlu.danish_time.days import refused_days, understand_days
from bot.nlu.danish_time.refusals import wished_and_refused
from bot.nlu.danish_time.weekdays import understand_weekdays
from bot.nlu.danish_time.wish import ClockSpan, TimeWish
from bot.nlu.danish_time.wording import fold

_EARLIEST = re.compile(
    r"\b(?:så (?:tidligt?|hurtigt|snart|tæt på)[\w ]*?(?: som(?: overhovedet)? muligt| (?:det|i|du|"
    r"jeg) kan\b[\w ]*)|"
    r"så (?:hurtigt|snart) (?:i|du|det) (?:kan|har|er)|(?:hurtigst|snarest|tidligst) (?:muligt|mulige)|"
    r"snarest|hurtigst|"
    r"(?:aller)?først(?:e)? (?:mulige|ledige|og bedste)|næste ledige|"
    r"(?:aller)?(?:første|tidligste|hurtigste) (?:mulige )?tid|(?:før|hurtigere|tidligere|"
    r"snarere)\b[\w, ]*? (?:jo|des(?:to)?) \w{4,6}|jo (?:før|for|hurtigere|tidligere) \w{1,5} bedre|"
    r"det haster(?! ikke)|"
    r"asap|straks|omgående|med det samme|når som helst|lige meget hvornår|ligegyldigt hvornår|"
    r"hvornår som helst|"
    r"alle tider passer|"
    r"det er lige meget)\b"
)
_LATER = re.compile(
    r"^(?:en |noget |lidt )?senere(?: tid(?:er)?)?(?: på (?:ugen|måneden))?$|"
    r"\b(?:(?:er der|har i|har du) (?:noget|en) senere|hellere senere|(?:noget|lidt) senere|blive senere|"
    r"en senere (?:tid|dato|dag)|senere tider|senere tidspunkt|længere (?:ude|frem|fremme|ud)\b)"
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
    wished, refused = wished_and_refused(folded)
    not_weekdays = understand_weekdays(refused)
    days, clock = understand_days(wished, now.date()), understand_clock(wished)
    if not not_weekdays:
        # "Ikke onsdag formiddag" says nothing of the mornings of other days.
        days = days.within_if_any(refused_days(refused, now.date()))
        clock = clock if clock != ClockSpan() else refused_clock(refused)
    return TimeWish(
        days=days,
        weekdays=tuple(day for day in understand_weekdays(wished) if day not in not_weekdays),
        not_weekdays=not_weekdays,
        clock=clock,
        earliest=bool(_EARLIEST.search(folded)),
        later=bool(_LATER.search(folded.strip(" .!?"))),
    )
