"""A caseworker turns on a code beside the password; then the password alone lets nobody in."""

import asyncio
import re

import pyotp
import pytest
from aiohttp import ClientSession, CookieJar
from playwright.sync_api import expect
from sqlalchemy import func, select

from backend.audit.tables import AuditEntry
from backend.console.accounts import LOCKED, MAX_ATTEMPTS, save_account
from backend.console.administration import password_mark
from backend.console.browser import SESSION_COOKIE
from backend.console.code_page import _LONGEST_WAIT
from backend.console.rights import EVERYTHING, Grant, Role
from backend.console.second_factors import LONGEST_BEGINNING, RECOVERY_CODES, SecondFactors, sign_in_with_code
from backend.console.tables import ConsoleRecoveryCode, ConsoleSecondFactor, ConsoleSession, ConsoleUser
from backend.keys import SIGN_INS
from tests.backend.visitor import LOGIN, NAME, PASSWORD, Page, Visitor, hire, is_sign_in, signed_in
from tests.e2e.axe import violations
from tests.e2e.browser import open_browser
from throttling import Limit

ME, PICTURE, CODE_PAGE = "/console/me", "/console/me/second-factor/qr.svg", "/console/sign-in/code"
WRONG = "Koden passer ikke"


@pytest.fixture
async def karen(client, database, clock):
    """Somebody who has signed in with a password."""
    return await signed_in(client, database, clock)


@pytest.fixture
async def app_of_karen(karen, clock):
    """Her app, and her recovery codes; she has signed out again, and a code later."""
    secret = await begin(karen)
    page = await confirm(karen, code_at(secret, clock))
    codes = re.findall("<code>(.+)</code>", page.source)
    await karen.send(page.form("Log ud"))
    clock.advance(minutes=2)
    return secret, codes


async def begin(visitor):
    page = await visitor.get(ME)
    page = await visitor.send(page.form("Slå totrinslogin til"))
    return secret_on(page)


async def confirm(visitor, code):
    page = await visitor.get(ME)
    return await visitor.send(page.form("Slå til"), code=code)


def secret_on(page):
    return re.search("<code>([A-Z2-7 ]+)</code>", page.source).group(1).replace(" ", "")


def code_at(secret, clock, **after):
    clock.advance(**after)
    code = pyotp.TOTP(secret).at(clock())
    clock.advance(**{unit: -amount for unit, amount in after.items()})
    return code


def wrong_code(secret, clock):
    good = {code_at(secret, clock, seconds=30 * step) for step in (-1, 0, 1)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in good)


async def enter(visitor, code, password=PASSWORD):
    page = await visitor.sign_in(password=password)
    return await visitor.send(page.form("Log ind"), code=code)


async def again(visitor, code):
    page = await visitor.get(CODE_PAGE)
    return await visitor.send(page.form("Log ind"), code=code)


async def count(database, table):
    async with database.read() as work:
        return await work.session.scalar(select(func.count()).select_from(table))


async def user_of(database):
    async with database.read() as work:
        return await work.session.scalar(select(ConsoleUser))


