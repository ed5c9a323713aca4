"""`make run` and `make stop` with real processes, in a checkout of its own where small servers stand in."""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from setup.layout import ENVIRONMENTS, ROOT

PROCFILE = "".join(
    f"{name}: exec {sys.executable} server.py $DIGISPOR_{name.upper()}_PORT\n"
    for name in ("rasa", "actions", "backend")
)
# Each server shares a lock for as long as it lives, so that a test can tell when the last one is gone. One
# that is asked for /end does.
SERVER = """
import fcntl, http.server, os, sys
life = open("life", "w")
fcntl.flock(life, fcntl.LOCK_SH)

class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/end":
            print("the end", flush=True)
            os._exit(7)
        self.send_response(200)
        self.end_headers()

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
"""
START = """
import os, signal, sys
from setup import processes
from setup.errors import SetupError
from setup.progress import Progress
from setup.settings import RunSettings

def interrupt(*_):
    raise KeyboardInterrupt

signal.signal(signal.SIGTERM, interrupt)
signal.signal(signal.SIGINT, interrupt)  # ignored by default where a shell started this in the background
try:
    processes.start_and_watch(RunSettings.resolve(os.environ, {}), Progress())
except SetupError as error:
    sys.exit(str(error))
except KeyboardInterrupt:
    print("ended", flush=True)
"""
STOP = "from setup import processes; print(processes.stop())"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Checkout:
    """A folder with setup in it, the backend's environment, and three servers to run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for package in ("setup", "observability", "identifiers"):
            shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "Procfile").write_text(PROCFILE, "utf-8")
        (folder / "server.py").write_text(SERVER, "utf-8")
        (folder / ".venv").mkdir()
        (folder / ".venv/backend").symlink_to(ENVIRONMENTS / "backend")
        (folder / "models/spacy").mkdir(parents=True)
        in_use = {"name": "da_core_news_sm", "version": "3.4.0", "source": "official"}
        (folder / "models/spacy/in-use.json").write_text(json.dumps(in_use), "utf-8")
        self.ports = {name: free_port() for name in ("BACKEND", "RASA", "ACTIONS")}
        self.environment = {
            **os.environ,
            **{f"DIGISPOR_{name}_PORT": str(port) for name, port in self.ports.items()},
            "DIGISPOR_DATA_DIR": "var",
            "DIGISPOR_DEMO_PASSWORD": "kodeord",
        }
        self.run: subprocess.Popen[str] | None = None

    def start(self) -> str:
        """Starts everything and gives what is printed up to the welcome's last line."""
        self.run = self._python(START)
        assert self.run.stdout
        printed = ""
        for line in self.run.stdout:
            printed += line
            if line.startswith("Stop med"):
                break
        return printed

    def finish(self) -> tuple[int, str]:
        """Waits for the run to end; gives its exit code and what it said since the welcome."""
        assert self.run
        said, _ = self.run.communicate(timeout=40)
        return self.run.returncode, said

    def stop(self) -> str:
        """What `make stop` says."""
        return self._python(STOP).communicate(timeout=60)[0].strip()

    def is_empty(self) -> bool:
        """Whether none of the servers is left."""
        with (self.folder / "life").open("w") as life:
            try:
                fcntl.flock(life, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return not (self.folder / ".venv/running.json").exists()

    def _python(self, code: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            umask=0o022,
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    checkout = Checkout(tmp_path)
    yield checkout
    checkout.stop()
    if checkout.run and checkout.run.poll() is None:
        checkout.run.kill()


def test_it_ends_by_saying_where_everything_is(checkout: Checkout) -> None:
    printed = checkout.start()
    assert not checkout.is_empty()
    assert f"http://localhost:{checkout.ports['BACKEND']}/console" in printed
    assert "demo / kodeord" in printed
    assert "da_core_news_sm 3.4.0, spaCys officielle model" in printed


def test_nobody_else_on_the_machine_reads_its_log(checkout: Checkout) -> None:
    checkout.start()
    log = checkout.folder / "var/log/digispor.log"
    assert [oct(path.stat().st_mode & 0o777) for path in (log, log.parent)] == ["0o600", "0o700"]


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_end_it_leaves_nothing_behind(checkout: Checkout, asked: signal.Signals) -> None:
    checkout.start()
    assert checkout.run
    checkout.run.send_signal(asked)
    assert checkout.finish() == (0, "ended\n")
    assert checkout.is_empty()


def test_make_stop_ends_it_from_elsewhere(checkout: Checkout) -> None:
    checkout.start()
    assert checkout.stop() == "Digispor er stoppet."
    assert checkout.finish() == (0, "ended\n")
    assert checkout.is_empty()
    assert checkout.stop() == "Digispor kører ikke."


def test_make_stop_ends_what_a_killed_run_left(checkout: Checkout) -> None:
    checkout.start()
    assert checkout.run
    checkout.run.kill()
    checkout.run.wait()
    assert not checkout.is_empty()
    assert checkout.stop() == "Digispor er stoppet."
    assert checkout.is_empty()


def test_when_one_process_ends_all_do_and_it_is_named(checkout: Checkout) -> None:
    checkout.start()
    with socket.create_connection(("127.0.0.1", checkout.ports["ACTIONS"])) as connection:
        connection.sendall(b"GET /end HTTP/1.0\r\n\r\n")
    code, said = checkout.finish()
    assert code == 1
    assert "Processen 'actions' stoppede med kode 7." in said
    assert "    the end" in said
    assert checkout.is_empty()


def test_a_process_that_cannot_start_is_named(checkout: Checkout) -> None:
    (checkout.folder / "Procfile").write_text(
        PROCFILE.replace("server.py $DIGISPOR_RASA", "gone.py $DIGISPOR_RASA")
    )
    printed = checkout.start()
    code, _ = checkout.finish()
    assert code == 1
    assert "Processen 'rasa' stoppede med kode 2." in printed
    assert "gone.py" in printed
    assert checkout.is_empty()
