"""Caseworkers choose their own password, one that is hard to guess, and see where they are signed in."""

import asyncio
import re

import pytest
from aiohttp import ClientSession, CookieJar
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect

from backend import danish
from backend.audit.repository import AuditRepository
from backend.console import accounts, passwords
from backend.console.accounts import GIVEN_PASSWORD_LASTS, LONGEST_SILENCE, MAX_ATTEMPTS, sign_in
from backend.console.administration import new_password, password_mark
from backend.console.own_password import OwnPasswordChanged, change_password
from backend.console.passwords import LONGEST, SHORTEST, Weakness, weakness
from backend.console.repository import AccountRepository
from backend.console.rights import Grant, Role
from tests.backend.visitor import LOGIN, NAME, PASSWORD, Visitor, hire, is_sign_in, signed_in
from tests.e2e.axe import violations
from tests.e2e.browser import open_browser

ME, LIST = "/console/me", "/console/conversations"
CHOSEN = "hest batteri lampe sky"
CHANGED, NOT_CHANGED = "Adgangskoden er skiftet", "Adgangskoden er ikke skiftet"


@pytest.fixture
async def karen(client, database, clock):
    """Somebody who has signed in with a password of her own."""
    return await signed_in(client, database, clock)


@pytest.fixture
async def at_home(client):
    """Another browser of hers, with cookies of its own."""
    async with ClientSession(client.make_url("/"), cookie_jar=CookieJar(unsafe=True)) as session:
        yield Visitor(session)


@pytest.fixture
async def administrator(client, database, clock):
    return await signed_in(
        client, database, clock, login="ole", name="Ole Bo", grants=[Grant(Role.ADMINISTRATOR)]
    )


@pytest.fixture
async def given_password(administrator):
    """What an administrator gave Karen, who may see the figures and conversations."""
    page = await administrator.get("/console/accounts")
    page = await administrator.send(page.form("Tilføj bruger"), login=LOGIN, name=NAME)
    password = re.search("<code>(.+)</code>", page.source).group(1)
    await administrator.send(page.form("Giv rollen"), role="caseworker", team="")
    await administrator.send(page.form("Log ud"))
    return password


async def change(visitor, present=PASSWORD, chosen=CHOSEN, again=None):
    page = await visitor.get(ME)
    fields = {"present": present, "chosen": chosen, "again": chosen if again is None else again}
    return await visitor.send(page.form("Skift adgangskode"), **fields)


async def account_of(administrator, name):
    page = await administrator.get("/console/accounts")
    return await administrator.get(re.search(rf'href="([^"]+)">{name}</a>', page.source).group(1))


