"""Administrators give and take accounts and roles, and never shut everybody out."""

import asyncio
import re

import pytest
from playwright.sync_api import expect

from backend.audit.log import AuditLog
from backend.audit.tables import AuditOutcome
from backend.console.accounts import MAX_ATTEMPTS, sign_in
from backend.console.audit_page import PAGE_SIZE
from backend.console.rights import Caseworker, Grant, Right, Role
from backend.demo import seed
from backend.teams.repository import TeamRepository
from backend.teams.service import TeamService
from tests.backend.visitor import LOGIN, PASSWORD, Visitor, hire
from tests.e2e.axe import violations
from tests.e2e.browser import open_browser

ACCOUNTS, AUDIT, TEAMS = "/console/accounts", "/console/audit", "/console/teams"


@pytest.fixture
async def karen(client, database, clock):
    """An administrator who has signed in, and a team beside the one that receives."""
    async with database.write() as work:
        await TeamRepository(work.session).add_if_absent(
            {"id": "north", "name": "Nord", "organisation": None}
        )
        await work.commit()
    await hire(database, clock, grants=[Grant(Role.ADMINISTRATOR)])
    visitor = Visitor(client)
    await visitor.sign_in()
    return visitor


async def account_of(visitor, name):
    page = await visitor.get(ACCOUNTS)
    address = re.search(rf'href="([^"]+)">{name}</a>', page.source).group(1)
    return await visitor.get(address)


def entries(page):
    return page.source.count("<strong>") - 1


async def add(visitor, login="ole", name="Ole Bo"):
    page = await visitor.get(ACCOUNTS)
    return await visitor.send(page.form("Tilføj bruger"), login=login, name=name)


def password_on(page):
    return re.search("<code>(.+)</code>", page.source).group(1)


async def test_a_new_account_has_a_password_that_is_shown_once_and_no_role(karen, database, settings, clock):
    page = await add(karen)
    password = password_on(page)
    assert await sign_in(database, settings, clock(), "ole", password)
    again = await account_of(karen, "Ole Bo")
    assert password not in again.source
    assert "Ingen roller" in again.text


async def test_adding_a_login_that_is_taken_changes_nothing(karen, database, settings, clock):
    first = password_on(await add(karen))
    page = await add(karen, login=" OLE ", name="En anden")
    assert page.status == 409
    assert "allerede en" in page.text
    assert await sign_in(database, settings, clock(), "ole", first)


async def test_a_new_password_replaces_the_old_one(karen, database, settings, clock):
    page = await add(karen)
    old = password_on(page)
    new = password_on(await karen.send(page.form("Giv en ny adgangskode")))
    assert not await sign_in(database, settings, clock(), "ole", old)
    assert await sign_in(database, settings, clock(), "ole", new)


async def test_a_form_for_a_new_password_that_is_sent_twice_gives_one(karen, database, settings, clock):
    form = (await add(karen)).form("Giv en ny adgangskode")
    new = password_on(await karen.send(form))
    again = await karen.send(form)
    assert (again.status, "Adgangskoden er lige lavet om" in again.text) == (409, True)
    assert await sign_in(database, settings, clock(), "ole", new)


async def test_two_who_give_a_new_password_at_once_do_not_undo_each_other(karen, database, settings, clock):
    form = (await add(karen)).form("Giv en ny adgangskode")
    pages = await asyncio.gather(karen.send(form), karen.send(form))
    assert sorted(page.status for page in pages) == [200, 409]
    (given,) = [password_on(page) for page in pages if page.status == 200]
    assert await sign_in(database, settings, clock(), "ole", given)


async def test_a_locked_account_is_opened(karen, database, settings, clock):
    password = password_on(await add(karen))
    for _ in range(MAX_ATTEMPTS):
        await sign_in(database, settings, clock(), "ole", "forkert")
    assert not await sign_in(database, settings, clock(), "ole", password)
    page = await account_of(karen, "Ole Bo")
    assert "Låst" in page.text
    await karen.send(page.form("Lås op"))
    assert await sign_in(database, settings, clock(), "ole", password)


async def test_a_role_is_given_in_one_team_and_taken_again(karen):
    page = await add(karen)
    for _ in range(2):
        page = await karen.send(page.form("Giv rollen"), role="team_leader", team="north")
    assert page.text.count("Teamleder i Nord Fjern") == 1
    page = await karen.send(page.form("Fjern"))
    assert "Ingen roller" in page.text


