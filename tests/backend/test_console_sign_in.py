"""Nobody reads a conversation without having signed in, and signing in cannot be forced or forged."""

import asyncio
import logging
import re
from datetime import timedelta

import pytest
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select

from backend.app import create_app
from backend.console import passwords, sign_in_pace
from backend.console.accounts import (
    LOCKED,
    LONGEST_SESSION,
    LONGEST_SILENCE,
    MAX_ATTEMPTS,
    AccountService,
    sign_in,
)
from backend.console.application import create_console
from backend.console.browser import FORM_COOKIE, SESSION_COOKIE
from backend.console.repository import AccountRepository
from backend.console.tables import ConsoleSession, ConsoleUser
from backend.keys import DATABASE
from tests.backend.visitor import LOGIN, NAME, PASSWORD, Visitor, hire, is_sign_in

REFUSED = "Brugernavn eller adgangskode passer ikke"


def console_routes():
    """Every method and path of the console, with something in the place of each id."""
    routes = create_console().router.routes()
    return sorted({(r.method, "/console" + re.sub(r"\{\w+\}", "x", r.resource.canonical)) for r in routes})


BEHIND_THE_DOOR = [route for route in console_routes() if not route[1].startswith("/console/sign-in")]
WRITES = [path for method, path in console_routes() if method == "POST"]


@pytest.fixture
def visitor(client):
    return Visitor(client)


@pytest.fixture
async def account(database, clock):
    await hire(database, clock)


@pytest.fixture
async def signed_in(visitor, account):
    page = await visitor.sign_in()
    assert page.status == 200
    return visitor


async def sessions(database):
    async with database.read() as work:
        return list(await work.session.scalars(select(ConsoleSession)))


def test_the_walk_meets_every_page():
    assert len(BEHIND_THE_DOOR) >= 6
    assert {method for method, _ in BEHIND_THE_DOOR} == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize(("method", "path"), [*BEHIND_THE_DOOR, ("GET", "/console/unknown")])
async def test_no_page_opens_without_signing_in(client, account, method, path):
    async with client.request(method, path, data={}, allow_redirects=False) as response:
        assert response.status == 303
        assert response.headers["Location"].startswith("/console/sign-in")
        assert await response.text() in ("", "303: See Other")


async def test_a_part_of_a_page_is_not_answered_with_the_way_in(client):
    headers = {"HX-Request": "true"}
    async with client.get("/console/conversations", headers=headers, allow_redirects=False) as response:
        assert response.status == 204
        assert response.headers["HX-Redirect"] == "/console/sign-in"


async def test_a_made_up_session_is_none(visitor, account):
    visitor.take_session("made-up")
    assert is_sign_in(await visitor.get("/console/conversations"))


async def test_who_signs_in_is_shown_the_page_they_asked_for(visitor, account):
    page = await visitor.get("/console/conversations?search=mail")
    page = await visitor.send(page.form("Log ind"), login=LOGIN, password=PASSWORD)
    assert (page.url.path, page.url.query["search"]) == ("/console/conversations", "mail")
    assert NAME in page.text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/consoleevil",
        "/console/conversations\r\nSet-Cookie: x=y",
        "javascript:alert(1)",
        "/",
        "",
    ],
)
async def test_signing_in_leads_to_no_other_site(visitor, account, elsewhere):
    page = await visitor.get("/console/sign-in")
    page = await visitor.send(page.form("Log ind"), login=LOGIN, password=PASSWORD, next=elsewhere)
    assert page.url.path == "/console/conversations"


async def test_the_console_begins_with_the_conversations(signed_in):
    assert (await signed_in.get("/console")).url.path == "/console/conversations"
    assert (await signed_in.get("/console/sign-in")).url.path == "/console/conversations"


@pytest.mark.parametrize("login", [" karen ", "KAREN"])
async def test_case_and_space_around_a_login_do_not_matter(visitor, account, login):
    assert NAME in (await visitor.sign_in(login=login)).text


