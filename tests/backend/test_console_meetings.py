"""Caseworkers see the meetings of a day, and none of another team's."""

import pytest

from backend.console.rights import Grant, Role
from backend.teams.repository import TeamRepository
from tests.backend.booking.conftest import Desk
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