class TestAPasswordOfOnesOwn:
    async def test_takes_the_place_of_the_old_one(self, karen, database, settings, clock):
        page = await change(karen)
        assert CHANGED in page.text
        assert await sign_in(database, settings, clock(), LOGIN, CHOSEN)
        assert not await sign_in(database, settings, clock(), LOGIN, PASSWORD)

    async def test_signs_out_everywhere_but_here(self, karen, at_home):
        assert not is_sign_in(await at_home.sign_in())
        await change(karen)
        assert is_sign_in(await at_home.get(LIST))
        assert not is_sign_in(await karen.get(LIST))

    async def test_comes_with_a_new_session_so_that_a_stolen_one_is_worth_nothing(self, karen):
        stolen = karen.cookies["digispor_console"].value
        await change(karen)
        karen.take_session(stolen)
        assert is_sign_in(await karen.get(LIST))

    async def test_is_not_taken_from_who_does_not_have_the_present_one(
        self, karen, database, settings, clock
    ):
        page = await change(karen, present="ikke den rigtige")
        assert (page.status, "Enten passer din nuværende adgangskode ikke" in page.text) == (422, True)
        assert not await sign_in(database, settings, clock(), LOGIN, CHOSEN)

    async def test_wrong_guesses_at_the_present_one_lock_the_account(self, karen):
        for _ in range(MAX_ATTEMPTS):
            await change(karen, present="ikke den rigtige")
        assert NOT_CHANGED in (await change(karen)).text

    @pytest.mark.parametrize(
        ("chosen", "again", "told"),
        [
            ("kort", "kort", "for kort"),
            ("x" * (LONGEST + 1), "x" * (LONGEST + 1), "for lang"),
            ("Velkommen2026!", "Velkommen2026!", "nem at gætte"),
            ("karenholm1978", "karenholm1978", "nem at gætte"),
            ("København2026", "København2026", "nem at gætte"),
            ("københavns kommune", "københavns kommune", "nem at gætte"),
            (PASSWORD, PASSWORD, "samme adgangskode begge steder"),
            (CHOSEN, CHOSEN.upper(), "ikke det samme de to gange"),
        ],
    )
    async def test_that_is_not_good_enough_or_mistyped_changes_nothing(
        self, karen, database, settings, clock, chosen, again, told
    ):
        page = await change(karen, chosen=chosen, again=again)
        assert (page.status, told in page.text) == (422, True)
        assert f'value="{chosen}"' not in page.source
        assert await sign_in(database, settings, clock(), LOGIN, PASSWORD)

    async def test_is_compared_to_its_end(self, karen, database, settings, clock):
        longest = "hest batteri lampe sky " * 21 + "fløde kran himmel"
        assert len(longest) == LONGEST
        assert CHANGED in (await change(karen, chosen=longest)).text
        assert await sign_in(database, settings, clock(), LOGIN, longest)
        assert not await sign_in(database, settings, clock(), LOGIN, longest + "x")
        assert not await sign_in(database, settings, clock(), LOGIN, longest[:-1])

    async def test_two_that_are_chosen_at_once_do_not_undo_each_other(self, karen, database, settings, clock):
        async with database.read() as work:
            user = await AccountRepository(work.session).user(LOGIN)
        both = [CHOSEN, "fløde kran himmel otte"]
        mark = password_mark(user.password_hash)
        answers = await asyncio.gather(
            *[
                change_password(database, clock(), user.id, PASSWORD, chosen, instead_of=mark)
                for chosen in both
            ],
            return_exceptions=True,
        )
        (kept,) = [chosen for chosen, answer in zip(both, answers, strict=True) if isinstance(answer, tuple)]
        (refusal,) = [answer for answer in answers if not isinstance(answer, tuple)]
        assert isinstance(refusal, OwnPasswordChanged)
        assert await sign_in(database, settings, clock(), LOGIN, kept)

    async def test_whose_form_is_sent_twice_at_once_is_never_said_not_to_be_changed(self, karen):
        form = (await karen.get(ME)).form("Skift adgangskode")
        fields = {"present": PASSWORD, "chosen": CHOSEN, "again": CHOSEN}
        pages = await asyncio.gather(karen.send(form, **fields), karen.send(form, **fields))
        assert not [page for page in pages if NOT_CHANGED in page.text]
        assert [page for page in pages if CHANGED in page.text or "lige skiftet" in page.text]

    async def test_a_link_from_somebody_else_does_not_say_that_it_was_changed(self, karen):
        assert CHANGED not in (await karen.get(f"{ME}?changed=password")).text

    async def test_the_old_one_opens_nothing_that_was_begun_before_it_was_changed(
        self, karen, database, settings, clock, monkeypatch
    ):
        """The password fits when it is looked at, and is another one when the session would be opened."""

        async def look_slowly(password, password_hash):
            fits = await passwords.is_password(password, password_hash)
            await change(karen)
            return fits

        monkeypatch.setattr(accounts, "is_password", look_slowly)
        assert await sign_in(database, settings, clock(), LOGIN, PASSWORD) is None

    async def test_is_noted_in_the_log_and_never_written_there(self, karen, database):
        await change(karen)
        async with database.read() as work:
            entries = await AuditRepository(work.session).after(None, limit=50)
        assert "change_own_password" in {entry.action for entry in entries}
        assert CHOSEN not in str([vars(entry) for entry in entries])


class TestAPasswordThatSomebodyElseGave:
    async def test_leads_to_where_ones_own_is_chosen_and_then_on(self, karen_with_it, given_password):
        page = await karen_with_it.get(LIST)
        assert page.url.path == ME
        assert "Vælg din egen adgangskode" in page.text
        page = await change(karen_with_it, present=given_password)
        assert CHANGED in page.text
        assert "Vælg din egen adgangskode" not in page.text
        assert (await karen_with_it.get(LIST)).url.path == LIST

    async def test_lets_in_once_it_was_changed_by_who_got_it(
        self, karen_with_it, given_password, database, settings, clock
    ):
        await change(karen_with_it, present=given_password)
        clock.advance(seconds=GIVEN_PASSWORD_LASTS.total_seconds() + 1)
        assert await sign_in(database, settings, clock(), LOGIN, CHOSEN)

    async def test_runs_out(self, client, given_password, clock):
        clock.advance(seconds=GIVEN_PASSWORD_LASTS.total_seconds() + 1)
        visitor = Visitor(client)
        page = await visitor.sign_in(password=given_password)
        assert (page.status, "Adgangskoden gælder ikke længere" in page.text) == (401, True)
        # Who does not have it is not told.
        page = await visitor.sign_in(password="ikke den rigtige")
        assert (page.status, "gælder ikke længere" in page.text) == (401, False)
        for _ in range(MAX_ATTEMPTS):
            page = await visitor.sign_in(password=given_password)
        assert "gælder ikke længere" in page.text

    async def test_is_shown_to_the_administrator_as_not_yet_changed(
        self, given_password, karen_with_it, administrator
    ):
        told = (
            "har ikke valgt sin egen adgangskode endnu. Den, der er givet, gælder til tirsdag den 1. december"
        )
        await change(karen_with_it, present=given_password)
        await karen_with_it.send((await karen_with_it.get(ME)).form("Log ud"))
        await administrator.sign_in("ole")
        page = await account_of(administrator, NAME)
        assert told not in page.text
        page = await administrator.send(page.form("Giv en ny adgangskode"))
        assert told in page.text

    @pytest.fixture
    async def karen_with_it(self, client, given_password):
        visitor = Visitor(client)
        await visitor.sign_in(password=given_password)
        return visitor