class TestTurningOn:
    async def test_a_first_code_turns_it_on_and_shows_ten_recovery_codes_once(self, karen, clock, database):
        secret = await begin(karen)
        page = await confirm(karen, code_at(secret, clock))
        codes = re.findall("<code>(.+)</code>", page.source)
        assert (len(codes), len(set(codes))) == (RECOVERY_CODES, RECOVERY_CODES)
        page = await karen.get(ME)
        assert "Du har 10 reservekoder tilbage" in page.text
        assert not any(code in page.source for code in codes)
        async with database.read() as work:
            stored = set(await work.session.scalars(select(ConsoleRecoveryCode.id)))
        assert not stored & set(codes)

    async def test_nobody_is_asked_for_a_code_before_the_first(self, karen, clock):
        secret = await begin(karen)
        page = await confirm(karen, wrong_code(secret, clock))
        assert (page.status, "ikke slået til endnu" in page.text) == (422, True)
        await karen.send(page.form("Log ud"))
        assert NAME in (await karen.sign_in()).text

    async def test_the_picture_holds_the_secret_and_nothing_the_policy_forbids(self, karen):
        secret = await begin(karen)
        page = await karen.get(ME)
        (address,) = [link for link in page.links if link and link.startswith("otpauth://")]
        assert pyotp.parse_uri(address).secret == secret
        assert pyotp.parse_uri(address).name == LOGIN
        async with karen.client.get(PICTURE) as response:
            picture = await response.text()
            assert response.content_type == "image/svg+xml"
            assert response.headers["Cache-Control"] == "no-store"
        assert "<svg" in picture
        assert "style" not in picture
        assert "<script" not in picture

    async def test_the_button_pressed_twice_keeps_the_secret(self, karen):
        form = (await karen.get(ME)).form("Slå totrinslogin til")
        pages = await asyncio.gather(karen.send(form), karen.send(form))
        assert secret_on(pages[0]) == secret_on(pages[1])

    async def test_a_beginning_is_forgotten_after_a_while(self, karen, clock):
        secret = await begin(karen)
        clock.advance(seconds=LONGEST_BEGINNING.total_seconds() + 1)
        form = (await karen.get("/console/conversations")).form("Log ud")
        late = {**form.fields, "code": code_at(secret, clock)}
        assert "Der gik for lang tid" in (await karen.post(f"{ME}/second-factor/confirm", late)).text
        assert (await karen.get(PICTURE)).status == 404
        assert await begin(karen) != secret

    async def test_the_first_code_sent_twice_says_that_it_is_on(self, karen, clock, database):
        secret = await begin(karen)
        form = (await karen.get(ME)).form("Slå til")
        await karen.send(form, code=code_at(secret, clock))
        again = await karen.send(form, code=code_at(secret, clock))
        assert (again.status, "allerede slået til" in again.text) == (409, True)
        assert await count(database, ConsoleRecoveryCode) == RECOVERY_CODES

    async def test_the_secret_is_stored_unreadable_and_for_one_account(
        self, karen, database, settings, clock
    ):
        secret = await begin(karen)
        async with database.read() as work:
            (factor,) = await work.session.scalars(select(ConsoleSecondFactor))
            assert secret not in factor.secret
            here = SecondFactors(work.session, settings, clock())
            assert await here.beginning(factor.user_id) == secret
            changed = settings.model_copy(
                update={"console_secret": type(settings.console_secret)("another-console-secret")}
            )
            assert await SecondFactors(work.session, changed, clock()).beginning(factor.user_id) is None


