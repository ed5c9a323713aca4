"""Caseworkers book, move and cancel meetings in the console, and see whether the citizen has been told."""

import re

import pytest
from sqlalchemy import select

from backend.booking.tables import Booking, BookingChange, Slot
from backend.citizens.tables import Citizen
from backend.console.rights import Grant, Role
from backend.outreach.tables import OutreachMessage, OutreachState
from backend.teams.repository import TeamRepository
from tests.backend.booking.conftest import Desk
from tests.backend.story import Story
from tests.backend.visitor import Visitor, hire

CITIZEN = {"name": "Åse Ærø", "phone": "20 12 34 56"}
FRIDAY, MONDAY = "2026-11-27T13:30", "2026-11-30T09:00"
NEW = "/console/conversations/c1/appointment"


@pytest.fixture
async def console(client, database, clock, archive):
    await hire(database, clock)
    visitor = Visitor(client)
    await visitor.sign_in()
    await archive.send(Story().user("hej").events)
    return visitor


@pytest.fixture
def desk(client, database, auth, make_citizen):
    return Desk(client, database, auth, make_citizen)


@pytest.fixture
def stored(database):
    async def stored(table):
        async with database.read() as work:
            return list(await work.session.scalars(select(table)))

    return stored


@pytest.fixture
async def booked(desk, make_citizen):
    """A meeting that the citizen has booked."""
    return await desk.booked((await make_citizen("c1"))["id"], await desk.slot(FRIDAY))


def of(booking, change):
    return f"/console/conversations/c1/bookings/{booking['id']}/{change}"


async def test_a_meeting_is_booked_after_the_notice_has_been_shown(console, desk, stored):
    slot = await desk.slot(FRIDAY)
    form = (await console.get(NEW)).form("Se beskeden")
    shown = await console.send(form, slot=slot, own="Vi glæder os til at se dig.", **CITIZEN)
    notice = (
        "Vi har booket en tid til dig: fredag den 27. november kl. 13.30-14.00 på telefonen, "
        "hos Mette Lindholm. "
        'Vi glæder os til at se dig. Passer den ikke, så skriv "flyt min tid" eller AFBUD her.'
    )
    assert notice in shown.text
    assert "Borgeren får beskeden i chatten" in shown.text
    assert await stored(Booking) == await stored(Citizen) == []
    done = await console.send(shown.form("Book tiden, og giv besked"))
    assert done.url.path == "/console/conversations/c1"
    assert "Beskeden er ikke kommet i chatten endnu" in done.text
    assert "Booket af Karen Holm" in done.text
    assert notice in done.text
    (message,) = await stored(OutreachMessage)
    assert message.values == {"notice": notice}
    (citizen,) = await stored(Citizen)
    assert (citizen.name, citizen.phone, citizen.channel) == ("Åse Ærø", "+4520123456", "web")


async def test_a_form_that_is_sent_again_books_nothing_more(console, desk, stored):
    page = await console.get(NEW + "?consultant=")
    assert "Der er ingen ledige tider" in page.text
    friday, monday = await desk.slot(FRIDAY), await desk.slot(MONDAY)
    form = (await console.get(NEW)).form("Se beskeden")
    last = (await console.send(form, slot=friday, **CITIZEN)).form("Book tiden, og giv besked")
    for _ in range(2):
        assert (await console.send(last)).status == 200
    other = await console.send(last, slot=monday)
    assert (other.status, "Borgeren har allerede en tid" in other.text) == (409, True)
    assert len(await stored(Booking)) == len(await stored(OutreachMessage)) == 1


async def test_a_second_tab_is_told_of_the_first_ones_booking(console, desk, stored):
    slots = [await desk.slot(FRIDAY), await desk.slot(MONDAY)]
    pages = [(await console.get(NEW)).form("Se beskeden") for _ in slots]
    lasts = [
        (await console.send(form, slot=slot, **CITIZEN)).form("Book tiden, og giv besked")
        for form, slot in zip(pages, slots, strict=True)
    ]
    first, second = [await console.send(last) for last in lasts]
    assert (first.status, second.status) == (200, 409)
    assert "Borgeren har allerede en tid" in second.text
    assert "fredag den 27. november" in second.text
    assert len(await stored(Booking)) == len(await stored(OutreachMessage)) == 1


