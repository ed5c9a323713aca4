"""What a citizen reads about a slot or a booking, in Danish."""

from datetime import datetime

from backend import danish
from backend.booking.contact import spoken_phone
from backend.booking.tables import Slot
from backend.municipality import Municipality

TYPE = "Opfølgende samtale"
TITLE = "Samtale om dine digitale kompetencer"


def slot_label(slot: Slot) -> str:
    """A time to choose, such as "fredag den 27. november kl. 13.30 på telefonen"."""
    return f"{danish.day_and_clock(slot.starts_at)} {_where(slot)}"


def booking_label(slot: Slot) -> str:
    """A booked time, such as "fredag den 27. november kl. 13.30-14.00 på telefonen"."""
    return f"{danish.day_and_span(slot.starts_at, slot.ends_at)} {_where(slot)}"


def _where(slot: Slot) -> str:
    match slot.meeting_form:
        case "phone":
            return "på telefonen"
        case "video":
            return "på video"
        case "in_person":
            return f"på {slot.place}"


def purpose(slot: Slot) -> str:
    """What the meeting is about."""
    talk = "taler om, hvad du kan digitalt, og hvilket forløb der kan passe til dig"
    return f"Du og {slot.consultant.name} {talk}."


def how_to_meet(slot: Slot, citizen_phone: str | None = None) -> str:
    """What the citizen does when the time comes.

    Args:
        slot: The booked slot.
        citizen_phone: The number in E.164 to name; None leaves it out.
    """
    match slot.meeting_form:
        case "phone":
            number = f" på {spoken_phone(citizen_phone)}" if citizen_phone else ""
            return f"{slot.consultant.name} ringer til dig{number}."
        case "video":
            return f"I mødes på video. Åbn dette link, når I skal begynde: {slot.place}"
        case "in_person":
            return f"I mødes på {slot.place}."


def contact(municipality: Municipality) -> str:
    """How to reach a person."""
    return f"Ring på {municipality.phone} ({municipality.phone_hours}), eller skriv til {municipality.email}."


def changing(deadline: datetime, may_change: bool) -> str:
    """Whether and until when the booking can be moved or cancelled."""
    if may_change:
        return f"Du kan flytte eller aflyse til og med {danish.day_and_clock(deadline)}."
    return "Det er for sent at flytte eller aflyse tiden. Giv os besked alligevel, hvis du ikke kan komme."
