"""Team leaders see what has waited for a caseworker longer than a day, in their own teams."""

import pytest

from backend.console.rights import Grant, Role
from backend.teams.repository import TeamRepository
from tests.backend.booking.conftest import Desk
from tests.backend.story import Archive, Story
from tests.backend.test_assessments import Talk
from tests.backend.visitor import Visitor, hire

NOTHING = "Intet har ventet i mere end et døgn."


@pytest.fixture
def lead(client, database, clock):
    """Signs somebody in who leads a team, or all."""

    async def lead(team_id=None):
        async with database.write() as work:
            team = {"id": "north", "name": "Nord", "organisation": None}
            await TeamRepository(work.session).add_if_absent(team)
            await work.commit()
        await hire(database, clock, grants=[Grant(Role.TEAM_LEADER, team_id)])
        visitor = Visitor(client)
        await visitor.sign_in()
        return visitor

    return lead


@pytest.fixture
async def told(client, database, clock, auth, make_citizen):
    """A sign of crisis, then a dispute, then an absence, each in a conversation of its own."""
    archive, desk = Archive(client), Desk(client, database, auth, make_citizen)
    for id in ("despairs", "disagrees", "is-sick"):
        await archive.send(Story(id).user("hej").events)
    await archive.flag("despairs", "crisis")
    clock.advance(hours=1)
    talk = Talk(client, auth, (await make_citizen("disagrees"))["id"])
    await talk.start(status=201)
    await talk.finish(1)
    placement = (await talk.result())["placement"]["id"]
    await talk.post(f"/placements/{placement}/dispute", {"reason": "jeg kan mere"})
    clock.advance(hours=1)
    booking = await desk.booked((await make_citizen("is-sick"))["id"], await desk.slot("2026-12-04T10:00"))
    await desk.change("absence", booking, reason="er syg")


def waiting(page):
    return [
        link.removeprefix("/console/conversations/")
        for link in page.links
        if link.startswith("/console/conversations/")
    ]


async def test_what_waits_longer_than_a_day_is_listed_longest_first(told, lead, clock):
    leader = await lead()
    assert NOTHING in (await leader.get("/console/waiting")).text
    clock.advance(hours=23.5)
    leader = await lead()
    assert waiting(await leader.get("/console/waiting")) == ["despairs", "disagrees"]
    clock.advance(hours=1)
    leader = await lead()
    page = await leader.get("/console/waiting")
    assert waiting(page) == ["despairs", "disagrees", "is-sick"]
    assert "Krise" in page.text
    assert "Borgeren er uenig" in page.text
    assert "Afbud" in page.text


async def test_what_has_been_seen_to_is_gone(told, lead, clock):
    clock.advance(hours=30)
    leader = await lead()
    page = await leader.get("/console/conversations/despairs")
    await leader.send(page.form("Jeg har set det"))
    page = await leader.get("/console/conversations/is-sick")
    await leader.send(page.form("Jeg har set afbuddet"))
    assert waiting(await leader.get("/console/waiting")) == ["disagrees"]


async def test_another_teams_leader_sees_nothing_of_it(told, lead, clock):
    clock.advance(hours=30)
    leader = await lead("north")
    assert NOTHING in (await leader.get("/console/waiting")).text