class TestAnAdministratorsOwnAccount:
    async def test_has_no_way_around_the_present_password(self, administrator, database, settings, clock):
        page = await account_of(administrator, "Ole Bo")
        buttons = {button for form in page.forms for button in form.buttons}
        assert not buttons & {"Giv en ny adgangskode", "Fjern totrinslogin"}
        assert ME in page.links

        for what in ("password", "second-factor/remove"):
            sent = await administrator.post(f"{page.url.path}/{what}", page.form("Giv rollen").fields)
            assert (sent.status, "Det gør du under Min konto" in sent.text) == (409, True)
        assert await sign_in(database, settings, clock(), "ole", PASSWORD)


class TestWhereElse:
    async def test_nobody_else_is_told_when_there_is_nobody(self, karen):
        assert "Du er kun logget ind her." in (await karen.get(ME)).text

    async def test_one_is_signed_in_is_shown_and_can_be_ended(self, karen, at_home):
        await at_home.sign_in()
        page = await karen.get(ME)
        assert (
            "Du er også logget ind 1 andet sted, senest brugt tirsdag den 24. november kl. 9.00" in page.text
        )
        page = await karen.send(page.form("Log ud de andre steder"))
        assert "Du er kun logget ind her." in page.text
        assert is_sign_in(await at_home.get(LIST))
        assert not is_sign_in(await karen.get(LIST))

    async def test_a_session_that_has_run_out_does_not_count(self, karen, at_home, clock):
        await at_home.sign_in()
        clock.advance(seconds=LONGEST_SILENCE.total_seconds() - 30)
        # Hers is renewed by this, the other is not.
        await karen.get(ME)
        clock.advance(minutes=1)
        assert "Du er kun logget ind her." in (await karen.get(ME)).text

    async def test_nobody_elses_are_ended(self, karen, at_home, database, clock):
        await hire(database, clock, login="ole", name="Ole Bo")
        await at_home.sign_in("ole")
        page = await karen.get(ME)
        assert "Du er kun logget ind her." in page.text
        await karen.post(f"{ME}/other-sessions/end", page.form("Skift adgangskode").fields)
        assert not is_sign_in(await at_home.get(LIST))


@pytest.mark.parametrize("password", ["København2026", "Borgerservice1", "skolevej12345", "Vesterbro-1234"])
async def test_what_danes_take_first_is_no_password(password):
    assert await weakness(password, "karen Holm Københavns Kommune") is Weakness.EASY_TO_GUESS


@given(
    word=st.sampled_from([*danish.MONTHS, "sommer", "velkommen", "kodeord", "karen", "password", "qwerty"]),
    number=st.integers(0, 2040),
    end=st.sampled_from(["", "!", "!!", "."]),
    is_capital=st.booleans(),
)
async def test_a_well_known_word_with_a_number_behind_is_no_password(word, number, end, is_capital):
    password = f"{word.capitalize() if is_capital else word}{number}{end}"
    assert await weakness(password, "karen Holm") in (Weakness.SHORT, Weakness.EASY_TO_GUESS)


@given(st.text(max_size=SHORTEST - 1))
async def test_nothing_short_is_a_password(password):
    assert await weakness(password, "") is Weakness.SHORT


@given(st.text(min_size=SHORTEST, max_size=LONGEST))
async def test_whatever_is_typed_is_judged(password):
    assert await weakness(password, "karen") in (None, Weakness.EASY_TO_GUESS)


async def test_a_password_from_the_machine_is_good_enough():
    assert {await weakness(new_password(), "") for _ in range(50)} == {None}


async def test_axe_finds_nothing_and_the_keyboard_is_enough(client, database, clock, given_password):
    def look():
        with open_browser() as browser:
            page = browser.new_page(viewport={"width": 320, "height": 640})
            page.goto(str(client.make_url(LIST)))
            page.get_by_label("Brugernavn").fill(LOGIN)
            page.get_by_label("Adgangskode").fill(given_password)
            page.keyboard.press("Enter")
            expect(page.get_by_role("button", name="Slå totrinslogin til")).to_have_count(0)
            expect(page.get_by_role("status")).to_contain_text("Vælg din egen adgangskode")
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            fill(page, "sommerferie 2026")
            expect(page.get_by_role("alert")).to_contain_text("nem at gætte")
            assert violations(page) == []
            fill(page, CHOSEN)
            expect(page.get_by_role("status")).to_contain_text(CHANGED)
            assert violations(page) == []

    def fill(page, chosen):
        page.get_by_label("Nuværende adgangskode").fill(given_password)
        page.get_by_label("Ny adgangskode", exact=True).fill(chosen)
        page.get_by_label("Ny adgangskode igen").fill(chosen)
        page.keyboard.press("Enter")

    await asyncio.to_thread(look)
