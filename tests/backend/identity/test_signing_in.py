"""People sign in at the municipality's OpenID provider, with the roles that it gives them at that moment."""

import asyncio
import hmac

import pytest
from sqlalchemy import func, select

from backend.audit.tables import AuditEntry
from backend.console.accounts import MAX_ATTEMPTS, AccountOfProvider, grants_of, save_account, sign_in
from backend.console.browser import FORM_COOKIE, SESSION_COOKIE
from backend.console.rights import Grant, Role
from backend.console.tables import ConsoleSession, ConsoleUser
from tests.backend.identity.conftest import NORTH_ORGANISATION, START, person
from tests.backend.story import Story
from tests.backend.visitor import LOGIN, NAME, PASSWORD, Visitor, hire, is_sign_in

NO_ACCESS = "Du har ikke adgang til Digispor"


async def stored(database, subject="karen"):
    async with database.read() as work:
        return await work.session.scalar(select(ConsoleUser).where(ConsoleUser.subject == subject))


async def count(database, table):
    async with database.read() as work:
        return await work.session.scalar(select(func.count()).select_from(table))


async def noted(database):
    async with database.read() as work:
        rows = await work.session.scalars(select(AuditEntry).order_by(AuditEntry.position))
        return [(row.actor.partition("~")[0], row.action, row.outcome) for row in rows]


async def test_who_signs_in_at_the_provider_is_shown_the_page_they_asked_for(browser, database):
    page = await browser.get("/console/conversations?search=mail")
    (link,) = [link for link in page.links if link and link.startswith(START)]
    page = await browser.enter(path=link)
    assert (page.url.path, page.url.query["search"]) == ("/console/conversations", "mail")
    assert NAME in page.text
    assert ("karen", "sign_in", "attempted") in await noted(database)


