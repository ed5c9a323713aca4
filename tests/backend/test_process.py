import http.client
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from tests.backend.databases import sqlite_only


def port_of(backend) -> int:
    return int(backend.url.rsplit(":", 1)[1])


def get(url: str) -> dict:
    with urllib.request.urlopen(url, timeout=5) as response:
        return json.load(response)


def test_it_serves_until_it_is_asked_to_stop(running_backend):
    assert get(f"{running_backend.url}/health/ready")["database"] == "ok"
    running_backend.process.send_signal(signal.SIGTERM)
    assert running_backend.process.wait(timeout=10) == 0


@sqlite_only
@pytest.mark.parametrize("program", [["backend"], ["backend.db", "current"], ["backend.retention"]])
def test_nobody_else_on_the_machine_reads_what_is_stored(tmp_path, process_environment, program):
    environment = process_environment(tmp_path, DIGISPOR_BACKEND_PORT="0")
    process = subprocess.Popen([sys.executable, "-m", *program], env=environment, umask=0o022)
    try:
        wait_until((tmp_path / "digispor.db").exists)
        assert (tmp_path / "digispor.db").stat().st_mode & 0o777 == 0o600
    finally:
        process.kill()
        process.wait()


def test_it_listens_on_loopback_only(running_backend):
    with socket.socket() as other_side:
        # 127.0.0.2 is this machine too, and would answer if it listened on every address.
        other_side.settimeout(2)
        assert other_side.connect_ex(("127.0.0.2", port_of(running_backend))) != 0


def begin_post(backend) -> socket.socket:
    """Sends a write, and comes back once the backend is at work on it."""
    body = json.dumps({"conversation_id": "c-1", "channel": "web"}).encode()
    head = (
        "POST /api/v1/citizens HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {backend.token}\r\nIdempotency-Key: k\r\n"
        f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", port_of(backend)), timeout=10)
    connection.sendall(head.encode())
    # The handler has begun when it asks for the body, and has the body when it answers someone else after.
    assert connection.recv(1024).startswith(b"HTTP/1.1 100")
    connection.sendall(body)
    get(f"{backend.url}/health/live")
    return connection


def post_citizen(backend, conversation_id: str) -> None:
    """Makes a citizen, with its conversation as the idempotency key."""
    request = urllib.request.Request(
        f"{backend.url}/api/v1/citizens",
        data=json.dumps({"conversation_id": conversation_id, "channel": "web"}).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": f"Bearer {backend.token}",
            "Idempotency-Key": conversation_id,
        },
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        response.read()


def accepts(backend) -> bool:
    """Whether the backend still takes new connections."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port_of(backend))) == 0


def wait_until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not reached():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


@sqlite_only
def test_a_request_under_way_is_answered_before_it_stops(running_backend, settings):
    """The write waits for another process's lock, the stop signal comes, and the write is still kept."""
    other = sqlite3.connect(settings.data_path / "digispor.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with begin_post(running_backend) as connection:
        running_backend.process.send_signal(signal.SIGTERM)
        wait_until(lambda: not accepts(running_backend))
        other.rollback()
        assert connection.recv(4096).startswith(b"HTTP/1.1 201")
    assert running_backend.process.wait(timeout=10) == 0
    assert other.execute("SELECT count(*) FROM citizens").fetchone() == (1,)
    other.close()


@sqlite_only
def test_what_was_acknowledged_survives_a_sudden_death(running_backend, settings):
    """Citizens are made as fast as they go until the process is killed in the middle of it."""
    acknowledged: set[str] = set()

    def make_citizens(worker: int) -> None:
        for number in count():
            conversation_id = f"{worker}-{number}"
            try:
                post_citizen(running_backend, conversation_id)
            except (urllib.error.URLError, ConnectionError, http.client.HTTPException):
                return
            acknowledged.add(conversation_id)

    with ThreadPoolExecutor() as pool:
        workers = [pool.submit(make_citizens, worker) for worker in range(4)]
        wait_until(lambda: len(acknowledged) >= 40)
        running_backend.process.kill()
        for worker in workers:
            worker.result(timeout=10)
    database = sqlite3.connect(settings.data_path / "digispor.db")
    stored = {row[0] for row in database.execute("SELECT conversation_id FROM citizens")}
    keys = {row[0] for row in database.execute("SELECT key FROM idempotency_keys")}
    unfinished = database.execute("SELECT count(*) FROM idempotency_keys WHERE status IS NULL").fetchone()
    database.close()
    assert acknowledged <= stored
    # A citizen and the answer about it were stored together or not at all.
    assert keys == stored
    assert unfinished == (0,)