@pytest.mark.parametrize(
    ("role", "team"), [("administrator", "north"), ("mayor", ""), ("caseworker", "south")]
)
async def test_a_role_that_cannot_be_is_not_given(karen, role, team):
    page = await add(karen)
    assert (await karen.send(page.form("Giv rollen"), role=role, team=team)).status == 400


def test_an_administrator_of_one_team_administers_nothing():
    somebody = Caseworker("id", "login", "name", frozenset({Grant(Role.ADMINISTRATOR, "north")}))
    assert not somebody.may(Right.ADMINISTER)


async def test_a_removed_account_cannot_sign_in(karen, database, settings, clock):
    page = await add(karen)
    await karen.send(page.form("Fjern brugeren"))
    assert "Ole Bo" not in (await karen.get(ACCOUNTS)).text
    assert not await sign_in(database, settings, clock(), "ole", password_on(page))


@pytest.mark.parametrize("button", ["Fjern", "Fjern brugeren"])
async def test_the_last_administrator_stays(karen, button):
    page = await karen.send((await account_of(karen, "Karen Holm")).form(button))
    assert (page.status, "Der skal være en administrator" in page.text) == (409, True)
    assert (await karen.get(ACCOUNTS)).status == 200


@pytest.mark.parametrize("button", ["Fjern", "Fjern brugeren"])
async def test_administrators_do_not_shut_themselves_out_but_another_may(karen, button):
    page = await add(karen)
    page = await karen.send(page.form("Giv rollen"), role="administrator", team="")
    refused = await karen.send((await account_of(karen, "Karen Holm")).form(button))
    assert "Du kan ikke lukke dig selv ude" in refused.text
    assert (await karen.send(page.form(button))).status == 200
    assert "Administrator i alle team" not in (await karen.get(ACCOUNTS)).text.partition("Ole Bo")[2]


async def test_the_log_tells_who_signed_in_who_could_not_and_who_signed_out(karen):
    await karen.send((await karen.get(ACCOUNTS)).form("Log ud"))
    await karen.sign_in(password="forkert")
    await karen.sign_in(login="en hemmelig kode")
    await karen.sign_in()
    text = (await karen.get(AUDIT)).text
    assert "karen sendte Log ud" in text
    assert "karen sendte Log ind" in text
    assert "karen blev afvist ved Log ind" in text
    assert "Ukendt bruger blev afvist ved Log ind" in text
    assert "hemmelig" not in text


async def test_the_log_tells_which_account_was_changed_and_which_role_was_given_and_taken(karen):
    page = await add(karen)
    page = await karen.send(page.form("Giv rollen"), role="team_leader", team="north")
    page = await karen.send(page.form("Fjern"))
    await karen.send(page.form("Giv en ny adgangskode"))
    page = await account_of(karen, "Ole Bo")
    address = page.form("Fjern brugeren").action.removesuffix("/remove")
    token = {"csrf_token": page.form("Log ud").fields["csrf_token"]}
    for act in ("unlock", "second-factor/remove", "remove"):
        assert (await karen.post(f"{address}/{act}", token)).status == 200
    # What nobody can be given is no role, and who is gone has no login.
    assert (await karen.post(f"{address}/roles", token)).status == 400
    assert (await karen.post(f"{address}/unlock", token)).status == 404
    text = (await karen.get(f"{AUDIT}?actor=karen")).text
    for told in (
        "Tilføj bruger : ole",
        "Giv rollen : ole, Teamleder i Nord",
        "Fjern rollen : ole, Teamleder i Nord",
        "Giv en ny adgangskode : ole",
        "Lås op : ole",
        "Fjern totrinslogin : ole",
        "Fjern brugeren : ole",
    ):
        assert text.count(told) == 1, told


async def test_the_log_is_narrowed_by_person_conversation_and_day(karen, database, settings, clock):
    async with database.write() as work:
        log = AuditLog(work.session, settings, clock())
        for action, one, listed in (("conversation", "c1", []), ("conversations", None, ["c1", "c22"])):
            await log.note(
                actor="ole", action=action, outcome=AuditOutcome.SHOWN, conversation_id=one, listed=listed
            )
        await work.commit()
    assert entries(await karen.get(f"{AUDIT}?actor=Ole")) == 2
    assert entries(await karen.get(f"{AUDIT}?conversation=c1")) == 2
    assert entries(await karen.get(f"{AUDIT}?conversation=c2")) == 0
    assert entries(await karen.get(f"{AUDIT}?actor=ole&day=2026-11-24")) == 2
    assert entries(await karen.get(f"{AUDIT}?actor=ole&day=2026-11-25")) == 0
    assert (await karen.get(f"{AUDIT}?day=i+går")).status == 400


