"""Whatever goes wrong on the way in by the provider, a page says so and nothing is half done."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import func, select

from backend.console.browser import SESSION_COOKIE
from backend.console.provider_sign_in import _LONGEST_ATTEMPT
from backend.console.tables import ConsoleSession, ConsoleUser
from backend.identity import provider as door
from tests.backend.identity.conftest import START
from tests.backend.visitor import NAME, hire

UNAVAILABLE = "Kommunens login svarer ikke"
WRONG_ANSWER = "Kommunens login gav et svar, vi ikke kan bruge"
SAID_NO = "Du blev ikke logget ind"
TOO_OLD = "Der gik for lang tid"


async def nothing_is_stored(browser, database):
    async with database.read() as work:
        for table in (ConsoleUser, ConsoleSession):
            assert await work.session.scalar(select(func.count()).select_from(table)) == 0
    return SESSION_COOKIE not in browser.cookies


async def answer_address(browser):
    """Where the provider sends a browser that has signed in there, without going."""
    page = await browser.get(START)
    page = await browser.send(page.form("Sign-in"), login="karen", password="x")
    form = page.form("Continue")
    page = await browser.post(form.action, form.fields, allow_redirects=False)
    while True:
        onward = page.headers["Location"]
        if "/provider/answer" in onward:
            return onward
        page = await browser.get(str(page.url.join(type(page.url)(onward))), allow_redirects=False)


async def test_who_says_no_at_the_provider_is_told_that_nothing_happened(browser, database):
    page = await browser.get(START)
    (no,) = [link for link in page.links if link and link.endswith("/abort")]
    page = await browser.get(no)
    assert (page.status, SAID_NO in page.text) == (403, True)
    assert await nothing_is_stored(browser, database)
    assert NAME in (await browser.enter()).text


async def test_the_back_button_leads_to_where_one_is_signed_in(browser):
    address = await answer_address(browser)
    assert NAME in (await browser.get(address)).text
    assert NAME in (await browser.get(address)).text


async def test_an_answer_is_good_once(browser, open_another, database):
    address = await answer_address(browser)
    kept = {name: cookie.value for name, cookie in browser.cookies.items() if "attempt" in name}
    page = await browser.get(address)
    await browser.send(page.form("Log ud"))
    assert (await browser.get(address)).status == 400
    # Nor does it help to have kept the cookie that the browser was told to drop.
    header = "; ".join(f"{name}={value}" for name, value in kept.items())
    page = await (await open_another()).get(address, headers={"Cookie": header})
    assert (page.status, WRONG_ANSWER in page.text) == (502, True)


async def test_an_answer_is_good_in_the_browser_that_asked_only(browser, open_another, database):
    address = await answer_address(browser)
    page = await (await open_another()).get(address)
    assert (page.status, TOO_OLD in page.text) == (400, True)
    assert await nothing_is_stored(browser, database)


async def test_an_answer_that_comes_too_late_is_not_taken(browser, clock, database):
    address = await answer_address(browser)
    clock.advance(seconds=_LONGEST_ATTEMPT.total_seconds() + 1)
    assert TOO_OLD in (await browser.get(address)).text
    assert await nothing_is_stored(browser, database)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ("&iss=https://evil.example", WRONG_ANSWER),
        ("&error=access_denied", SAID_NO),
        ("&error=temporarily_unavailable", UNAVAILABLE),
        ("&error=invalid_scope", WRONG_ANSWER),
        ("", WRONG_ANSWER),
        ("&code=made-up", WRONG_ANSWER),
    ],
)
async def test_a_made_up_answer_lets_nobody_in(browser, provider, database, changed, told):
    asked = await browser.get(START, allow_redirects=False)
    state = type(asked.url)(asked.headers["Location"]).query["state"]
    issuer = "" if "iss=" in changed else f"&iss={provider.issuer}"
    page = await browser.get(f"{START}/answer?state={state}{issuer}{changed}")
    assert told in page.text
    assert await nothing_is_stored(browser, database)


@pytest.mark.parametrize("query", ["", "?state=", "?state=x&code=y", "?error=access_denied"])
async def test_an_answer_to_no_question_lets_nobody_in(browser, database, query):
    page = await browser.get(f"{START}/answer{query}")
    assert (page.status, TOO_OLD in page.text) == (400, True)
    assert await nothing_is_stored(browser, database)


async def hang(request):
    await asyncio.Event().wait()


def discovery(root, **changed):
    ends = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "jwks"}
    return {"issuer": root, **{name: f"{root}/{path}" for name, path in ends.items()}, **changed}


def give(body, status=200):
    async def handle(request):
        text = body(str(request.url.origin())) if callable(body) else body
        return (
            web.json_response(text, status=status) if not isinstance(text, str) else web.Response(text=text)
        )

    return handle


class TestFaultyProvider:
    """A provider of our own that answers as no provider should."""

    @pytest.fixture
    def answers(self):
        """What it answers, by path."""
        return {}

    @pytest.fixture
    async def faulty(self, answers):
        app = web.Application()

        async def handle(request):
            return await answers[request.path](request)

        app.router.add_route("*", "/{path:.*}", handle)
        server = TestServer(app)
        await server.start_server()
        yield server
        await server.close()

    @pytest.fixture
    async def settings(self, settings, faulty):
        return settings.model_copy(update={"oidc_issuer": str(faulty.make_url("/")).rstrip("/")})

    @pytest.fixture(autouse=True)
    def impatience(self, monkeypatch):
        monkeypatch.setattr(door, "_LONGEST_ANSWER", 0.3)

    @pytest.mark.parametrize(
        ("handler", "told"),
        [
            (hang, UNAVAILABLE),
            (give({}, 500), UNAVAILABLE),
            (give("<html>"), WRONG_ANSWER),
            (give({}), WRONG_ANSWER),
            (give(lambda root: discovery(root, issuer="https://evil.example")), WRONG_ANSWER),
            (give(lambda root: discovery(root, token_endpoint="ftp://evil.example/")), WRONG_ANSWER),
        ],
        ids=["slow", "fault", "no-json", "incomplete", "another-issuer", "unencrypted"],
    )
    async def test_its_documents(self, browser, answers, database, clock, handler, told):
        answers["/.well-known/openid-configuration"] = handler
        page = await browser.get(START)
        assert told in page.text
        assert await nothing_is_stored(browser, database)
        # The console's own accounts need no provider.
        await hire(database, clock)
        assert NAME in (await browser.sign_in()).text

    @pytest.mark.parametrize(
        ("handler", "told"),
        [
            (hang, UNAVAILABLE),
            (give({}, 500), UNAVAILABLE),
            (give("<html>"), WRONG_ANSWER),
            (give({"error": "invalid_client"}, 401), WRONG_ANSWER),
            (give({"access_token": "x", "token_type": "Bearer"}), WRONG_ANSWER),
            (give({"id_token": 7, "access_token": "x", "token_type": "Bearer"}), WRONG_ANSWER),
            (give({"id_token": "a.b.c", "access_token": "x", "token_type": "Bearer"}), WRONG_ANSWER),
        ],
        ids=["slow", "fault", "no-json", "refused", "no-id-token", "a-number", "no-jwt"],
    )
    async def test_its_answer_to_a_code(self, browser, answers, database, handler, told):
        answers["/.well-known/openid-configuration"] = give(discovery)
        answers["/jwks"] = give({"keys": []})
        answers["/token"] = handler
        asked = await browser.get(START, allow_redirects=False)
        state = type(asked.url)(asked.headers["Location"]).query["state"]
        page = await browser.get(f"{START}/answer?state={state}&code=x")
        assert told in page.text
        assert await nothing_is_stored(browser, database)
