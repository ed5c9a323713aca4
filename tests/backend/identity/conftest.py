"""A console that people enter through a real OpenID provider."""

import socket

import pytest
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr
from yarl import URL

from backend.clock import utc_now
from backend.teams.repository import TeamRepository
from tests.backend.visitor import Page, Visitor
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, open_provider

NORTH_ORGANISATION = "5d4f1f0e-3a55-4a6c-8a2e-0c8b6f3c9a11"
START = "/console/sign-in/provider"


def person(*roles, name="Karen Holm", login="karen"):
    """What the provider says of somebody."""
    return {"name": name, "preferred_username": login, "roles": list(roles)}


class Browser(Visitor):
    """A visitor who also goes where the provider is."""

    def __init__(self, client, session):
        super().__init__(client)
        self._session = session

    @property
    def cookies(self):
        return {cookie.key: cookie for cookie in self._session.cookie_jar}

    async def get(self, path, **options):
        return await self._read("GET", path, options)

    async def post(self, path, fields, **options):
        return await self._read("POST", path, {"data": fields, **options})

    async def _read(self, method, path, options):
        address = self.client.make_url("/").join(URL(path, encoded=True))
        async with self._session.request(method, address, **options) as response:
            return Page(response, await response.text())

    async def pass_through(self, page, login="karen"):
        """Signs in at the provider, from the page it shows, and comes back to the console."""
        while page.url.port != self.client.port:
            buttons = [button for form in page.forms for button in form.buttons]
            if "Sign-in" in buttons:
                page = await self.send(page.form("Sign-in"), login=login, password="x")
            else:
                page = await self.send(page.form("Continue"))
        return page

    async def enter(self, login="karen", path=START):
        """Signs in from the beginning."""
        return await self.pass_through(await self.get(path), login)


@pytest.fixture(scope="module")
def port():
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        return finder.getsockname()[1]


@pytest.fixture(scope="module")
def running_provider(port):
    with open_provider(f"http://127.0.0.1:{port}") as provider:
        yield provider


@pytest.fixture
def provider(running_provider):
    """The provider, which knows a caseworker for every organisation."""
    running_provider.know(karen=person("caseworker:*"))
    return running_provider


@pytest.fixture
def settings(settings, provider, port):
    return settings.model_copy(
        update={
            "public_url": f"http://127.0.0.1:{port}",
            "oidc_issuer": provider.issuer,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": SecretStr(CLIENT_SECRET),
        }
    )


@pytest.fixture
def clock(clock):
    # The provider's tokens are of this very moment.
    clock.now = utc_now()
    return clock


@pytest.fixture
async def client(app, port):
    async with TestClient(TestServer(app, port=port)) as client:
        yield client


@pytest.fixture
async def north(database):
    """A team with an organisation."""
    async with database.write() as work:
        await TeamRepository(work.session).add_if_absent(
            {"id": "north", "name": "Nord", "organisation": NORTH_ORGANISATION}
        )
        await work.commit()


@pytest.fixture
async def open_another(client):
    """Opens further browsers."""
    opened = []

    async def open_one():
        session = ClientSession(cookie_jar=CookieJar(unsafe=True))
        opened.append(session)
        return Browser(client, session)

    yield open_one
    for session in opened:
        await session.close()


@pytest.fixture
async def browser(open_another):
    return await open_another()
