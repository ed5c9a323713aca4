"""What citizens are told about a handover beside the assistant's own responses, in Danish."""

from datetime import datetime

from backend import danish
from backend.booking.texts import booking_label
from backend.handover.ownership import Reason
from backend.handover.queue import WaitRange
from backend.handover.repository import Facts

UNKNOWN_WAIT = "Jeg kan ikke sige, hvor længe det varer."

_REASONS = {
    Reason.ASKED: "du gerne vil tale med et menneske",
    Reason.NOT_UNDERSTOOD: "jeg ikke forstod dig, og at du gerne vil tale med et menneske",
    Reason.ANNOYED: "jeg ikke hjalp dig godt nok, og at du gerne vil tale med et menneske",
    Reason.CRISIS: "du har det svært og har brug for et menneske nu",
    Reason.STEPPED_IN: "en medarbejder gerne vil skrive med dig",
}


def wait_label(wait: WaitRange | None) -> str:
    """How long it may take, as a sentence."""
    if wait is None:
        return UNKNOWN_WAIT
    if wait.at_least < 1:
        minutes = "et minut" if wait.at_most == 1 else f"{wait.at_most} minutter"
        return f"Det plejer at tage højst {minutes}."
    if wait.at_least == wait.at_most:
        return f"Det plejer at tage omkring {_minutes(wait.at_most)}."
    return f"Det plejer at tage mellem {wait.at_least} og {_minutes(wait.at_most)}."


def _minutes(count: int) -> str:
    return "1 minut" if count == 1 else f"{count} minutter"


def passed_on(reason: Reason, facts: Facts) -> str:
    """What the staff are told of a citizen, from data alone: it goes on after "Jeg har fortalt, at"."""
    parts = [_REASONS[reason]]
    if facts.finished:
        parts.append("at du har svaret på spørgsmålene og fået et resultat")
    elif facts.answers:
        questions = "ét spørgsmål" if facts.answers == 1 else f"{facts.answers} spørgsmål"
        parts.append(f"at du har svaret på {questions}")
    if facts.meeting is not None:
        parts.append(f"at du har en tid {booking_label(facts.meeting.slot)}")
    return danish.enumerate_words(parts, ", og").replace(" , og", ", og")


def opens_label(opens_at: datetime | None, now: datetime) -> str:
    """When there may be somebody again, such as "mandag den 30. november kl. 9.00"."""
    if opens_at is None:
        return ""
    if danish.local(opens_at).date() == danish.local(now).date():
        return f"i dag kl. {danish.clock(opens_at)}"
    return danish.day_and_clock(opens_at)


def history_line(
    name: str | None, asked_at: datetime, taken_at: datetime | None, closed_at: datetime | None
) -> str:
    """What happened, as one line: who answered, and how long it took; the colleagues read it."""
    if taken_at is None:
        waited = _length(asked_at, closed_at)
        return (
            f"Borgeren ventede {waited} på et menneske og fik ikke svar." if closed_at else "Borgeren venter."
        )
    waited = _length(asked_at, taken_at)
    if closed_at is None:
        return f"{name} skriver med borgeren, der ventede {waited}."
    return f"{name} skrev med borgeren i {_length(taken_at, closed_at)}. Borgeren ventede {waited} på svar."


def _length(start: datetime, end: datetime | None) -> str:
    minutes = round((end - start).total_seconds() / 60) if end else 0
    return "under et minut" if minutes < 1 else _minutes(minutes)
