"""How times, dates and lists are written in Danish; the one place that knows, for every room."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTHS = (
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
)
# Abbreviations of Retskrivningsordbogen: three letters and a full stop, but "maj" is whole.
_MONTHS_SHORT = tuple(month if month == "maj" else f"{month[:3]}." for month in MONTHS)


def local(moment: datetime) -> datetime:
    """The moment as the clock on the wall in Denmark shows it.

    Raises:
        ValueError: The moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment must have a time zone")
    return moment.astimezone(COPENHAGEN)


def midnight(that_day: date) -> datetime:
    """The moment when a Danish day begins."""
    return datetime.combine(that_day, time.min, COPENHAGEN)


def clock(moment: datetime) -> str:
    """The time of day, such as "9.00" or "13.30"."""
    here = local(moment)
    return f"{here.hour}.{here.minute:02}"


def clock_span(start: datetime, end: datetime) -> str:
    """From and to on one day, such as "13.30-14.00"."""
    return f"{clock(start)}-{clock(end)}"


def day(moment: datetime) -> str:
    """Weekday and date, such as "fredag den 27. november"."""
    here = local(moment)
    return f"{WEEKDAYS[here.weekday()]} den {here.day}. {MONTHS[here.month - 1]}"


def day_and_clock(moment: datetime) -> str:
    """Weekday, date and time, such as "fredag den 27. november kl. 13.30"."""
    return f"{day(moment)} kl. {clock(moment)}"


def day_and_span(start: datetime, end: datetime) -> str:
    """Weekday, date, from and to, such as "fredag den 27. november kl. 13.30-14.00"."""
    return f"{day(start)} kl. {clock_span(start, end)}"


def short_day_and_clock(moment: datetime) -> str:
    """The same in the width of a button, such as "fre. 27. nov. kl. 13.30"."""
    here = local(moment)
    weekday = WEEKDAYS[here.weekday()]
    # "tors." because "tor." is no Danish abbreviation; the other weekdays take three letters.
    short_weekday = "tors." if weekday == "torsdag" else f"{weekday[:3]}."
    return f"{short_weekday} {here.day}. {_MONTHS_SHORT[here.month - 1]} kl. {clock(moment)}"


def full_date(moment: datetime) -> str:
    """The date with its year, such as "27. november 2026"."""
    here = local(moment)
    return f"{here.day}. {MONTHS[here.month - 1]} {here.year}"


def full_date_and_clock(moment: datetime) -> str:
    """The date with its year and the time, such as "27. november 2026 kl. 13.30"."""
    return f"{full_date(moment)} kl. {clock(moment)}"


def enumerate_words(words: Sequence[str], conjunction: str = "og") -> str:
    """A list as it is said, such as "mail, Digital Post og kodeord"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"
