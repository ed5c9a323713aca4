"""The action server as a process: who can reach it, and what it does for whom."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
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
        "DIGISPOR_SERVICE_TOKEN": "the newest,an older one",
        "DIGISPOR_DATA_DIR": str(tmp_path),
        "DIGISPOR_ACTIONS_PORT": str(port),
        "no_proxy": "127.0.0.1",
    }
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "actions"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            umask=0o022,
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
    try:
        return _ask(port, "/health") == 200
    except OSError:
        return False


def _ask(port, path, *, method="GET", authorization=None, body=None):
    headers = {"Content-Type": "application/json"}
    if authorization is not None:
        headers["Authorization"] = authorization
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", method=method, headers=headers, data=body
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as response:
            return response.status
    except urllib.error.HTTPError as refusal:
        return refusal.code


def test_it_listens_on_loopback_only(port):
    with socket.socket() as other_side:
        # 127.0.0.2 is this machine too, and would answer if it listened on every address.
        other_side.settimeout(2)
        assert other_side.connect_ex(("127.0.0.2", port)) != 0


def test_nobody_else_on_the_machine_reads_what_it_stores(port, tmp_path):
    assert (tmp_path / "outbox").stat().st_mode & 0o777 == 0o700


def test_it_acts_for_rasa_alone(port):
    call = json.dumps({"next_action": "action_unknown", "tracker": {"sender_id": "c1"}}).encode()

    def act(authorization):
        return _ask(port, "/webhook", method="POST", authorization=authorization, body=call)

    assert {act(None), act(""), act("Bearer "), act("Bearer wrong"), act("the newest")} == {401}
    # 404: it is heard, and there is no such action. Rasa shows the setting as it stands.
    assert {act("Bearer the newest"), act("Bearer an older one"), act("Bearer a newer one,the newest")} == {
        404
    }
    # By which Rasa knows that it is heard.
    assert _ask(port, "/actions") == 401
    assert _ask(port, "/actions", authorization="Bearer the newest") == 200


def test_whoever_looks_after_it_is_asked_for_no_token(port):
    assert _ask(port, "/health/live") == 200
