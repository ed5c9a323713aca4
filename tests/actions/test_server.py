"""The action server as a process: who can reach it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def port(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DIGISPOR_SERVICE_TOKEN": "test",
        "DIGISPOR_DATA_DIR": str(tmp_path),
        "DIGISPOR_ACTIONS_PORT": str(port),
        "no_proxy": "127.0.0.1",
    }
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "actions"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        deadline = time.monotonic() + 120
        while not _is_up(port):
            assert server.poll() is None, (tmp_path / "log").read_text("utf-8")
            assert time.monotonic() < deadline
            time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _is_up(port):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        return opener.open(f"http://127.0.0.1:{port}/health", timeout=5).status == 200
    except OSError:
        return False


def test_it_listens_on_loopback_only(port):
    with socket.socket() as other_side:
        # 127.0.0.2 is this machine too, and would answer if it listened on every address.
        other_side.settimeout(2)
        assert other_side.connect_ex(("127.0.0.2", port)) != 0
