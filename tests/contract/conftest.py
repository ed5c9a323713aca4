"""Starts the real backend as its own process, with demo data, for the actions' real client."""

import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from actions.attempts import Attempts
from actions.backend_client import BackendClient

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv/backend/bin/python"
TOKEN = secrets.token_urlsafe(32)


@pytest.fixture(scope="session")
def backend_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("backend")
    environment = {
        **os.environ,
        "DIGISPOR_DATA_DIR": str(folder),
        "DIGISPOR_DATABASE_URL": "",
        "DIGISPOR_BACKEND_PORT": str(port),
        "DIGISPOR_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DIGISPOR_SERVICE_TOKEN": TOKEN,
        "DIGISPOR_SIGNING_KEY": secrets.token_urlsafe(32),
        "DIGISPOR_CONSOLE_SECRET": secrets.token_urlsafe(32),
        "DIGISPOR_CONTACT_KEY": secrets.token_urlsafe(32),
        "DIGISPOR_DEMO_PASSWORD": secrets.token_urlsafe(16),
    }
    for module in (["backend.db", "upgrade"], ["backend.demo"]):
        subprocess.run([PYTHON, "-m", *module], cwd=ROOT, env=environment, check=True)
    with subprocess.Popen([PYTHON, "-m", "backend"], cwd=ROOT, env=environment) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            wait_until_ready(f"{url}/health/ready", process)
            yield url
        finally:
            process.terminate()


def wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the backend did not become ready")


@pytest.fixture(scope="session")
def service_token() -> str:
    return TOKEN


@pytest.fixture
async def client(backend_url: str, tmp_path: Path) -> AsyncIterator[BackendClient]:
    real = BackendClient(backend_url, TOKEN, Attempts(tmp_path / "attempts.db"))
    yield real
    await real.close()
