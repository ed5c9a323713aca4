"""Starts Rasa, the action server and the backend, waits until they answer, and ends them together."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from datetime import datetime, timezone
from typing import Callable, Iterator

from setup import danish_model
from setup.commands import TAIL_LINES, end_group
from setup.environments import BACKEND
from setup.errors import SetupError
from setup.layout import ROOT, shown
from setup.log_files import LogFile
from setup.progress import Progress
from setup.run_record import RunRecord
from setup.settings import PORTS, RunSettings

START_SECONDS = 240
# Longer than the 5 seconds honcho gives its processes before it ends them the hard way.
STOP_SECONDS = 12
POLL_SECONDS = 0.3
# How often it is looked whether a new day has begun for the log.
TURN_SECONDS = 60.0


def refuse_if_running() -> None:
    """Keeps a second run from starting in the same checkout.

    Raises:
        SetupError: Digispor runs already, or processes of an earlier run are left.
    """
    record = RunRecord.read()
    if record and record.alive():
        raise SetupError("Digispor kører allerede. 'make stop' stopper det.")


def refuse_taken_ports(settings: RunSettings) -> None:
    """Finds out before anything starts whether the ports are free.

    Raises:
        SetupError: Another program has one of them; names the port and what it is for.
    """
    for name, (title, _) in PORTS.items():
        port = settings.port(name)
        with socket.socket() as probe:
            # As the servers do: a port whose last connection just closed is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise SetupError(
                    f"Port {port} til {title} er optaget af et andet program. "
                    f"Luk det, eller vælg en anden port med {name}."
                ) from None


def start_and_watch(settings: RunSettings, progress: Progress) -> None:
    """Starts everything, says where it is, and watches it until asked to stop (by KeyboardInterrupt).

    Raises:
        SetupError: A process ended by itself, or did not answer in time.
    """
    # What is written from here on is about citizens: nobody else on the machine reads it.
    os.umask(0o077)
    kept = LogFile(settings.log, settings.log_days, datetime.now(timezone.utc))
    with kept.open() as log:
        honcho = subprocess.Popen(
            [str(BACKEND.python), "-m", "setup.launcher"],
            cwd=str(ROOT),
            env=settings.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C is not to reach it by itself as well: it is told to stop below.
            start_new_session=True,
        )
    try:
        RunRecord.of(os.getpid(), [honcho.pid]).write()
        progress.step("Start", lambda: _wait_until_ready(honcho, settings))
        RunRecord.of(os.getpid(), [honcho.pid, *_started(settings).values()]).write()
        progress.say(welcome(settings))
        _wait_until_it_ends(honcho, kept)
        raise SetupError(_why_it_ended(settings))
    finally:
        _end(honcho, settings)


def stop() -> str:
    """Ends everything that `make run` started in this checkout, and says what came of it.

    Raises:
        SetupError: A process could not be ended.
    """
    record = RunRecord.read()
    if not record or not record.alive():
        RunRecord.forget()
        return "Digispor kører ikke."
    if record.supervisor_runs():
        # It ends the others in order, and itself.
        os.kill(record.supervisor, signal.SIGTERM)
        _wait(lambda: not record.alive(), STOP_SECONDS + 3)
    for sent in (signal.SIGTERM, signal.SIGKILL):
        for pid in record.alive():
            end_group(pid, sent)
        _wait(lambda: not record.alive(), STOP_SECONDS)
    if record.alive():
        raise SetupError(f"Kunne ikke stoppe: {', '.join(map(str, record.alive()))}.")
    RunRecord.forget()
    return "Digispor er stoppet."


def welcome(settings: RunSettings) -> str:
    """Where everything is, which Danish model is in use, and the demo caseworker's login."""
    rows = {
        "Chat": settings["DIGISPOR_PUBLIC_URL"] + "/",
        "Medarbejdere": settings["DIGISPOR_PUBLIC_URL"] + "/console",
        "Login (demo)": _demo_login(settings),
        "API": settings["DIGISPOR_PUBLIC_URL"] + "/api/v1/openapi.json",
        "Rasa": settings["DIGISPOR_CHAT_URL"],
        "Dansk model": danish_model.described(danish_model.in_use()),
        "Log": shown(settings.log),
    }
    lines = [f"  {title:<14}{text}" for title, text in rows.items()]
    return "\n".join(["", "Digispor kører.", *lines, "Stop med Ctrl-C eller 'make stop'."])