async def test_who_comes_too_late_for_a_slot_is_shown_others(console, desk, stored):
    friday, monday = await desk.slot(FRIDAY), await desk.slot(MONDAY)
    form = (await console.get(NEW)).form("Se beskeden")
    last = (await console.send(form, slot=friday, **CITIZEN)).form("Book tiden, og giv besked")
    await desk.booked(await desk.citizen(), friday)
    page = await console.send(last)
    assert (page.status, "Tiden er lige blevet taget" in page.text) == (409, True)
    assert monday in page.source
    assert friday not in re.findall(r'id="tid-([^"]+)"', page.source)
    assert await stored(OutreachMessage) == []
    form = page.form("Se beskeden")
    assert (form.fields["name"], form.fields["phone"]) == ("Åse Ærø", "+4520123456")
    again = await console.send(form, slot=friday)
    assert (again.status, "Tiden er lige blevet taget" in again.text) == (409, True)
    last = (await console.send(form, slot=monday)).form("Book tiden, og giv besked")
    await console.send(last)
    assert sorted(booking.slot_id for booking in await stored(Booking)) == sorted([friday, monday])
    assert len(await stored(OutreachMessage)) == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": "1"}, "Skriv borgerens navn med bogstaver."),
        ({"phone": "12"}, "Skriv et telefonnummer, der findes."),
        ({"slot": ""}, "Vælg en af tiderne."),
        ({"own": "dit cpr er 010190-1234"}, "Skriv sætningen kortere, og uden CPR-nummer."),
        ({"own": "x" * 91}, "Skriv sætningen kortere, og uden CPR-nummer."),
    ],
)
async def test_what_is_filled_in_wrongly_is_told_and_kept(console, desk, stored, wrong, told):
    slot = await desk.slot(FRIDAY)
    form = (await console.get(NEW)).form("Se beskeden")
    filled = {"slot": slot, "own": "Velkommen.", **CITIZEN, **wrong}
    page = await console.send(form, **filled)
    assert (page.status, told in page.text) == (422, True)
    again = page.form("Se beskeden").fields
    assert again["own"] == filled["own"]
    straight = await console.post(NEW, {**form.fields, **filled})
    assert straight.status == 422
    assert await stored(Booking) == []


async def test_the_notice_can_be_changed_before_it_is_sent(console, desk):
    slot = await desk.slot(FRIDAY)
    form = (await console.get(NEW)).form("Se beskeden")
    shown = await console.send(form, slot=slot, ready="agreed", **CITIZEN)
    assert "Det er den tid, vi har aftalt." in shown.text
    page = await console.send(shown.form("Ret"), edit="yes")
    assert page.form("Se beskeden").fields["phone"] == "+4520123456"
    assert 'value="agreed" selected' in page.source
    assert f'value="{slot}" checked' in page.source


async def test_free_times_are_shown_by_day_and_consultant_and_only_what_is_free(console, desk):
    mette, bo = await desk.consultant(), await desk.consultant("Bo Bæk")
    days = ("2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01")
    slots = [await desk.slot(f"{day}T10:00", consultant_id=mette) for day in days]
    bos = await desk.slot("2026-11-27T10:00", consultant_id=bo)
    closed = await desk.slot("2026-11-28T10:00", consultant_id=bo)
    taken = await desk.slot("2026-11-27T11:00", consultant_id=bo)
    await desk.booked(await desk.citizen(), taken)
    first = await console.get(NEW)
    assert re.findall(r'id="tid-([^"]+)"', first.source) == [slots[0], *sorted([slots[1], bos]), slots[2]]
    assert "torsdag den 26. november" in first.text
    assert closed not in first.source
    assert taken not in first.source
    (following,) = [link for link in first.links if "from=2026-12-01" in link]
    assert re.findall(r'id="tid-([^"]+)"', (await console.get(following)).source) == [slots[3]]
    only_bo = await console.get(f"{NEW}?consultant={bo}")
    assert re.findall(r'id="tid-([^"]+)"', only_bo.source) == [bos]
    assert (await console.get(f"{NEW}?from=i+morgen")).status == 400


async def test_a_meeting_is_moved_and_the_citizen_told_once(console, desk, booked, stored):
    monday = await desk.slot(MONDAY)
    form = (await console.get(of(booked, "move"))).form("Se beskeden")
    last = (await console.send(form, slot=monday, ready="prevented")).form("Flyt tiden, og giv besked")
    for _ in range(2):
        done = await console.send(last)
    assert "Flyttet af Karen Holm til mandag den 30. november" in done.text
    (message,) = await stored(OutreachMessage)
    assert message.values["notice"].startswith("Vi har flyttet din tid. Den er nu mandag den 30. november")


async def test_a_meeting_is_cancelled_with_a_reason_that_the_citizen_does_not_see(console, booked, stored):
    form = (await console.get(of(booked, "cancel"))).form("Se beskeden")
    assert (await console.send(form)).status == 422
    shown = await console.send(form, reason="dobbeltbooket", ready="prevented")
    last = shown.form("Aflys tiden, og giv besked")
    for _ in range(2):
        done = await console.send(last)
    assert "Aflyst af Karen Holm. dobbeltbooket" in done.text
    (message,) = await stored(OutreachMessage)
    assert "dobbeltbooket" not in message.values["notice"]
    assert [change.kind for change in await stored(BookingChange)] == ["booked", "cancelled"]


