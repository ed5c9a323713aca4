"""A real backend for each test: its own database at the newest migration, reached over HTTP."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from backend.app import create_app
from backend.db import ContactKeys, Database
from backend.keys import DATABASE
from backend.settings import Settings
from tests.backend.databases import POSTGRES_URL, PostgresDatabases, SqliteFiles
from tests.backend.story import Archive
from tests.backend.visitor import hash_quickly

SERVICE_TOKEN = "a-service-token-for-tests"
CONTACT_KEY = "a-contact-key-for-tests-that-is-long-enough"
Client = TestClient[web.Request, web.Application]


class MovableClock:
    """A clock that a test moves. It starts on Tuesday 24 November 2026 at 9.00 in Denmark."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteFiles | PostgresDatabases]:
    """Where databases come from."""
    template = tmp_path_factory.mktemp("database") / "template.db"
    made = PostgresDatabases() if POSTGRES_URL else SqliteFiles(template)
    yield made
    made.drop_all()


@pytest.fixture
def settings(tmp_path: Path, databases: SqliteFiles | PostgresDatabases) -> Settings:
    """Settings whose data directory and database are the test's own."""
    return Settings(
        _env_file=None,
        data_dir=tmp_path,
        database_url=databases.make(tmp_path),
        service_token=SERVICE_TOKEN,
        signing_key="a-signing-key-for-tests",
        console_secret="a-console-secret-for-tests",
        contact_key=CONTACT_KEY,
        demo_password="a-demo-password-for-tests",
        chat_url="http://localhost:5005",
        public_url="http://localhost:8080",
    )


@pytest.fixture
async def owned_database(
    settings: Settings, databases: SqliteFiles | PostgresDatabases
) -> AsyncIterator[Database]:
    """The database as its owner has it, who on PostgreSQL may do more than the backend."""
    url = databases.owned(settings.resolved_database_url)
    database = Database.from_url(url, write_wait_seconds=10, keys=ContactKeys.of(settings))
    yield database
    await database.dispose()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def app(settings: Settings, clock: MovableClock) -> web.Application:
    return create_app(settings, clock)


@pytest.fixture
async def client(app: web.Application) -> AsyncIterator[Client]:
    """The running backend; it sends no token by itself."""
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
def database(client: Client) -> Database:
    """The running backend's database."""
    assert client.app is not None
    return client.app[DATABASE]


@pytest.fixture
def auth() -> Callable[[], dict[str, str]]:
    """Headers of an authorised request; each call brings a new Idempotency-Key."""
    return lambda: {"Authorization": f"Bearer {SERVICE_TOKEN}", "Idempotency-Key": str(uuid4())}


@pytest.fixture
def archive(client: Client) -> Archive:
    """The running backend's transcripts."""
    return Archive(client)


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords cost next to nothing to hash in this process."""
    with hash_quickly(monkeypatch):
        yield


@pytest.fixture
def make_citizen(
    client: Client, auth: Callable[[], dict[str, str]]
) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Makes a citizen through the API and gives the answer."""

    async def make(conversation_id: str | None = None, channel: str = "web") -> dict[str, Any]:
        body = {"conversation_id": conversation_id or str(uuid4()), "channel": channel}
        async with client.post("/api/v1/citizens", json=body, headers=auth()) as response:
            assert response.status in (200, 201), await response.text()
            citizen: dict[str, Any] = await response.json()
            return citizen

    return make


@pytest.fixture
def process_environment() -> Callable[..., dict[str, str]]:
    """The environment of a backend process whose data is in a directory."""

    def environment(data_dir: Path, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DIGISPOR_")}
        return kept | {
            "DIGISPOR_DATA_DIR": str(data_dir),
            "DIGISPOR_DATABASE_URL": "",
            "DIGISPOR_SERVICE_TOKEN": SERVICE_TOKEN,
            "DIGISPOR_SIGNING_KEY": "a-signing-key-for-tests",
            "DIGISPOR_CONSOLE_SECRET": "a-console-secret-for-tests",
            "DIGISPOR_CONTACT_KEY": CONTACT_KEY,
            "DIGISPOR_DEMO_LOGIN": "demo",
            "DIGISPOR_DEMO_PASSWORD": "a-demo-password-for-tests",
            **more,
        }

    return environment


@dataclass(frozen=True)
class RunningBackend:
    """A backend in a process of its own."""

    process: subprocess.Popen[bytes]
    url: str
    token: str
    log: Path

    def internal_errors(self) -> list[dict[str, Any]]:
        """What it logged as going wrong in its own code."""
        lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
        return [line for line in lines if line["level"] == "error" and line["logger"].startswith("backend")]


@pytest.fixture
def running_backend(
    settings: Settings, process_environment: Callable[..., dict[str, str]]
) -> Iterator[RunningBackend]:
    """`python -m backend` on a free port, with the test's own database."""
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        port = finder.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    log = settings.data_path / "backend.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "backend"],
            env=process_environment(
                settings.data_path,
                DIGISPOR_DATABASE_URL=settings.database_url,
                DIGISPOR_MUNICIPALITY=str(settings.municipality),
                DIGISPOR_BACKEND_PORT=str(port),
            ),
            stderr=output,
        )
    try:
        _wait_until_live(url, process, log)
        yield RunningBackend(process, url, SERVICE_TOKEN, log)
    finally:
        process.kill()
        process.wait()


def _wait_until_live(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/health/live", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the backend did not start: {log.read_text('utf-8')}")