class TestSigningIn:
    async def test_an_app_goes_on_with_a_newer_console_secret_once_it_has_been_used(
        self, app_of_karen, database, settings, clock
    ):
        def told(*secrets):
            kind = type(settings.console_secret)
            return settings.model_copy(update={"console_secret": kind(",".join(secrets))})

        old, new = settings.console_secret.newest, "a-newer-console-secret"

        async def fits(settings):
            clock.advance(seconds=90)
            async with database.write() as work:
                factor = await work.session.scalar(select(ConsoleSecondFactor))
                code = code_at(app_of_karen[0], clock)
                is_right = await SecondFactors(work.session, settings, clock()).fits(factor.user_id, code)
                await work.commit()
            return is_right

        assert not await fits(told(new))
        assert await fits(told(new, old))
        assert await fits(told(new))

    async def test_the_password_alone_gives_no_session(self, karen, app_of_karen, database):
        page = await karen.sign_in()
        assert page.url.path == CODE_PAGE
        assert SESSION_COOKIE not in karen.cookies
        assert await count(database, ConsoleSession) == 0
        assert is_sign_in(await karen.get("/console/conversations"))

    @pytest.mark.parametrize("seconds", [-30, 0, 30])
    async def test_a_code_of_now_or_of_the_step_beside_lets_in(self, karen, app_of_karen, clock, seconds):
        assert NAME in (await enter(karen, code_at(app_of_karen[0], clock, seconds=seconds))).text

    @pytest.mark.parametrize("seconds", [-90, 90])
    async def test_an_older_or_later_code_does_not(self, karen, app_of_karen, clock, seconds):
        page = await enter(karen, code_at(app_of_karen[0], clock, seconds=seconds))
        assert (page.status, WRONG in page.text) == (401, True)

    async def test_space_in_a_code_does_not_matter(self, karen, app_of_karen, clock):
        code = code_at(app_of_karen[0], clock)
        assert NAME in (await enter(karen, f" {code[:3]} {code[3:]}")).text

    async def test_the_page_that_was_asked_for_is_shown_after_the_code(self, karen, app_of_karen, clock):
        page = await karen.get("/console/meetings")
        page = await karen.send(page.form("Log ind"), login=LOGIN, password=PASSWORD)
        page = await karen.send(page.form("Log ind"), code=code_at(app_of_karen[0], clock))
        assert page.url.path == "/console/meetings"

    async def test_a_code_is_good_once(self, karen, app_of_karen, clock):
        code = code_at(app_of_karen[0], clock)
        page = await enter(karen, code)
        await karen.send(page.form("Log ud"))
        assert WRONG in (await enter(karen, code)).text
        # Nor is the one before it, which nobody has used.
        assert WRONG in (await enter(karen, code_at(app_of_karen[0], clock, seconds=-30))).text

    async def test_a_code_sent_twice_at_once_opens_one_session(self, app_of_karen, clock, database, settings):
        user, code = await user_of(database), code_at(app_of_karen[0], clock)
        mark = password_mark(user.password_hash)
        tokens = await asyncio.gather(
            *[sign_in_with_code(database, settings, clock(), user.id, mark, code) for _ in range(4)]
        )
        assert len([token for token in tokens if token]) == 1

    async def test_a_recovery_code_is_good_once(self, karen, app_of_karen):
        code = app_of_karen[1][0].upper()
        page = await enter(karen, code)
        assert "Du har 9 reservekoder tilbage" in (await karen.get(ME)).text
        await karen.send(page.form("Log ud"))
        assert WRONG in (await enter(karen, code)).text

    async def test_wrong_codes_lock_the_account_and_the_password_does_not_open_it(
        self, karen, app_of_karen, clock
    ):
        # The password's step was the first attempt.
        await karen.sign_in()
        for _ in range(MAX_ATTEMPTS - 1):
            await again(karen, wrong_code(app_of_karen[0], clock))
        assert WRONG in (await again(karen, code_at(app_of_karen[0], clock))).text
        assert "passer ikke" in (await karen.sign_in()).text
        clock.advance(seconds=LOCKED.total_seconds() + 1)
        assert NAME in (await enter(karen, code_at(app_of_karen[0], clock))).text

    async def test_the_right_password_again_and_again_gives_no_more_guesses(self, karen, app_of_karen, clock):
        for _ in range(3):
            page = await karen.sign_in()
            if "Skriv koden" in page.text:
                await karen.send(page.form("Log ind"), code=wrong_code(app_of_karen[0], clock))
        assert "Brugernavn eller adgangskode passer ikke" in (await karen.sign_in()).text

    async def test_guesses_at_codes_count_for_the_address_too(
        self, karen, app_of_karen, client, clock, monkeypatch
    ):
        monkeypatch.setattr(client.app[SIGN_INS], "_wrong", Limit(at_once=1, a_minute=1))
        form = (await karen.sign_in()).form("Log ind")
        here = {"X-Forwarded-For": "203.0.113.7"}
        guess = {**form.fields, "code": wrong_code(app_of_karen[0], clock)}
        assert (await karen.post(CODE_PAGE, guess, headers=here)).status == 401
        right = {**form.fields, "code": code_at(app_of_karen[0], clock)}
        assert (await karen.post(CODE_PAGE, right, headers=here)).status == 429
        elsewhere = await karen.post(CODE_PAGE, right, headers={"X-Forwarded-For": "203.0.113.8"})
        assert NAME in elsewhere.text

    async def test_the_first_step_does_not_wait_for_long(self, karen, app_of_karen, clock, database):
        page = await karen.sign_in()
        clock.advance(seconds=_LONGEST_WAIT.total_seconds() + 1)
        late = await karen.send(page.form("Log ind"), code=code_at(app_of_karen[0], clock))
        assert is_sign_in(late)
        assert await count(database, ConsoleSession) == 0

    async def test_a_password_that_was_replaced_meanwhile_leads_nowhere(
        self, app_of_karen, clock, database, settings
    ):
        user = await user_of(database)
        code = code_at(app_of_karen[0], clock)
        assert not await sign_in_with_code(database, settings, clock(), user.id, "another", code)

    async def test_a_code_without_the_first_step_is_not_asked_for(
        self, client, app_of_karen, clock, database
    ):
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
            at = client.make_url(CODE_PAGE)
            async with session.get(at) as response:
                page = Page(response, await response.text())
            assert is_sign_in(page)
            fields = {**page.form("Log ind").fields, "code": code_at(app_of_karen[0], clock)}
            for cookie in ("", "x", "a.b"):
                headers = {"Cookie": f"digispor_console_code={cookie}"}
                async with session.post(at, data=fields, headers=headers) as response:
                    assert response.url.path != "/console/conversations"
        assert await count(database, ConsoleSession) == 0

    async def test_the_log_tells_of_both_steps(self, karen, app_of_karen, clock, database):
        page = await enter(karen, wrong_code(app_of_karen[0], clock))
        await karen.send(page.form("Log ind"), code=code_at(app_of_karen[0], clock))
        async with database.read() as work:
            rows = await work.session.scalars(select(AuditEntry).order_by(AuditEntry.position))
            noted = [(row.action, row.outcome) for row in rows if row.action.startswith("sign_in")]
        assert noted[-3:] == [
            ("sign_in", "attempted"),
            ("sign_in_code", "refused"),
            ("sign_in_code", "attempted"),
        ]


