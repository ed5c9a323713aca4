"""Caseworkers see the meetings of a day, and none of another team's."""

import pytest

from backend.console.rights import Grant, Role
from backend.teams.repository import TeamRepository
from tests.backend.booking.conftest import Desk
from tests.backend.story import Story
from tests.backend.visitor import Visitor, hire

DAY = "/console/meetings?day=2026-11-27"


@pytest.fixture
async def console(client, database, clock):
    await hire(database, clock)
    visitor = Visitor(client)
    await visitor.sign_in()
    return visitor


@pytest.fixture
def desk(client, database, auth, make_citizen):
    return Desk(client, database, auth, make_citizen)


@pytest.fixture
def book(desk, make_citizen):
    """Books a citizen's meeting at a Danish time."""

    async def book(conversation_id, starts):
        citizen = await make_citizen(conversation_id)
        return await desk.booked(citizen["id"], await desk.slot(starts))

    return book


async def test_a_day_without_meetings_says_so(console):
    assert "Der er ingen møder den dag" in (await console.get(DAY)).text


async def test_the_meetings_of_a_danish_day_are_shown_by_start(console, book):
    await book("late", "2026-11-27T12:00")
    await book("early", "2026-11-27T09:00")
    await book("next", "2026-11-30T09:00")
    page = await console.get(DAY)
    assert "Møder fredag den 27. november 2026" in page.text
    assert page.text.index("kl. 9.00-9.30") < page.text.index("kl. 12.00-12.30")
    assert "/console/conversations/next" not in page.links
    assert "Hos Mette Lindholm Telefon Booket" in page.text


async def test_a_meeting_shows_that_it_is_cancelled_or_that_the_citizen_cannot_come(console, book, desk):
    await desk.change("absence", await book("ill", "2026-11-27T09:00"), reason="er syg")
    assert "Afbud" in (await console.get(DAY)).text
    await desk.change("cancel", await book("away", "2026-11-27T10:00"))
    assert "Aflyst" in (await console.get(DAY)).text


async def test_the_days_before_and_after_are_one_link_away(console):
    page = await console.get(DAY)
    assert "/console/meetings?day=2026-11-26" in page.links
    assert "/console/meetings?day=2026-11-28" in page.links


@pytest.mark.parametrize("day", ["i+morgen", "1850-01-01", "2026-02-30"])
async def test_what_is_no_day_is_refused(console, day):
    assert (await console.get(f"/console/meetings?day={day}")).status == 400


@pytest.mark.parametrize("day", ["2000-01-01", "2999-12-31"])
async def test_the_first_and_the_last_day_can_be_shown(console, day):
    assert (await console.get(f"/console/meetings?day={day}")).status == 200


@pytest.mark.parametrize("page", ["meetings", "brief", "conversation"])
async def test_a_meeting_is_marked_where_it_is_shown_once_it_has_begun(console, book, clock, archive, page):
    await archive.send(Story("c1").user("hej").events)
    booking = await book("c1", "2026-11-27T09:00")
    address = {
        "meetings": DAY,
        "brief": f"/console/bookings/{booking['id']}/brief",
        "conversation": "/console/conversations/c1",
    }[page]
    assert not [form for form in (await console.get(address)).forms if "Mødte op" in form.buttons]
    clock.advance(days=3, hours=1)
    await console.sign_in()
    shown = await console.get(address)
    assert "Det er et menneske, der beslutter" in shown.text
    form = shown.form("Mødte ikke op")
    for _ in range(2):
        marked = await console.send(form, attended="no")
    assert marked.url.path == address.partition("?")[0]
    assert "mødte ikke op" in marked.text.casefold()
    corrected = await console.send(marked.form("Mødte op"), attended="yes")
    assert not [form for form in corrected.forms if "Mødte op" in form.buttons]
    stale = await console.send(form, attended="no")
    assert (stale.status, "Nogen har ændret det imens" in stale.text) == (409, True)
    history = (await console.get("/console/conversations/c1")).text
    assert "Markeret som ikke mødt op af Karen Holm" in history
    assert "Markeret som mødt op af Karen Holm" in history


async def test_who_told_that_they_cannot_come_is_not_offered_as_not_met(console, book, desk, clock):
    await desk.change("absence", await book("ill", "2026-11-27T09:00"), reason="er syg")
    clock.advance(days=3, hours=1)
    await console.sign_in()
    page = await console.get(DAY)
    form = page.form("Mødte op")
    assert "Mødte ikke op" not in form.buttons
    refused = await console.send(form, attended="no")
    assert (refused.status, "Mødet kan ikke markeres sådan" in refused.text) == (409, True)


@pytest.mark.parametrize("wrong", [{"attended": "maybe"}, {"version": "x"}, {"version": "1" * 20}])
async def test_a_mark_that_no_page_offers_is_refused(console, book, clock, wrong):
    await book("c1", "2026-11-27T09:00")
    clock.advance(days=3, hours=1)
    await console.sign_in()
    form = (await console.get(DAY)).form("Mødte op")
    assert (await console.send(form, **{"attended": "yes", **wrong})).status == 400


async def test_another_teams_meetings_are_not_shown(client, database, clock, book):
    await book("ours", "2026-11-27T09:00")
    async with database.write() as work:
        team = {"id": "north", "name": "Nord", "organisation": None}
        await TeamRepository(work.session).add_if_absent(team)
        await work.commit()
    await hire(database, clock, grants=[Grant(Role.CASEWORKER, "north")])
    outsider = Visitor(client)
    await outsider.sign_in()
    assert "Der er ingen møder den dag" in (await outsider.get(DAY)).text
