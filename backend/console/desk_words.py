"""What the desk calls things, in Danish, and the answers that caseworkers can begin from."""

from datetime import date, datetime, timedelta

from backend import danish
from backend.booking.opening_hours import OpeningHours
from backend.handover.ownership import Reason
from backend.handover.tables import Cause, Handover, MessageState

REASONS = {
    Reason.ASKED: "Vil tale med et menneske",
    Reason.NOT_UNDERSTOOD: "Blev ikke forstået",
    Reason.ANNOYED: "Er utilfreds med svarene",
    Reason.CRISIS: "Tegn på krise",
    Reason.STEPPED_IN: "En kollega trådte ind",
}
CAUSES = {
    Cause.NOT_UNDERSTOOD: "Digispor forstod ikke borgeren",
    Cause.WRONG_ANSWER: "Digispor svarede forkert",
    Cause.NOT_COVERED: "Digispor kan ikke svare på det",
    Cause.WANTED_PERSON: "Borgeren ville hellere tale med et menneske",
    Cause.OTHER: "Andet",
}
MESSAGE_STATES = {
    MessageState.WAITING: "Venter på at blive sendt",
    MessageState.SENT: "Sendt",
    MessageState.DELIVERED: "Leveret",
    MessageState.FAILED: "Kunne ikke sendes",
    MessageState.DROPPED: "Ikke sendt",
}
EMPTY_MESSAGE = ("Der står ikke noget", "Der er ikke sendt noget. Skriv din besked i feltet, og send igen.")
TOO_LONG = ("Beskeden er for lang", "Der er ikke sendt noget. Del den i flere beskeder.")

ANSWERS = {
    "hello": (
        "Hilsen",
        "Hej {name}. Jeg er et menneske, og jeg har læst, hvad du har skrevet. Hvad kan jeg hjælpe med?",
    ),
    "moment": (
        "Et øjeblik",
        "Tak, {name}. Jeg undersøger det og vender tilbage her i chatten om lidt.",
    ),
    "explain": (
        "Bed om en forklaring",
        "Tak, {name}. Vil du fortælle lidt mere, så jeg er sikker på, at jeg forstår dig rigtigt?",
    ),
    "cpr": (
        "Skriv ikke CPR-nummer",
        "Hej {name}. Skriv aldrig dit CPR-nummer her. Jeg finder din sag på en anden måde.",
    ),
    "meeting": (
        "Tilbyd et møde",
        "Det taler vi bedst om på et møde, {name}. Skal jeg lade Digispor finde en tid til dig?",
    ),
    "more": ("Er der mere?", "Er der andet, jeg kan hjælpe dig med, {name}?"),
    "goodbye": ("Farvel", "Tak, fordi du skrev, {name}. Du kan altid skrive her igen."),
}


def answer(code: str, name: str | None) -> str:
    """A ready answer with the citizen's name; without one where they have not told it."""
    _, text = ANSWERS[code]
    if name:
        return text.replace("{name}", name)
    return text.replace(", {name}", "").replace(" {name}", "")


def length(since: datetime, now: datetime) -> str:
    """How long something has lasted, such as "3 minutter"."""
    minutes = int((now - since).total_seconds() // 60)
    if minutes < 1:
        return "under et minut"
    if minutes >= 120:
        return f"{minutes // 60} timer"
    return "1 minut" if minutes == 1 else f"{minutes} minutter"


def unanswered(count: int) -> str:
    """How many messages wait for an answer."""
    return "1 ubesvaret besked" if count == 1 else f"{count} ubesvarede beskeder"


def opening(hours: OpeningHours, now: datetime) -> str:
    """Whether it is open, and until or from when."""
    if hours.contain(now, now):
        return f"Der er åbent til kl. {_clock_of(hours, danish.local(now).date())}."
    opens_at = hours.next_opening(now)
    if opens_at is None:
        return "Der er lukket."
    today = danish.local(now).date()
    day = {today: "i dag", today + timedelta(days=1): "i morgen"}.get(
        danish.local(opens_at).date(), danish.day(opens_at)
    )
    return f"Der er lukket. Der åbner {day} kl. {danish.clock(opens_at)}."


def first_taken(handover: Handover | None, names: dict[str, str]) -> tuple[str, str]:
    """Who has a conversation that somebody else wanted."""
    login = handover and (handover.owner or handover.reserved_by)
    who = names.get(login or "", "En kollega")
    return (f"{who} var først", "Samtalen er ikke din, og der er ikke sendt noget. Tag en anden fra køen.")


def _clock_of(hours: OpeningHours, day: date) -> str:
    span = hours.on(day)
    return f"{span[1].hour}.{span[1].minute:02}" if span else ""