class TestTurningOff:
    async def test_it_takes_the_password_and_a_code(self, karen, app_of_karen, clock, database):
        secret = app_of_karen[0]
        await enter(karen, code_at(secret, clock))
        clock.advance(minutes=2)
        for password, code in (
            ("forkert", code_at(secret, clock)),
            (PASSWORD, wrong_code(secret, clock)),
            ("", ""),
        ):
            page = await karen.get(ME)
            page = await karen.send(page.form("Slå totrinslogin fra"), password=password, code=code)
            assert (page.status, "stadig slået til" in page.text) == (422, True)
        form = page.form("Slå totrinslogin fra")
        for _ in range(2):
            page = await karen.send(form, password=PASSWORD, code=code_at(secret, clock))
            assert page.form("Slå totrinslogin til")
        assert await count(database, ConsoleRecoveryCode) == 0
        await karen.send(page.form("Log ud"))
        assert NAME in (await karen.sign_in()).text

    async def test_guesses_at_it_are_counted(self, karen, app_of_karen, clock):
        await enter(karen, code_at(app_of_karen[0], clock))
        clock.advance(minutes=2)
        form = (await karen.get(ME)).form("Slå totrinslogin fra")
        for _ in range(MAX_ATTEMPTS):
            await karen.send(form, password="forkert", code="000000")
        page = await karen.send(form, password=PASSWORD, code=code_at(app_of_karen[0], clock))
        assert "stadig slået til" in page.text

    async def test_an_administrator_takes_it_from_who_has_lost_the_phone(
        self, karen, app_of_karen, client, database, clock
    ):
        await hire(database, clock, login="ole", name="Ole Bo", grants=[Grant(Role.ADMINISTRATOR)])
        ole = Visitor(client)
        await ole.sign_in("ole")
        page = await ole.get("/console/accounts")
        page = await ole.get(re.search(rf'href="([^"]+)">{NAME}<', page.source).group(1))
        form = page.form("Fjern totrinslogin")
        for _ in range(2):
            page = await ole.send(form)
            assert "Fjern totrinslogin" not in page.text
        await ole.send(page.form("Log ud"))
        assert NAME in (await karen.sign_in()).text

    async def test_an_account_that_is_added_anew_on_the_command_line_is_asked_for_no_code(
        self, karen, app_of_karen, database, clock
    ):
        await save_account(database, clock(), login=LOGIN, name=NAME, password=PASSWORD, grants=EVERYTHING)
        assert NAME in (await karen.sign_in()).text

    async def test_it_goes_with_the_account(self, karen, app_of_karen, database):
        async with database.write() as work:
            await work.session.delete(await work.session.scalar(select(ConsoleUser)))
            await work.commit()
        assert await count(database, ConsoleSecondFactor) == 0
        assert await count(database, ConsoleRecoveryCode) == 0


async def test_axe_finds_nothing_on_the_pages_and_the_keyboard_is_enough(client, database, clock):
    await hire(database, clock)

    def look():
        with open_browser() as browser:
            page = browser.new_page(viewport={"width": 320, "height": 640})
            problems = []
            page.on("console", lambda entry: problems.append(entry.text) if "Policy" in entry.text else None)
            page.goto(str(client.make_url("/console/me")))
            sign_in(page)
            page.get_by_role("button", name="Slå totrinslogin til").press("Enter")
            picture = page.get_by_role("img")
            expect(picture).not_to_have_js_property("naturalWidth", 0)
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            secret = page.locator("code").inner_text().replace(" ", "")
            page.get_by_label("Kode", exact=True).fill(wrong_code(secret, clock))
            page.keyboard.press("Enter")
            expect(page.get_by_role("alert")).to_be_visible()
            assert violations(page) == []
            page.get_by_label("Kode", exact=True).fill(code_at(secret, clock))
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", name="Dine reservekoder")).to_be_visible()
            assert violations(page) == []
            page.get_by_role("link", name="Jeg har gemt dem").press("Enter")
            expect(page.get_by_role("button", name="Slå totrinslogin fra")).to_be_visible()
            assert violations(page) == []
            page.get_by_role("button", name="Log ud").press("Enter")
            clock.advance(minutes=2)
            sign_in(page)
            expect(page.get_by_role("heading", name="Skriv koden")).to_be_visible()
            assert violations(page) == []
            page.get_by_label("Kode", exact=True).fill(code_at(secret, clock))
            page.keyboard.press("Enter")
            expect(page.get_by_text(NAME).first).to_be_visible()
            assert problems == []

    def sign_in(page):
        page.get_by_label("Brugernavn").fill(LOGIN)
        page.get_by_label("Adgangskode").fill(PASSWORD)
        page.keyboard.press("Enter")

    await asyncio.to_thread(look)
