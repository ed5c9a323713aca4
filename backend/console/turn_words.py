"""What the console says about a single turn: what was found in it, what was done, and what went wrong."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend import danish
from backend.console import words

FAILURES = {
    "utter_technical_error": "Der var en fejl i Digispor. Borgeren fik at vide, at noget gik galt.",
    "utter_backend_unavailable": "Systemet svarede ikke, så der blev ikke gjort noget.",
    "utter_assessment_unavailable": "Spørgsmålene kunne ikke hentes.",
    "utter_answer_not_saved": "Svaret blev ikke gemt.",
    "utter_answer_unknown": "Forbindelsen forsvandt, så Digispor vidste ikke, om svaret blev gemt.",
    "utter_undo_failed": "Borgeren kunne ikke gå tilbage. Svarene er, som de var.",
    "utter_restart_failed": "Borgeren kunne ikke begynde forfra. Svarene er, som de var.",
    "utter_restart_unknown": "Forbindelsen forsvandt, så Digispor vidste ikke, om borgeren begyndte forfra.",
    "utter_result_unavailable": "Resultatet kunne ikke hentes.",
    "utter_tracks_unavailable": "Beskrivelsen af sporene kunne ikke hentes.",
    "utter_dispute_failed": "Borgerens uenighed blev ikke gemt.",
    "utter_dispute_unknown": "Forbindelsen forsvandt, så Digispor vidste ikke, om uenigheden blev gemt.",
    "utter_occupation_failed": "Det ønskede job blev ikke gemt.",
    "utter_occupation_unknown": "Forbindelsen forsvandt, så Digispor vidste ikke, om jobbet blev gemt.",
    "utter_satisfaction_failed": "Svaret på, hvor tilfreds borgeren er, blev ikke gemt.",
    "utter_queue_unknown": "Systemet svarede ikke. Der blev ikke ændret noget ved borgerens plads i køen.",
    "utter_call_failed": "Nummeret, som borgeren vil ringes op på, blev ikke gemt.",
    "utter_call_unknown": "Forbindelsen forsvandt, så Digispor vidste ikke, om nummeret blev gemt.",
    "utter_help_failed": "Svaret på, om en medarbejder har hjulpet, blev ikke gemt.",
    "utter_slots_unavailable": "De ledige tider kunne ikke hentes.",
    "utter_booking_unavailable": "De ledige tider kunne ikke hentes.",
    "utter_hold_failed": "Tiden kunne ikke holdes til borgeren. Der blev ikke booket noget.",
    "utter_book_failed": "Tiden blev ikke booket.",
    "utter_book_unknown": "Forbindelsen forsvandt, så Digispor vidste ikke, om tiden blev booket.",
    "utter_move_failed": "Tiden blev ikke flyttet.",
    "utter_move_unknown": "Forbindelsen forsvandt, så Digispor vidste ikke, om tiden blev flyttet.",
    "utter_bookings_unavailable": "Borgerens tid kunne ikke hentes.",
    "utter_cancel_unavailable": "Borgerens tid kunne ikke hentes, så der blev ikke aflyst noget.",
    "utter_cancel_failed": "Tiden blev ikke aflyst.",
    "utter_cancel_kept": "Tiden blev ikke aflyst med det samme. Digispor gemte afbuddet og prøvede igen.",
    "utter_cancel_unknown": "Forbindelsen forsvandt, så Digispor vidste ikke, om tiden blev aflyst, "
    "og prøvede igen.",
    "utter_cancel_unsure": "Forbindelsen forsvandt, så Digispor vidste ikke, om afbuddet nåede frem.",
    "utter_absence_failed": "Afbuddet blev ikke gemt.",
    "utter_absence_kept": "Afbuddet nåede ikke frem med det samme. Digispor gemte det og prøvede igen.",
    "utter_absence_unknown": "Forbindelsen forsvandt, så Digispor vidste ikke, om afbuddet nåede frem, "
    "og prøvede igen.",
    "utter_stop_kept": "Borgerens stop til beskeder blev ikke gemt med det samme. Digispor prøvede igen.",
    "utter_stop_failed": "Borgerens stop til beskeder blev ikke gemt.",
    "utter_erasure_failed": "Der blev ikke slettet noget.",
    "utter_erasure_unknown": "Forbindelsen forsvandt, så Digispor vidste ikke, om sletningen blev begyndt.",
    "utter_rights_unavailable": "Der blev ikke slettet eller sendt noget.",
    "utter_crisis_told_later": "Medarbejderne fik ikke besked med det samme. Digispor prøvede igen.",
    "utter_crisis_not_told": "Medarbejderne fik ikke besked.",
}
"""What went wrong when the assistant said one of these responses. Each is what the citizen was told, too."""

ASKED_AGAIN = {
    "utter_not_understood": "Digispor forstod det ikke og spurgte, hvad borgeren mente.",
    "utter_rephrase": "Digispor forstod det ikke og bad om andre ord.",
    "utter_offer_human": "Digispor forstod det stadig ikke og tilbød et menneske.",
    "utter_name_not_understood": "Digispor kunne ikke læse navnet og spurgte igen.",
    "utter_phone_invalid": "Digispor kunne ikke læse telefonnummeret og spurgte igen.",
    "utter_call_invalid": "Digispor kunne ikke læse nummeret, der skal ringes til, og spurgte igen.",
    "utter_occupation_not_understood": "Digispor forstod ikke jobbet og spurgte igen.",
}
"""What was not understood when the assistant said one of these responses."""

ACTIONS = {
    "assessment_form": "gik videre med selvvurderingen",
    "booking_form": "talte med borgeren om at booke",
    "cancel_form": "talte med borgeren om at aflyse",
    "dispute_form": "tog imod uenighed i sporet",
    "occupation_form": "spurgte til ønsket job",
    "rights_form": "talte med borgeren om borgerens data",
    "action_ask_about_data": "så på et ønske om borgerens data",
    "action_show_booking": "viste borgerens tid",
    "action_take_unasked_answer": "så på et svar uden spørgsmål",
    "action_take_unasked_value": "så på en oplysning, der ikke var spurgt om",
    "action_show_result": "viste resultatet",
    "action_show_why_track": "forklarede sporet",
    "action_show_tracks": "fortalte om sporene",
    "action_flag_wish_for_human": "markerede, at borgeren vil tale med et menneske",
    "action_flag_crisis": "markerede tegn på krise",
    "action_flag_annoyance": "markerede, at borgeren er utilfreds",
    "action_accept": "tog et ja til det, der blev tilbudt",
    "action_decline": "tog et nej til det, der blev tilbudt",
    "action_default_fallback": "forstod ikke beskeden",
    "action_note_out_of_scope": "kunne ikke hjælpe med beskeden",
    "action_restart": "spurgte, om borgeren vil begynde forfra",
    "action_resume": "fortsatte, hvor borgeren slap",
    "action_pause": "holdt pause",
    "action_stop": "stoppede beskeder til borgeren",
    "action_leave_form": "lod det ligge, der var i gang",
    "action_ask_satisfaction": "spurgte, hvor tilfreds borgeren er",
    "action_rate_chat": "tog imod, hvor tilfreds borgeren er",
    "action_tell_queue": "fortalte om køen",
    "action_leave_queue": "tog borgeren ud af køen",
    "call_form": "tog imod et nummer, der skal ringes til",
    "action_rate_help": "tog imod, om en medarbejder har hjulpet",
}
"""What the assistant did, after "Digispor". An action that only says a response is told by its words."""

DELIVERIES = {"sent": "afsendt", "delivered": "leveret", "failed": "kunne ikke leveres"}

_PLAIN = frozenset({"rating"})
_TIMES = {
    "from": "fra {}",
    "to": "til og med {}",
    "weekdays": "{}",
    "not_weekdays": "ikke {}",
    "time_from": "fra kl. {}",
    "time_to": "til kl. {}",
    "earliest": "så tidligt som muligt",
    "later": "senere",
}
_WEEKDAYS = dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), danish.WEEKDAYS, strict=True))


def done(actions: Sequence[str]) -> str:
    """What the assistant did, in Danish, each once; "" when it only answered."""
    named = dict.fromkeys(ACTIONS[action] for action in actions if action in ACTIONS)
    return danish.enumerate_words(list(named)) if named else ""


def entity(found: Mapping[str, Any]) -> str:
    """Something that was found in a turn, such as "Tidspunkt: fredag, fra kl. 10.00".

    Of what only programs read, such as the id of a chosen time, there is but the name.
    """
    name = words.ENTITIES.get(found["entity"], found["entity"])
    value = found["value"]
    if found["entity"] == "time" and isinstance(value, Mapping):
        value = ", ".join(_time(part, told) for part, told in value.items() if part in _TIMES)
    elif found["entity"] not in _PLAIN:
        value = None
    return f"{name}: {value}" if value else name


def _time(part: str, told: Any) -> str:
    if isinstance(told, list):
        told = danish.enumerate_words([_WEEKDAYS.get(day, str(day)) for day in told])
    elif part in ("from", "to"):
        told = _day(str(told))
    elif part.startswith("time_"):
        told = str(told).replace(":", ".")
    return _TIMES[part].format(told)


def _day(iso: str) -> str:
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day}. {danish.MONTHS[day.month - 1]}"