@pytest.mark.parametrize("change", ["move", "cancel"])
async def test_what_the_citizen_changed_meanwhile_is_told_and_left(console, desk, booked, stored, change):
    tuesday = await desk.slot("2026-12-01T10:00")
    filled = {"slot": tuesday} if change == "move" else {"reason": "syg"}
    button = {"move": "Flyt tiden, og giv besked", "cancel": "Aflys tiden, og giv besked"}[change]
    form = (await console.get(of(booked, change))).form("Se beskeden")
    last = (await console.send(form, **filled)).form(button)
    hold = await desk.held(booked["citizen_id"], await desk.slot(MONDAY))
    moved = (await desk.change("move", booked, hold_id=hold)).body
    for page in (await console.send(last), await console.send(form, **filled)):
        assert (page.status, "Tiden er ændret imens" in page.text) == (409, True)
        assert "Tiden er mandag den 30. november" in page.text
    await desk.change("cancel", moved)
    for page in (await console.send(last), await console.send(form, **filled)):
        assert (page.status, "Den kan ikke flyttes eller aflyses." in page.text) == (409, True)
    assert await stored(OutreachMessage) == []


async def test_a_meeting_that_has_begun_cannot_be_changed(console, booked, clock):
    clock.advance(days=4)
    await console.sign_in()
    page = await console.get(of(booked, "cancel"))
    assert "Tiden er begyndt" in page.text
    assert not [form for form in page.forms if "Se beskeden" in form.buttons]
    assert of(booked, "move") not in (await console.get("/console/conversations/c1")).links


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (OutreachState.IN_CHAT, "Beskeden står i chatten. Borgeren ser den, næste gang chatten er åben."),
        (OutreachState.DROPPED, "Beskeden er ikke sendt."),
    ],
)
async def test_it_is_shown_whether_the_citizen_has_been_told(
    console, booked, database, clock, archive, state, told
):
    form = (await console.get(of(booked, "cancel"))).form("Se beskeden")
    shown = await console.send(form, reason="syg")
    await console.send(shown.form("Aflys tiden, og giv besked"))
    async with database.write() as work:
        message = (await work.session.scalars(select(OutreachMessage))).one()
        message.state, message.changed_at = state, clock()
        await work.commit()
    assert told in (await console.get("/console/conversations/c1")).text
    clock.advance(minutes=5)
    await archive.send(Story(start=clock().timestamp()).user("hvad så").events)
    page = await console.get("/console/conversations/c1")
    wrote_since = "borgeren har skrevet i chatten efter den" in page.text
    assert wrote_since == (state is OutreachState.IN_CHAT)


async def test_who_cannot_be_written_to_is_to_be_called(console, desk, make_citizen):
    await make_citizen("c1", "sms")
    slot = await desk.slot(FRIDAY)
    form = (await console.get(NEW)).form("Se beskeden")
    shown = await console.send(form, slot=slot, **CITIZEN)
    assert "Digispor kan ikke skrive til borgeren. Ring til borgeren." in shown.text
    done = await console.send(shown.form("Book tiden"))
    assert "Beskeden er ikke sendt. Ring til borgeren" in done.text


@pytest.fixture
async def north(database):
    async with database.write() as work:
        team = {"id": "north", "name": "Nord", "organisation": None}
        await TeamRepository(work.session).add_if_absent(team)
        await work.commit()


async def test_another_teams_citizen_has_no_such_pages(
    client, database, clock, console, booked, north, stored
):
    form = (await console.get(of(booked, "cancel"))).form("Se beskeden")
    last = (await console.send(form, reason="syg")).form("Aflys tiden, og giv besked")
    await hire(database, clock, grants=[Grant(Role.CASEWORKER, "north")])
    outsider = Visitor(client)
    await outsider.sign_in()
    token = (await outsider.get("/console/conversations")).form("Log ud").fields["csrf_token"]
    for path in (NEW, of(booked, "move"), of(booked, "cancel")):
        assert (await outsider.get(path)).status == 404
    for action in (last.action, of(booked, "cancel/check"), of(booked, "attendance")):
        fields = {**last.fields, "csrf_token": token, "attended": "yes", "back": "meetings"}
        assert (await outsider.post(action, fields)).status == 404
    assert [change.kind for change in await stored(BookingChange)] == ["booked"]


async def test_a_meeting_of_another_conversation_is_not_found_in_this_one(console, desk, archive, booked):
    await archive.send(Story("c2").user("hej").events)
    await desk.make_citizen("c2")
    assert (await console.get(of(booked, "move").replace("/c1/", "/c2/"))).status == 404


async def test_a_conversation_that_leaves_the_team_with_its_booking_is_said_to_have(
    client, database, clock, console, desk, north, stored
):
    slot = await desk.slot(FRIDAY)
    async with database.write() as work:
        (await work.session.get_one(Slot, slot)).consultant.team_id = "north"
        await work.commit()
    await hire(database, clock, grants=[Grant(Role.CASEWORKER, "intake")])
    insider = Visitor(client)
    await insider.sign_in()
    form = (await insider.get(NEW)).form("Se beskeden")
    shown = await insider.send(form, slot=slot, **CITIZEN)
    done = await insider.send(shown.form("Book tiden, og giv besked"))
    assert (done.status, "Tiden er booket" in done.text) == (200, True)
    assert "det gør samtalen nu også" in done.text
    assert len(await stored(Booking)) == 1
