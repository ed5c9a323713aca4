"""`make lint`: style, types and the widget's types."""

from __future__ import annotations

import os
import subprocess

from setup.commands import Argument
from setup.environments import BACKEND, BOT
from setup.layout import ROOT, WIDGET, shown
from setup.tools import node_environment


def lint() -> int:
    """Runs every check and returns 0 when all are content, else 1."""
    in_widget = node_environment()
    checks: list[tuple[list[Argument], dict[str, str] | None]] = [
        ([BACKEND.program("ruff"), "check", "."], None),
        ([BACKEND.program("ruff"), "format", "--check", "."], None),
        ([BOT.python, "-m", "mypy", "bot", "actions", "identifiers", "observability", "throttling"], None),
        ([BACKEND.python, "-m", "mypy", "backend", "setup"], None),
        (["npm", "run", "lint", "--prefix", shown(WIDGET)], in_widget),
    ]
    failed = []
    for arguments, environment in checks:
        command = [str(argument) for argument in arguments]
        print(
            f"\n── {' '.join(os.path.basename(part) if part == command[0] else part for part in command)}",
            flush=True,
        )
        done = subprocess.run(command, cwd=str(ROOT), env={**os.environ, **(environment or {})}, check=False)
        if done.returncode != 0:
            failed.append(command)
    print(f"\n{len(checks) - len(failed)} af {len(checks)} kontroller er i orden.", flush=True)
    return 1 if failed else 0
