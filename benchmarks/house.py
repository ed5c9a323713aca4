"""The whole of Digispor as real processes on free ports, with its own data, for tests and benchmarks.

The commands are those of the Procfile, so what runs here is what `make run` starts.
"""

import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from honcho.environ import parse_procfile

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 180
SMS_SETTINGS = (
    "DIGISPOR_SMS_PROVIDER",
    "DIGISPOR_SMS_API_URL",
    "DIGISPOR_SMS_SENDER",
    "DIGISPOR_SMS_ACCOUNT",
    "DIGISPOR_SMS_TOKEN",
    "DIGISPOR_SMS_WEBHOOK_SECRET",
)
BACKEND, ACTIONS, RASA = "backend", "actions", "rasa"


def free_port() -> int:
    """Gives a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class House:
    """Backend, action server and Rasa in one folder of data.

    Args:
        folder: Empty folder for databases, spools and logs.
        actions_reach_backend_at: Another port on which the actions find the backend, e.g. of a proxy.

    Attributes:
        settings: Environment variables of the processes that start from now on, above the house's own.
    """

    def __init__(self, folder: Path, actions_reach_backend_at: int | None = None) -> None:
        self.folder = folder
        self.ports = {BACKEND: free_port(), ACTIONS: free_port(), RASA: free_port()}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._commands = parse_procfile((ROOT / "Procfile").read_text()).processes
        self._actions_backend_port = actions_reach_backend_at or self.ports[BACKEND]
        self.settings: dict[str, str] = {}
        self.secrets = {
            name: secrets.token_urlsafe(32)
            for name in (
                "DIGISPOR_SERVICE_TOKEN",
                "DIGISPOR_SIGNING_KEY",
                "DIGISPOR_CONSOLE_SECRET",
                "DIGISPOR_CONTACT_KEY",
                "DIGISPOR_REST_TOKEN",
                "DIGISPOR_NUMBER_KEY",
                "DIGISPOR_METRICS_TOKEN",
                "DIGISPOR_DEMO_PASSWORD",
            )
        }

    @property
    def backend_url(self) -> str:
        """Root of the backend."""
        return f"http://127.0.0.1:{self.ports[BACKEND]}"

    @property
    def chat_url(self) -> str:
        """Root of Rasa's channels."""
        return f"http://127.0.0.1:{self.ports[RASA]}"

    def environment(self, process: str = "") -> dict[str, str]:
        """Gives the environment of a process of the house."""
        backend_port = self._actions_backend_port if process == ACTIONS else self.ports[BACKEND]
        own = {
            **self.secrets,
            "DIGISPOR_DATA_DIR": str(self.folder),
            "DIGISPOR_DATABASE_URL": "",
            "DIGISPOR_BACKEND_PORT": str(self.ports[BACKEND]),
            "DIGISPOR_ACTIONS_PORT": str(self.ports[ACTIONS]),
            "DIGISPOR_RASA_PORT": str(self.ports[RASA]),
            "DIGISPOR_BACKEND_URL": f"http://127.0.0.1:{backend_port}",
            "DIGISPOR_ACTIONS_URL": f"http://127.0.0.1:{self.ports[ACTIONS]}/webhook",
            "DIGISPOR_PUBLIC_URL": self.backend_url,
            "DIGISPOR_CHAT_URL": self.chat_url,
            "DIGISPOR_RASA_URL": self.chat_url,
            "DIGISPOR_CORS_ORIGINS": self.backend_url,
            "DIGISPOR_TRUSTED_PROXIES": "127.0.0.1",
            "DIGISPOR_DEMO_LOGIN": "demo",
            **dict.fromkeys(SMS_SETTINGS, ""),
            "PYTHONUNBUFFERED": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        return {**os.environ, **own, **self.settings}

    def prepare(self) -> None:
        """Makes the database and the demo data."""
        for module in (["backend.db", "upgrade"], ["backend.demo"]):
            command = [str(ROOT / ".venv/backend/bin/python"), "-m", *module]
            subprocess.run(command, cwd=ROOT, env=self.environment(), check=True, capture_output=True)

    def start(self, *names: str) -> None:
        """Starts the named processes, or all, and waits until they answer.

        Raises:
            RuntimeError: One of them ended or did not answer; its log's tail is in the message.
        """
        names = names or tuple(self.ports)
        for name in names:
            log = (self.folder / f"{name}.log").open("ab")
            self._processes[name] = subprocess.Popen(
                ["sh", "-c", self._commands[name]],
                cwd=ROOT,
                env=self.environment(name),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        for name in names:
            self._wait_for(name)

    def kill(self, name: str) -> None:
        """Ends a process at once, as a crash would."""
        self._signal(name, signal.SIGKILL)

    def stop(self) -> None:
        """Ends every process in order, gently."""
        for name in list(self._processes):
            self._signal(name, signal.SIGTERM)

    def process_id(self, name: str) -> int:
        """Gives the id of a running process."""
        return self._processes[name].pid

    def log(self, name: str) -> str:
        """Gives what a process has logged."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _signal(self, name: str, number: signal.Signals) -> None:
        process = self._processes.pop(name)
        if process.poll() is None:
            os.killpg(process.pid, number)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _wait_for(self, name: str) -> None:
        path = {BACKEND: "/health/ready", ACTIONS: "/health", RASA: "/webhooks/web/"}[name]
        url = f"http://127.0.0.1:{self.ports[name]}{path}"
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._processes[name].poll() is not None:
                break
            try:
                with urllib.request.urlopen(url, timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise RuntimeError(f"{name} does not answer:\n{self.log(name)[-4000:]}")