async def test_the_account_has_no_password_and_the_session_is_as_any_other(browser, database):
    await browser.enter()
    user = await stored(database)
    assert (user.password_hash, user.name, grants_of(user)) == (None, NAME, {Grant(Role.CASEWORKER)})
    cookie = browser.cookies[SESSION_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/console")
    assert await count(database, ConsoleSession) == 1


async def test_a_role_is_limited_to_the_team_of_its_organisation(browser, provider, north, archive, database):
    provider.know(karen=person({"role": "team_leader", "organisation": NORTH_ORGANISATION}))
    await archive.send(Story("ours").user("hej").events)
    await browser.enter()
    assert grants_of(await stored(database)) == {Grant(Role.TEAM_LEADER, "north")}
    assert (await browser.get("/console/conversations/ours")).status == 404


async def test_a_role_that_is_taken_at_the_provider_is_gone_here_at_the_next_sign_in(
    browser, open_another, provider, database
):
    provider.know(karen=person("caseworker:*", "administrator:*"))
    await browser.enter()
    assert (await browser.get("/console/accounts")).status == 200
    provider.know(karen=person("caseworker:*", name="Karen Holm Vind"))
    page = await (await open_another()).enter()
    assert "Karen Holm Vind" in page.text
    # The session from before has no more than the new one.
    assert (await browser.get("/console/accounts")).status == 403


async def test_who_has_no_role_any_more_is_told_so_and_signed_out_everywhere(
    browser, open_another, provider, database
):
    await browser.enter()
    provider.know(karen=person())
    page = await (await open_another()).enter()
    assert (page.status, NO_ACCESS in page.text, "Spørg din leder" in page.text) == (403, True, True)
    assert is_sign_in(await browser.get("/console/conversations"))
    assert grants_of(await stored(database)) == frozenset()
    assert ("karen", "sign_in", "refused") in await noted(database)


@pytest.mark.parametrize("roles", [[], ["caseworker"], ["mayor:*"], ["caseworker:unknown"]])
async def test_who_has_no_role_that_is_known_here_gets_neither_account_nor_session(
    browser, provider, database, roles
):
    provider.know(karen=person(*roles))
    page = await browser.enter()
    assert (page.status, NO_ACCESS in page.text) == (403, True)
    assert SESSION_COOKIE not in browser.cookies
    assert await count(database, ConsoleUser) == 0


async def test_who_came_with_the_wrong_login_can_come_with_another(browser, provider):
    provider.know(karen=person(), ole=person("caseworker:*", name="Ole Bo", login="ole"))
    page = await browser.enter()
    (again,) = [link for link in page.links if link and link.endswith("?again")]
    assert "Ole Bo" in (await browser.enter("ole", again)).text


async def test_the_provider_takes_over_no_account_of_the_same_login(
    browser, provider, database, settings, clock
):
    await hire(database, clock, grants=[Grant(Role.ADMINISTRATOR)])
    await browser.enter()
    assert (await browser.get("/console/accounts")).status == 403
    assert await count(database, ConsoleUser) == 2
    assert await sign_in(database, settings, clock(), LOGIN, PASSWORD)


async def test_two_people_whom_the_provider_calls_the_same_are_two(browser, open_another, provider, database):
    provider.know(a=person("caseworker:*"), b=person("bot_trainer:*"))
    await browser.enter("a")
    await (await open_another()).enter("b")
    a, b = await stored(database, "a"), await stored(database, "b")
    assert a.login != b.login
    assert grants_of(a) == {Grant(Role.CASEWORKER)}


async def test_an_account_of_the_provider_lets_nobody_in_with_a_password(browser, database, settings, clock):
    await browser.enter()
    login = (await stored(database)).login
    for password in ("", "None", PASSWORD):
        for _ in range(MAX_ATTEMPTS):
            assert await sign_in(database, settings, clock(), login, password) is None
    with pytest.raises(AccountOfProvider):
        await save_account(database, clock(), login=login, name="x", password=PASSWORD, grants=[])
    # Nor do guesses at it shut out whom it belongs to.
    assert NAME in (await browser.enter()).text


async def test_administrators_cannot_change_what_the_provider_says(
    browser, provider, client, database, clock
):
    await browser.enter()
    await hire(database, clock, login="ole", name="Ole Bo", grants=[Grant(Role.ADMINISTRATOR)])
    ole = Visitor(client)
    await ole.sign_in("ole")
    page = await ole.get(f"/console/accounts/{(await stored(database)).id}")
    assert "Rollerne kommer derfra" in page.text
    token = page.form("Fjern brugeren").fields["csrf_token"]
    for path, fields in (
        ("roles", {"role": "administrator", "team": ""}),
        ("roles/remove", {"role": "caseworker", "team": ""}),
        ("password", {"instead_of": ""}),
    ):
        refused = await ole.post(f"{page.url.path}/{path}", {"csrf_token": token, **fields})
        assert (refused.status, "hører til kommunens login" in refused.text) == (409, True)
    await ole.send(page.form("Fjern brugeren"))
    assert is_sign_in(await browser.get("/console/conversations"))


async def test_two_tabs_sign_in_side_by_side(browser):
    first = await browser.get(f"{START}?next=/console/meetings")
    second = await browser.get(f"{START}?next=/console/reviews")
    assert (await browser.pass_through(first)).url.path == "/console/meetings"
    assert (await browser.pass_through(second)).url.path == "/console/reviews"


async def test_two_browsers_that_sign_somebody_in_for_the_first_time_at_once_make_one_account(
    browser, open_another, database
):
    browsers = [browser, await open_another()]
    pages = await asyncio.gather(*[each.enter() for each in browsers])
    assert [NAME in page.text for page in pages] == [True, True]
    assert await count(database, ConsoleUser) == 1


async def test_a_tab_that_was_never_finished_does_not_fill_the_browser(browser):
    for _ in range(30):
        await browser.get(START, allow_redirects=False)
    assert len([name for name in browser.cookies if "attempt" in name]) <= 6
    assert NAME in (await browser.enter()).text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "/"])
async def test_signing_in_leads_to_no_other_site(browser, elsewhere):
    page = await browser.get(START, params={"next": elsewhere})
    assert (await browser.pass_through(page)).url.path == "/console/conversations"


async def test_the_provider_comes_first_and_accounts_of_the_consoles_own_still_work(browser, database, clock):
    await hire(database, clock)
    page = await browser.get("/console/sign-in")
    assert page.text.index("Log ind med kommunens login") < page.text.index("Brugernavn")
    assert NAME in (await browser.sign_in()).text


class TestWithoutLocalSignIn:
    @pytest.fixture
    def settings(self, settings):
        return settings.model_copy(update={"local_sign_in": False})

    async def test_only_the_provider_lets_in(self, browser, database, clock):
        await hire(database, clock)
        page = await browser.get("/console/sign-in")
        assert "Brugernavn" not in page.text
        assert NAME in (await browser.enter()).text

    async def test_a_form_that_is_still_open_is_refused(self, browser, settings, database, clock):
        await hire(database, clock)
        await browser.get("/console/sign-in")
        # The token that the form had before the setting was changed.
        key = settings.console_secret.newest.encode()
        token = hmac.new(key, f"csrf:{browser.cookies[FORM_COOKIE].value}".encode(), "sha256").hexdigest()
        fields = {"login": LOGIN, "password": PASSWORD, "csrf_token": token}
        page = await browser.post("/console/sign-in", fields)
        assert (page.status, "Det har du ikke adgang til" in page.text) == (403, True)
        assert SESSION_COOKIE not in browser.cookies
