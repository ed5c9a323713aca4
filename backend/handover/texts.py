"""What citizens are told about a handover beside the assistant's own responses, in Danish."""

from datetime import datetime

from backend import danish
from backend.booking.texts import booking_label
from backend.handover.ownership import Outcome, Ownership, Reason
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


def first_name(name: str) -> str:
    """What citizens call somebody of the staff by."""
    return name.split(maxsplit=1)[0] if name.strip() else ""


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


_UNANSWERED = {
    None: "Borgeren venter på et menneske.",
    Outcome.NOBODY: "Borgeren bad om et menneske, men der var ikke nogen, der kunne svare.",
    Outcome.LEFT: "Borgeren ventede {waited} på et menneske og ville ikke vente længere.",
    Outcome.CALL_INSTEAD: "Borgeren ventede {waited} på et menneske og bad så om at blive ringet op.",
    Outcome.NOT_TAKEN: "En medarbejder ville skrive til borgeren, men det lykkedes ikke.",
}


def history_line(ownership: Ownership, name: str | None) -> str:
    """What happened in a handover, as one line for the staff.

    Args:
        ownership: Where it stands.
        name: Who has, or had, the conversation.
    """
    taken_at = ownership.taken_at
    if taken_at is None:
        waited = _length(ownership.asked_at, ownership.closed_at or ownership.asked_at)
        return _UNANSWERED.get(ownership.outcome, _UNANSWERED[None]).format(waited=waited)
    waited = _length(ownership.asked_at, taken_at)
    if ownership.closed_at is None:
        return f"{name} tog samtalen. Borgeren ventede {waited}."
    talked = _length(taken_at, ownership.closed_at)
    return f"{name} skrev med borgeren i {talked}. Borgeren ventede {waited} på svar."


def _length(start: datetime, end: datetime) -> str:
    minutes = round((end - start).total_seconds() / 60)
    return "under et minut" if minutes < 1 else _minutes(minutes)