@pytest.mark.parametrize(
    ("login", "password"),
    [
        (LOGIN, "forkert"),
        ("ukendt", PASSWORD),
        (LOGIN, ""),
        ("", ""),
        (LOGIN, PASSWORD + " "),
        ("' OR 1=1 --", "x"),
    ],
)
async def test_a_refusal_does_not_tell_what_was_wrong(visitor, account, login, password):
    page = await visitor.sign_in(login, password)
    assert page.status == 401
    assert REFUSED in page.text
    assert SESSION_COOKIE not in visitor.cookies


async def test_a_hostile_login_is_given_back_as_words(visitor, account):
    page = await visitor.sign_in(login='"><script>alert(1)</script>')
    assert "<script>alert" not in page.source
    assert page.form("Log ind").fields["login"] == '"><script>alert(1)</script>'


async def test_signing_out_ends_the_session_itself(signed_in, database):
    stolen = signed_in.cookies[SESSION_COOKIE].value
    page = await signed_in.get("/console/conversations")
    assert is_sign_in(await signed_in.send(page.form("Log ud")))
    assert await sessions(database) == []
    signed_in.take_session(stolen)
    assert is_sign_in(await signed_in.get("/console/conversations"))


class TestLock:
    async def test_too_many_failures_lock_even_the_right_password_out(self, visitor, account, clock):
        for _ in range(MAX_ATTEMPTS):
            await visitor.sign_in(password="forkert")
        assert REFUSED in (await visitor.sign_in()).text
        clock.advance(seconds=LOCKED.total_seconds() + 1)
        assert NAME in (await visitor.sign_in()).text

    async def test_the_last_attempt_before_the_lock_can_still_be_right(self, visitor, account):
        for _ in range(MAX_ATTEMPTS - 1):
            await visitor.sign_in(password="forkert")
        assert NAME in (await visitor.sign_in()).text

    async def test_signing_in_forgets_earlier_failures(self, visitor, account):
        for _ in range(3):
            for _ in range(MAX_ATTEMPTS - 1):
                await visitor.sign_in(password="forkert")
            page = await visitor.sign_in()
            assert NAME in page.text
            await visitor.send(page.form("Log ud"))

    async def test_guessing_at_one_account_locks_no_other(self, visitor, account, database, clock):
        await hire(database, clock, login="ole", name="Ole Vind")
        for _ in range(MAX_ATTEMPTS):
            await visitor.sign_in(login="ole", password="forkert")
        assert NAME in (await visitor.sign_in()).text

    async def test_guesses_at_the_same_time_are_all_counted(
        self, database, settings, clock, account, monkeypatch
    ):
        tried = []

        async def never(password, password_hash):
            tried.append(password_hash)
            await asyncio.sleep(0.01)
            return False

        monkeypatch.setattr("backend.console.accounts.is_password", never)
        await asyncio.gather(*[sign_in(database, settings, clock(), LOGIN, "forkert") for _ in range(20)])
        assert len([hash for hash in tried if hash]) == MAX_ATTEMPTS

    async def test_a_new_password_opens_the_lock(self, visitor, account, database, clock):
        for _ in range(MAX_ATTEMPTS):
            await visitor.sign_in(password="forkert")
        await hire(database, clock, password="en anden adgangskode")
        assert NAME in (await visitor.sign_in(password="en anden adgangskode")).text


