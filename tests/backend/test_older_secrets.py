"""While a secret is changed, what was made with the older one holds; without that one it does not."""

import asyncio
import sys

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from backend.app import create_app
from backend.console.sealing import Seal
from backend.outreach.repository import ContactWishRepository, OutreachRepository
from backend.outreach.service import ContactWishService, OutreachService
from tests.backend.booking.conftest import desk
from tests.backend.conftest import SERVICE_TOKEN
from tests.backend.visitor import Visitor, hire

__all__ = ["desk"]

NEWER = "a-newer-secret-for-tests"


@pytest.fixture
async def restarted(settings, clock):
    """Starts the backend with other secrets, on the same database."""
    running = []

    async def start(**secrets):
        kind = type(settings.signing_key)
        told = settings.model_copy(update={name: kind(value) for name, value in secrets.items()})
        client = TestClient(TestServer(create_app(told, clock)))
        await client.start_server()
        running.append(client)
        return client

    yield start
    for client in running:
        await client.close()


@pytest.mark.parametrize(("accepted", "status"), [(f"{NEWER},{SERVICE_TOKEN}", 200), (NEWER, 401)])
async def test_a_client_with_the_older_token(restarted, accepted, status):
    client = await restarted(service_token=accepted)
    for token, expected in ((SERVICE_TOKEN, status), (NEWER, 200), (accepted + ",", 401), ("", 401)):
        headers = {"Authorization": f"Bearer {token}"}
        assert (await client.get("/api/v1/consultants", headers=headers)).status == expected


@pytest.mark.parametrize(("is_accepted", "status"), [(True, 200), (False, 404)])
async def test_a_calendar_link_from_before(desk, restarted, settings, is_accepted, status):
    booking = await desk.booked(await desk.citizen(), await desk.slot("2026-11-27 09:00"))
    path = booking["calendar_url"].removeprefix(settings.public_url)
    older = [settings.signing_key.newest] if is_accepted else []
    client = await restarted(signing_key=",".join([NEWER, *older]))
    assert (await client.get(path)).status == status


@pytest.fixture
async def rasa():
    """A Rasa that keeps which tokens it is shown where, and answers that nothing is silent."""
    shown = asyncio.Queue()

    async def answer(request):
        shown.put_nowait((request.path, request.headers["Authorization"]))
        return web.json_response({"silent": [], "next": None})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        server.shown = shown
        yield server


ASKED = ("/webhooks/erasure/silent", f"Bearer {NEWER}")
BOTH = f"{NEWER},{SERVICE_TOKEN}"


async def test_the_nightly_deletion_shows_rasa_the_newer_token(settings, clock, rasa, monkeypatch):
    monkeypatch.setattr("backend.retention.worker.LOOK_SECONDS", 0.01)
    told = {"service_token": type(settings.service_token)(BOTH), "rasa_url": str(rasa.make_url(""))}
    async with TestServer(create_app(settings.model_copy(update=told), clock)):
        async with asyncio.timeout(10):
            while (asked := await rasa.shown.get())[0] != ASKED[0]:
                pass
    assert asked == ASKED


async def test_deletion_from_the_command_line_shows_rasa_the_newer_token(settings, process_environment, rasa):
    environment = process_environment(
        settings.data_path,
        DIGISPOR_DATABASE_URL=settings.database_url,
        DIGISPOR_MUNICIPALITY=str(settings.municipality),
        DIGISPOR_SERVICE_TOKEN=BOTH,
        DIGISPOR_RASA_URL=str(rasa.make_url("")),
    )
    program = [sys.executable, "-m", "backend.retention"]
    process = await asyncio.create_subprocess_exec(*program, env=environment)
    assert (await process.wait(), rasa.shown.get_nowait()) == (0, ASKED)


@pytest.mark.parametrize("is_accepted", [True, False])
async def test_a_form_that_stood_open(client, restarted, settings, database, clock, is_accepted):
    await hire(database, clock)
    form = (await Visitor(client).get("/console/sign-in")).form("Log ind")
    older = [settings.console_secret.newest] if is_accepted else []
    again = await restarted(console_secret=",".join([NEWER, *older]))
    cookies = {cookie.key: cookie.value for cookie in client.session.cookie_jar}
    again.session.cookie_jar.update_cookies(cookies, again.make_url("/console/"))
    page = await Visitor(again).send(form, login="karen", password="en lang adgangskode")
    assert (page.url.path != "/console/sign-in") is is_accepted


async def test_who_was_invited_before_is_not_invited_again(database, clock):
    async def invited(*keys):
        async with database.write() as work:
            wishes = ContactWishService(ContactWishRepository(work.session))
            service = OutreachService(OutreachRepository(work.session), wishes, clock())
            answer = await service.invite(["20 30 40 50"], keys=keys, invited_by="Karen Holm")
            await work.commit()
        return answer.new, answer.known

    assert await invited("old") == (1, 0)
    assert await invited("new", "old") == (0, 1)
    assert await invited("new", "old") == (0, 1)


def test_what_the_console_has_sealed_opens_with_either_and_is_sealed_with_the_newer(settings):
    def seal(*secrets):
        kind = type(settings.console_secret)
        return Seal(settings.model_copy(update={"console_secret": kind(",".join(secrets))}), "test")

    before = seal("older-secret").close("x", about="karen")
    both = seal("newer-secret", "older-secret")
    assert both.open(before, about="karen") == "x"
    assert both.open(before, about="ole") is None
    assert seal("newer-secret").open(before, about="karen") is None
    assert seal("newer-secret").open(both.close("y")) == "y"
