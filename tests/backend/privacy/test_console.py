"""The staff see what citizens ask about their data, how long is left, and that something was erased."""

import pytest

from backend.console.rights import Grant, Role
from backend.teams.repository import TeamRepository
from backend.teams.tables import INTAKE
from tests.backend.privacy.conftest import SECRET, WEB
from tests.backend.privacy.test_copies import link_of
from tests.backend.privacy.test_erasing import identify
from tests.backend.visitor import Visitor, hire

PAGE = "/console/rights-requests"


@pytest.fixture
def sign_in(client, database, clock):
    async def sign_in(team=INTAKE):
        async with database.write() as work:
            north = {"id": "north", "name": "Nord", "organisation": None}
            await TeamRepository(work.session).add_if_absent(north)
            await work.commit()
        await hire(database, clock, "leder", grants=[Grant(Role.TEAM_LEADER, team)])
        visitor = Visitor(client)
        await visitor.sign_in("leder")
        return visitor

    return sign_in


async def test_open_requests_are_listed_with_what_is_left_of_the_month(person, sign_in, clock):
    await person.arrive()
    await person.asks()
    leader = await sign_in()
    page = await leader.get(PAGE)
    assert "Vil have sine oplysninger slettet" in page.text
    assert "Venter på, at I finder ud af, hvem det er" in page.text
    assert "30 dage tilbage" in page.text
    clock.advance(days=31)
    assert "Fristen er overskredet" in (await (await sign_in()).get(PAGE)).text


class TestAtTheDesk:
    DESK = f"/console/desk/conversations/{WEB}"

    @pytest.fixture
    async def karen(self, person, client):
        await person.arrive(tells_number=False)
        visitor = Visitor(client)
        await visitor.sign_in()
        return visitor

    async def test_whoever_opens_a_conversation_is_told_that_it_is_to_be_erased(self, person, karen):
        request = await person.asks()
        assert "slettet" not in (await karen.get(self.DESK)).text
        await person.begins_erasure(request)
        assert "Borgeren har bedt om at få samtalen slettet." in (await karen.get(self.DESK)).text

    async def test_and_then_that_it_is_erased_however_late_they_come(self, person, karen, worker):
        request = await person.asks()
        page = await karen.get(self.DESK)
        begun = await person.begins_erasure(request)
        await worker.go_round()
        for late in (await karen.get(self.DESK), await karen.send(page.form("Tag samtalen"))):
            assert late.status == 200
            assert "Borgeren har fået samtalen slettet" in late.text
            assert begun["number"] in late.text
            assert "Træd ind i samtalen" not in late.text

    async def test_another_team_is_not_told(self, person, worker, sign_in):
        await person.arrive(tells_number=False)
        await person.begins_erasure(await person.asks())
        await worker.go_round()
        assert (await (await sign_in("north")).get(self.DESK)).status == 404


async def test_another_teams_requests_are_neither_listed_nor_changed(person, sign_in):
    await person.arrive()
    request = await person.asks()
    other = await sign_in("north")
    page = await other.get(PAGE)
    assert "Ingen borgere venter" in page.text
    token = page.form("Log ud").fields
    for verb in ("identity", "close"):
        assert (await other.post(f"{PAGE}/{request['id']}/{verb}", token)).status == 404
    assert (await person.asks())["id"] == request["id"]


async def test_who_is_known_to_a_leader_goes_on_in_the_chat(person, sign_in, worker):
    await person.arrive()
    assert not (await person.asks())["is_identified"]
    leader = await sign_in()
    form = (await leader.get(PAGE)).form("Jeg er sikker på, hvem det er")
    for _ in range(2):
        assert (await leader.send(form)).status == 200
    request = await person.asks()
    assert request["is_identified"]
    receipt = await person.begins_erasure(request, "cancel")
    await worker.go_round()
    assert (await person.receipt(receipt["number"]))["done_at"]


async def test_a_request_that_was_met_otherwise_is_closed(person, sign_in):
    await person.arrive()
    await person.asks()
    leader = await sign_in()
    page = await leader.send((await leader.get(PAGE)).form("Ønsket er klaret på anden måde"))
    assert "Ingen borgere venter" in page.text


async def test_the_citizen_sees_that_somebody_has_said_who_they_are_and_closed_their_request(
    client, person, sign_in, database
):
    await person.arrive()
    await person.asks()
    leader = await sign_in()
    page = await leader.send((await leader.get(PAGE)).form("Jeg er sikker på, hvem det er"))
    await leader.send(page.form("Ønsket er klaret på anden måde"))
    page = await Visitor(client).post(await link_of(person, database), {"format": "html"})
    for form in ("Jeg er sikker på, hvem det er", "Ønsket er klaret på anden måde"):
        assert form in page.text


async def test_in_the_place_of_an_erased_conversation_stands_one_line(person, sign_in, database, worker):
    await person.arrive()
    await person.decide()
    request = await person.asks()
    await identify(database, request["id"])
    receipt = await person.begins_erasure(request, "cancel")
    await worker.go_round()
    leader = await sign_in()
    page = await leader.get(f"/console/conversations/{WEB}")
    assert page.status == 200
    assert (
        f"Borgeren har fået samtalen slettet den 24. november 2026 kl. 9.00. Kvittering {receipt['number']}."
        in page.text
    )
    assert SECRET not in page.source.replace(SECRET.title(), "")
    assert "Aftalt med borgeren" in page.text
    assert "Aflyst" in page.text


async def test_another_team_does_not_learn_that_anything_was_erased(person, sign_in, worker):
    await person.arrive(tells_number=False)
    await person.begins_erasure(await person.asks())
    await worker.go_round()
    assert (await (await sign_in("north")).get(f"/console/conversations/{WEB}")).status == 404


async def test_a_meeting_that_is_kept_can_be_prepared_and_held(person, sign_in, database, worker, clock):
    await person.arrive()
    await person.decide()
    request = await person.asks()
    await identify(database, request["id"])
    await person.begins_erasure(request, "keep")
    await worker.go_round()
    leader = await sign_in()
    brief = f"/console/bookings/{person.booking['id']}/brief"
    assert "Samtaleforberedelse" in (await leader.get(brief)).text
    clock.advance(days=3)
    await worker.go_round()
    leader = await sign_in()
    page = await leader.get(f"/console/conversations/{WEB}")
    assert "Slettet af borgeren" in page.text
    assert (await leader.get(brief)).status == 200