class TestSession:
    async def test_it_ends_after_silence(self, signed_in, clock):
        clock.advance(seconds=LONGEST_SILENCE.total_seconds() + 1)
        assert is_sign_in(await signed_in.get("/console/conversations"))

    async def test_it_lasts_while_it_is_used_but_not_for_ever(self, signed_in, clock):
        step = LONGEST_SILENCE - timedelta(minutes=5)
        for _ in range(LONGEST_SESSION // step):
            clock.advance(seconds=step.total_seconds())
            assert not is_sign_in(await signed_in.get("/console/conversations"))
        clock.advance(seconds=step.total_seconds())
        assert is_sign_in(await signed_in.get("/console/conversations"))

    async def test_the_database_does_not_hold_what_opens_the_door(self, signed_in, database):
        (session,) = await sessions(database)
        assert session.id != signed_in.cookies[SESSION_COOKIE].value
        async with database.read() as work:
            user = await work.session.scalar(select(ConsoleUser))
        assert user.password_hash.startswith("$argon2id$")
        assert PASSWORD not in user.password_hash

    async def test_each_sign_in_gets_a_session_of_its_own(self, signed_in, database):
        first = signed_in.cookies[SESSION_COOKIE].value
        page = await signed_in.get("/console/conversations")
        await signed_in.send(page.form("Log ud"))
        signed_in.take_session(first)
        await signed_in.sign_in()
        assert signed_in.cookies[SESSION_COOKIE].value != first
        assert len(await sessions(database)) == 1

    async def test_sessions_that_have_run_out_are_swept_away(self, signed_in, database, clock):
        clock.advance(days=2)
        await signed_in.sign_in()
        assert len(await sessions(database)) == 1

    async def test_it_ends_when_the_account_gets_a_new_password(self, signed_in, database, clock):
        await hire(database, clock, password="en anden adgangskode")
        assert is_sign_in(await signed_in.get("/console/conversations"))

    async def test_it_ends_when_the_account_is_removed(self, signed_in, database, clock):
        async with database.write() as work:
            accounts = AccountService(AccountRepository(work.session), clock())
            assert await accounts.remove(LOGIN)
            assert not await accounts.remove(LOGIN)
            await work.commit()
        assert is_sign_in(await signed_in.get("/console/conversations"))
        assert await sessions(database) == []
        async with database.read() as work:
            assert await work.session.scalar(select(func.count()).select_from(ConsoleUser)) == 0


class TestForms:
    @pytest.mark.parametrize("path", WRITES)
    @pytest.mark.parametrize("token", [None, "", "x", "æ"])
    async def test_one_without_its_token_is_refused(self, signed_in, path, token):
        fields = {} if token is None else {"csrf_token": token}
        page = await signed_in.post(path, fields)
        assert page.status == 403
        assert "Der er ikke gemt noget" in page.text
        assert not is_sign_in(await signed_in.get("/console/conversations"))

    async def test_one_with_another_browsers_token_is_refused(self, signed_in, client, database, clock):
        await hire(database, clock, login="ole", name="Ole Vind")
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as other:
            thief = Visitor(_At(other, client))
            theirs = (await thief.sign_in(login="ole")).form("Log ud").fields
        assert (await signed_in.post("/console/sign-out", theirs)).status == 403

    async def test_the_way_in_needs_a_token_too(self, visitor, account):
        page = await visitor.post("/console/sign-in", {"login": LOGIN, "password": PASSWORD})
        assert page.status == 403
        assert SESSION_COOKIE not in visitor.cookies

    async def test_a_token_from_before_signing_in_is_worth_nothing_after(self, visitor, account):
        before = (await visitor.get("/console/sign-in")).form("Log ind").fields["csrf_token"]
        await visitor.sign_in()
        assert (await visitor.post("/console/sign-out", {"csrf_token": before})).status == 403


class _At:
    """A second browser at the same server."""

    def __init__(self, session, client):
        self.session, self._client = session, client

    def get(self, path, **options):
        return self.session.get(self._client.make_url(path), **options)

    def post(self, path, **options):
        return self.session.post(self._client.make_url(path), **options)


class TestCookies:
    async def test_no_script_and_no_other_site_can_use_them(self, visitor, account):
        await visitor.get("/console/sign-in")
        form_cookie = visitor.cookies[FORM_COOKIE]
        await visitor.sign_in()
        assert FORM_COOKIE not in visitor.cookies
        for cookie in (form_cookie, visitor.cookies[SESSION_COOKIE]):
            assert cookie["httponly"]
            assert cookie["samesite"] == "Lax"
            assert cookie["path"] == "/console"
            assert not cookie["max-age"]
            assert not cookie["secure"]

    async def test_they_travel_encrypted_only_where_the_public_address_is(self, settings, clock):
        settings = settings.model_copy(update={"public_url": "https://digispor.kommune.example"})
        async with TestClient(TestServer(create_app(settings, clock))) as client:
            page = await Visitor(client).get("/console/sign-in")
            assert "Secure" in page.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "path", ["/console/sign-in", "/console/conversations", "/console/unknown", "/console"]
)
async def test_every_answer_is_kept_to_itself(client, path):
    async with client.get(path, allow_redirects=False) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_what_is_not_there_is_said_plainly(signed_in):
    page = await signed_in.get("/console/conversations/ukendt")
    assert page.status == 404
    assert "Siden findes ikke" in page.text