async def test_the_log_goes_on_to_older_entries(karen, database, settings, clock):
    async with database.write() as work:
        for number in range(PAGE_SIZE + 1):
            await AuditLog(work.session, settings, clock()).note(
                actor="ole", action=f"action {number}", outcome=AuditOutcome.SHOWN
            )
        await work.commit()
    page = await karen.get(f"{AUDIT}?actor=ole")
    assert entries(page) == PAGE_SIZE
    (older,) = [link for link in page.links if link and "below=" in link]
    assert entries(await karen.get(older)) == 1


def team_form(page, name):
    (form,) = [form for form in page.forms if "Gem" in form.buttons and form.fields["name"] == name]
    return form


async def test_a_team_is_added_once_and_given_another_name_and_organisation(karen):
    page = await karen.get(TEAMS)
    for status in (200, 409):
        added = await karen.send(page.form("Tilføj team"), name="Syd", organisation="11-22")
        assert added.status == status
    changed = await karen.send(team_form(added, "Syd"), name="Sydvest", organisation="")
    assert team_form(changed, "Sydvest").fields["organisation"] == ""


async def test_two_teams_never_share_a_name_or_an_organisation(karen):
    page = await karen.get(TEAMS)
    page = await karen.send(page.form("Tilføj team"), name="Syd", organisation="11-22")
    for change in ({"name": "Syd"}, {"organisation": "11-22"}):
        refused = await karen.send(team_form(page, "Nord"), **change)
        assert (refused.status, "blev ikke gemt" in refused.text) == (409, True)
    assert team_form(await karen.get(TEAMS), "Nord").fields["organisation"] == ""


@pytest.mark.parametrize("change", [{"name": "Syd"}, {"organisation": "11-22"}])
async def test_of_two_changes_at_once_that_clash_one_is_refused(karen, database, change):
    page = await karen.get(TEAMS)
    page = await karen.send(page.form("Tilføj team"), name="Øst", organisation="")

    async with database.write() as work:
        teams = TeamService(TeamRepository(work.session))
        await teams.change("north", change.get("name", "Nord"), change.get("organisation"))
        await work.session.flush()
        other = asyncio.create_task(karen.send(team_form(page, "Øst"), **change))
        await asyncio.sleep(0.2)
        await work.commit()
    refused = await other
    assert (refused.status, "blev ikke gemt" in refused.text) == (409, True)


async def test_a_consultant_is_put_into_a_team(karen, database, settings, clock):
    await seed(database, settings, clock())
    page = await karen.get(TEAMS)
    form = next(form for form in page.forms if "Flyt" in form.buttons)
    page = await karen.send(form, team="north")
    assert [form.fields["team"] for form in page.forms if "Flyt" in form.buttons].count("north") == 1
    assert (await karen.send(form, team="south")).status == 404


async def test_axe_finds_nothing_on_the_pages_of_an_administrator(karen, client):
    def look():
        with open_browser() as browser:
            page = browser.new_page(viewport={"width": 320, "height": 640})
            page.goto(str(client.make_url(ACCOUNTS)))
            page.get_by_label("Brugernavn").fill(LOGIN)
            page.get_by_label("Adgangskode").fill(PASSWORD)
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", name="Brugere")).to_be_visible()
            assert violations(page) == []
            page.get_by_role("link", name="Log", exact=True).click()
            expect(page.get_by_role("heading", name="Log")).to_be_visible()
            assert violations(page) == []
            page.go_back()
            page.get_by_role("link", name="Team", exact=True).click()
            expect(page.get_by_role("heading", name="Nyt team")).to_be_visible()
            assert violations(page) == []
            page.go_back()
            page.get_by_role("link", name="Karen Holm").click()
            page.get_by_role("button", name="Giv rollen").click()
            expect(page.get_by_text("Sagsbehandler i alle team").first).to_be_visible()
            assert violations(page) == []

    await asyncio.to_thread(look)
