"""The calendar file, read back by the library that calendars trust, and the link that leads to it."""

from datetime import datetime, timedelta

import icalendar
import pytest

from backend.booking import calendar
from backend.danish import COPENHAGEN

FRIDAY = "2026-11-27 13:30"


async def fetch(desk, url: str):
    """A calendar file as a calendar would fetch it: without a token."""
    async with desk.client.get(url.removeprefix("http://localhost:8080")) as response:
        return response.status, response.headers, await response.text()


async def event_of(desk, booking) -> tuple[icalendar.Calendar, icalendar.Event]:
    status, _, text = await fetch(desk, booking["calendar_url"])
    assert status == 200
    found = icalendar.Calendar.from_ical(text)
    (event,) = found.events
    return found, event


async def test_the_file_holds_the_meeting_in_danish_time(desk):
    place = "Gågade 1, 2500 Valby"
    booking = await desk.booked(await desk.citizen(), await desk.slot(FRIDAY, "in_person", place))
    found, event = await event_of(desk, booking)
    assert found["METHOD"] == "PUBLISH"
    assert event["UID"] == f"{booking['id']}@digispor.dk"
    assert event["SEQUENCE"] == booking["version"] == 1
    assert event["STATUS"] == "CONFIRMED"
    assert event.start == datetime(2026, 11, 27, 13, 30, tzinfo=COPENHAGEN)
    assert event.duration == timedelta(minutes=30)
    assert event["DTSTART"].params["TZID"] == "Europe/Copenhagen"
    assert event["SUMMARY"] == "Samtale om dine digitale kompetencer"
    assert event["LOCATION"] == place
    assert event["ORGANIZER"] == "mailto:mette.lindholm@kommune.example"
    assert event["DESCRIPTION"].split("\n\n") == [
        "Du og Mette Lindholm taler om, hvad du kan digitalt, og hvilket forløb der kan passe til dig.",
        f"I mødes på {place}.",
        "Du kan flytte eller aflyse til og med torsdag den 26. november kl. 13.30.",
        "Ring på 12 34 56 78 (hverdage 9-15), eller skriv til digispor@kommune.example.",
    ]


async def test_the_file_defines_the_time_zone_it_names(desk):
    booking = await desk.booked(await desk.citizen(), await desk.slot(FRIDAY))
    found, _ = await event_of(desk, booking)
    (zone,) = found.timezones
    assert zone.tz_name == "Europe/Copenhagen"
    assert zone.to_tz().utcoffset(datetime(2026, 11, 27)) == timedelta(hours=1)


async def test_the_file_is_served_as_a_calendar_to_open(desk):
    booking = await desk.booked(await desk.citizen(), await desk.slot(FRIDAY))
    _, headers, text = await fetch(desk, booking["calendar_url"])
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Content-Disposition"] == 'attachment; filename="samtale.ics"'
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


async def test_a_moved_meeting_replaces_the_earlier_one_in_a_calendar(desk):
    citizen = await desk.citizen()
    booking = await desk.booked(citizen, await desk.slot(FRIDAY))
    _, before = await event_of(desk, booking)
    hold_id = await desk.held(citizen, await desk.slot("2026-11-30 09:00"))
    moved = (await desk.change("move", booking, hold_id=hold_id)).body
    _, after = await event_of(desk, moved)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1 == moved["version"]
    assert after.start == datetime(2026, 11, 30, 9, 0, tzinfo=COPENHAGEN)


async def test_a_cancelled_meeting_is_taken_out_of_a_calendar(desk):
    booking = await desk.booked(await desk.citizen(), await desk.slot(FRIDAY))
    _, before = await event_of(desk, booking)
    cancelled = (await desk.change("cancel", booking)).body
    found, after = await event_of(desk, cancelled)
    assert found["METHOD"] == "CANCEL"
    assert after["STATUS"] == "CANCELLED"
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == 2
    assert after["SUMMARY"] == "Aflyst: Samtale om dine digitale kompetencer"
    assert after["DESCRIPTION"].startswith("Samtalen er aflyst.")


async def test_the_file_names_neither_the_citizen_nor_their_number(desk):
    booking = await desk.booked(await desk.citizen(), await desk.slot(FRIDAY))
    _, _, text = await fetch(desk, booking["calendar_url"])
    assert "LOCATION:Telefon" in text
    unfolded = text.replace("\r\n ", "")
    assert "Mette Lindholm ringer til dig." in unfolded
    assert not any(secret in unfolded for secret in ("Åse", "20 12 34 56", "20123456"))


async def test_a_meeting_updated_too_late_to_change_it_says_so(desk, clock):
    booking = await desk.booked(await desk.citizen(), await desk.slot("2026-11-25 13:00"))
    clock.advance(hours=5)
    booking = (await desk.change("absence", booking)).body
    _, event = await event_of(desk, booking)
    assert "Det er for sent at flytte eller aflyse tiden." in event["DESCRIPTION"]


@pytest.mark.parametrize("signature", ["0" * 64, "x", "æ", "{other}"])
async def test_only_the_link_we_gave_opens_the_file(desk, signature):
    booking = await desk.booked(await desk.citizen(), await desk.slot(FRIDAY))
    other = await desk.booked(await desk.citizen(), await desk.slot("2026-11-30 09:00"))
    wrong = signature.format(other=other["calendar_url"].partition("signature=")[2])
    url = f"{booking['calendar_url'].partition('=')[0]}={wrong}"
    status, _, text = await fetch(desk, url)
    assert (status, "not-found" in text) == (404, True)
    assert "VCALENDAR" not in text


async def test_a_link_without_signature_is_refused(desk):
    booking = await desk.booked(await desk.citizen(), await desk.slot(FRIDAY))
    status, _, _ = await fetch(desk, booking["calendar_url"].partition("?")[0])
    assert status == 422


def test_a_signature_depends_on_the_booking_and_on_the_key():
    signatures = {calendar.signature(booking, key) for booking in ("a", "b") for key in ("k" * 16, "l" * 16)}
    assert len(signatures) == 4
