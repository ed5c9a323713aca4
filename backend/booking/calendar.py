"""The booking as a calendar file (RFC 5545), with a link that proves that we gave it out."""

import hashlib
import hmac
from collections.abc import Sequence

import icalendar

from backend import danish
from backend.booking import texts
from backend.booking.rules import BookingRules
from backend.booking.tables import Booking
from backend.municipality import Municipality

FILENAME = "samtale.ics"


def signature(booking_id: str, signing_key: str) -> str:
    """What makes a calendar link valid: only we can write it, and it stays the same for one booking."""
    # The purpose is part of what is signed, so that no other signature made with the key fits here.
    message = f"calendar-link:{booking_id}".encode()
    return hmac.new(signing_key.encode(), message, hashlib.sha256).hexdigest()


def is_signed(booking_id: str, given: str, signing_keys: Sequence[str]) -> bool:
    """Whether a link's signature is ours; takes as long for a wrong one as for the right one."""
    ours = (signature(booking_id, key) for key in signing_keys)
    return any(hmac.compare_digest(given.encode(), one.encode()) for one in ours)


def link(booking_id: str, public_url: str, signing_key: str) -> str:
    """The public address of a booking's calendar file."""
    path = f"/api/v1/bookings/{booking_id}/calendar.ics"
    return f"{public_url.rstrip('/')}{path}?signature={signature(booking_id, signing_key)}"


def calendar_file(booking: Booking, rules: BookingRules, municipality: Municipality) -> str:
    """The booking as it stands now.

    A calendar that has an earlier version replaces it: the UID stays and SEQUENCE rises. The citizen's name
    and phone number are left out, because whoever has the link can open the file.
    """
    cancelled = booking.status == "cancelled"
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Digispor//Digispor//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(_event(booking, rules, municipality))
    calendar.add_missing_timezones()
    text: str = calendar.to_ical().decode()
    return text


def _event(booking: Booking, rules: BookingRules, municipality: Municipality) -> icalendar.Event:
    slot = booking.slot
    cancelled = booking.status == "cancelled"
    event = icalendar.Event()
    event.add("uid", f"{booking.id}@digispor.dk")
    event.add("sequence", booking.version)
    event.add("dtstamp", booking.updated_at)
    event.add("created", booking.created_at)
    event.add("last-modified", booking.updated_at)
    event.add("dtstart", danish.local(slot.starts_at))
    event.add("dtend", danish.local(slot.ends_at))
    event.add("summary", f"Aflyst: {texts.TITLE}" if cancelled else texts.TITLE, {"language": "da"})
    event.add("description", _description(booking, rules, municipality), {"language": "da"})
    event.add("location", slot.place or "Telefon")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("organizer", _organizer(booking))
    return event


def _organizer(booking: Booking) -> icalendar.vCalAddress:
    consultant = booking.slot.consultant
    organizer = icalendar.vCalAddress(f"mailto:{consultant.email}")
    organizer.params["cn"] = consultant.name
    return organizer


def _description(booking: Booking, rules: BookingRules, municipality: Municipality) -> str:
    slot = booking.slot
    if booking.status == "cancelled":
        return f"Samtalen er aflyst.\n\n{texts.contact(municipality)}"
    # Not the present moment: the file is read later, and one version of it always says the same.
    may_change = rules.may_change(slot.starts_at, booking.updated_at)
    changing = texts.changing(rules.change_deadline(slot.starts_at), may_change)
    return "\n\n".join((texts.purpose(slot), texts.how_to_meet(slot), changing, texts.contact(municipality)))
