"""Runs other programs: quietly into a log, or just to hear what they answer."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import IO, Mapping, Sequence, Union

from setup.errors import SetupError
from setup.layout import ROOT, SETUP_LOGS, shown

Argument = Union[str, Path]
TAIL_LINES = 15

_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()
_stopped = threading.Event()


def answer(
    arguments: Sequence[Argument], timeout: float = 20, env: Mapping[str, str] | None = None
) -> str | None:
    """What a program prints, or None when it cannot be run, fails or takes longer than `timeout` seconds."""
    try:
        done = subprocess.run(
            [str(argument) for argument in arguments],
            cwd=str(ROOT),
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=timeout,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None


def version_of(program: Argument, env: Mapping[str, str] | None = None) -> tuple[int, ...] | None:
    """The version a program states about itself, or None when it does not run.

    Args:
        program: The program.
        env: Variables on top of this process's own.
    """
    stated = answer([program, "--version"], env=env)
    if not stated:
        return None
    number = next((word.lstrip("v") for word in stated.split() if word.lstrip("v")[:1].isdigit()), "")
    return tuple(int(part) for part in number.split(".") if part.isdigit()) or None


def run_quietly(
    arguments: Sequence[Argument],
    log_name: str,
    failure: str,
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> None:
    """Runs a program with its output in a log file.

    Args:
        arguments: The program and its arguments.
        log_name: Name of the log, without ending.
        failure: What to say, in Danish, when it fails.
        cwd: Folder to run it in.
        env: Variables on top of this process's own.
        timeout: Seconds after which it is ended and counts as failed.

    Raises:
        SetupError: It could not be run, failed or took too long; ends with the last lines of the log.
    """
    log = SETUP_LOGS / f"{log_name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        try:
            code = _run(arguments, output, cwd, env, timeout)
        except subprocess.TimeoutExpired:
            raise SetupError(f"{failure} Det tog mere end {timeout:.0f} sekunder. {_excerpt(log)}") from None
        except OSError as error:
            raise SetupError(f"{failure} {error}") from error
    if code != 0:
        raise SetupError(f"{failure} {_excerpt(log)}")


def stop_all() -> None:
    """Ends every program started by `run_quietly`, with its children, and starts no more."""
    _stopped.set()
    with _lock:
        processes = list(_running)
    for process in processes:
        _kill_group(process)


def end_group(pid: int, with_signal: signal.Signals) -> None:
    """Sends a signal to a process and everything in its process group."""
    # It may have ended in the meantime; macOS then answers with a permission error.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, with_signal)


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    """The last lines of a log, indented."""
    text = log.read_text("utf-8", "replace").replace("\r", "\n")
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:] if line.strip())


def _run(
    arguments: Sequence[Argument],
    output: IO[bytes],
    cwd: Path,
    env: Mapping[str, str] | None,
    timeout: float | None,
) -> int:
    if _stopped.is_set():
        raise SetupError("Afbrudt.")
    process = subprocess.Popen(
        [str(argument) for argument in arguments],
        cwd=str(cwd),
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        # A group of its own, so that ending it ends the programs it started too.
        start_new_session=True,
    )
    with _lock:
        _running.add(process)
    try:
        return process.wait(timeout)
    finally:
        _kill_group(process)
        process.wait()
        with _lock:
            _running.discard(process)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        end_group(process.pid, signal.SIGKILL)


def _excerpt(log: Path) -> str:
    return f"Hele loggen: {shown(log)}\n{tail(log)}"