async def test_a_missing_account_takes_as_long_to_refuse_as_a_wrong_password(monkeypatch):
    verified = []

    class Counting:
        def verify(self, password_hash, password):
            verified.append(password_hash)
            raise passwords.VerificationError

        def hash(self, password):
            return "a hash"

    monkeypatch.setattr(passwords, "_hasher", Counting())
    passwords._no_password.cache_clear()
    assert not await passwords.is_password("x", None)
    assert not await passwords.is_password("x", "another hash")
    assert verified == ["a hash", "another hash"]


async def test_who_leaves_while_a_form_is_on_its_way_is_no_failure(client, account, visitor, caplog):
    # As where it runs: a handler goes on when whoever asked is gone.
    client.server.runner.server.handler_cancellation = False
    caplog.set_level(logging.INFO, "digispor.access")
    await visitor.sign_in()
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in visitor.cookies.values())
    _, writer = await asyncio.open_connection("127.0.0.1", client.port)
    kind = "Content-Type: application/x-www-form-urlencoded"
    head = ["POST /console/sign-out HTTP/1.1", "Host: localhost", f"Cookie: {cookies}", kind]
    writer.write("\r\n".join([*head, "Content-Length: 100", "", "csrf_token="]).encode())
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.transport.abort()
    for _ in range(400):
        if any("sign-out 400" in record.getMessage() for record in caplog.records):
            break
        await asyncio.sleep(0.01)
    else:
        raise AssertionError([record.getMessage() for record in caplog.records])
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert not is_sign_in(await visitor.get("/console"))


async def guess(visitor, address, login=LOGIN, password="forkert"):
    page = await visitor.get("/console/sign-in")
    form = page.form("Log ind")
    headers = {"X-Forwarded-For": address} if address else {}
    fields = {**form.fields, "login": login, "password": password}
    return await visitor.post(form.action, fields, headers=headers)


async def test_an_address_that_guesses_at_many_accounts_has_to_wait_and_others_do_not(
    settings, clock, monkeypatch
):
    monkeypatch.setattr(sign_in_pace, "AT_ONCE", 3)
    app = create_app(settings, clock)
    async with TestClient(TestServer(app)) as client:
        await hire(app[DATABASE], clock)
        visitor = Visitor(client)
        assert [(await guess(visitor, "203.0.113.7", f"user{n}")).status for n in range(3)] == [401] * 3
        # Also with the right password: an address that has to wait learns nothing.
        page = await guess(visitor, "203.0.113.7", password=PASSWORD)
        assert page.status == 429
        assert "Vent et øjeblik" in page.text
        assert (await guess(visitor, "203.0.113.8")).status == 401
        assert (await guess(visitor, None, password=PASSWORD)).status == 200


async def test_who_signs_in_rightly_uses_nothing_up(settings, clock, monkeypatch):
    monkeypatch.setattr(sign_in_pace, "AT_ONCE", 1)
    app = create_app(settings, clock)
    async with TestClient(TestServer(app)) as client:
        await hire(app[DATABASE], clock)
        for _ in range(3):
            visitor = Visitor(client)
            assert (await guess(visitor, "203.0.113.7", password=PASSWORD)).status == 200
            client.session.cookie_jar.clear()