def _demo_login(settings: RunSettings) -> str:
    if settings["DIGISPOR_PUBLIC_URL"].startswith("https://"):
        return "ingen, for adressen er ikke kun til denne maskine"
    return f"{settings['DIGISPOR_DEMO_LOGIN']} / {settings['DIGISPOR_DEMO_PASSWORD']}"


def ended_first(log: str) -> tuple[str, str, str] | None:
    """Which process ended first by the log, its exit code and its last lines; None when none did."""
    told = (re.fullmatch(r"(\w+)\.1 stopped \(rc=(-?\d+)\)", said) for said in _said_by("system", log))
    ended = next((match for match in told if match), None)
    if not ended:
        return None
    name, code = ended.groups()
    return name, code, "\n".join(f"    {line}" for line in list(_said_by(name, log))[-TAIL_LINES:])


def _said_by(process: str, log: str) -> Iterator[str]:
    """The lines that a process has in the log; "system" is what started them."""
    for line in log.splitlines():
        if f'"process": "{process}"' in line:
            entry = json.loads(line)
            yield from f"{entry['message']}\n{entry.get('exception', '')}".strip().splitlines()


def _wait_until_ready(honcho: subprocess.Popen[bytes], settings: RunSettings) -> str:
    waiting = _health_addresses(settings)
    deadline = time.monotonic() + START_SECONDS
    while waiting:
        if honcho.poll() is not None:
            raise SetupError(_why_it_ended(settings))
        if time.monotonic() > deadline:
            raise SetupError(f"{', '.join(waiting)} svarer ikke. Se {shown(settings.log)}.")
        waiting = {name: address for name, address in waiting.items() if not _answers(address)}
        time.sleep(POLL_SECONDS)
    return "alt svarer"


def _wait_until_it_ends(honcho: subprocess.Popen[bytes], kept: LogFile) -> None:
    while True:
        try:
            honcho.wait(TURN_SECONDS)
        except subprocess.TimeoutExpired:
            # Who writes to citizens does not stop because a log cannot be set aside; it is tried again.
            with contextlib.suppress(OSError):
                kept.turn(datetime.now(timezone.utc))
        else:
            return


def _health_addresses(settings: RunSettings) -> dict[str, str]:
    return {
        "Backenden": f"http://127.0.0.1:{settings.port('DIGISPOR_BACKEND_PORT')}/health/ready",
        "Rasa": f"http://127.0.0.1:{settings.port('DIGISPOR_RASA_PORT')}/webhooks/web/",
        "Action-serveren": f"http://127.0.0.1:{settings.port('DIGISPOR_ACTIONS_PORT')}/health",
    }


def _answers(address: str) -> bool:
    # Never through a proxy: the address is on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=5) as response:
            return bool(response.status == 200)
    except (OSError, http.client.HTTPException):
        return False


def _why_it_ended(settings: RunSettings) -> str:
    ended = ended_first(settings.log.read_text("utf-8", "replace"))
    if not ended:
        return f"Digispor stoppede uventet. Se {shown(settings.log)}."
    name, code, said = ended
    return f"Processen '{name}' stoppede med kode {code}. Hele loggen: {shown(settings.log)}\n{said}"


def _started(settings: RunSettings) -> dict[str, int]:
    """The process id of each process honcho started; each leads a process group of its own."""
    log = settings.log.read_text("utf-8", "replace")
    told = (re.fullmatch(r"(\w+)\.1 started \(pid=(\d+)\)", said) for said in _said_by("system", log))
    return {match[1]: int(match[2]) for match in told if match}


def _end(honcho: subprocess.Popen[bytes], settings: RunSettings) -> None:
    """Ends honcho and what it started, however honcho itself fares."""
    # A second Ctrl-C must not leave anything behind.
    for impatient in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(impatient, signal.SIG_IGN)
    end_group(honcho.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        honcho.wait(STOP_SECONDS)
    # What honcho said of those it started may have been set aside with an earlier day's log.
    record = RunRecord.read()
    noted = record.alive() if record else []
    for pid in {honcho.pid, *_started(settings).values(), *noted} - {os.getpid()}:
        end_group(pid, signal.SIGKILL)
    honcho.wait()
    RunRecord.forget()


def _wait(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
