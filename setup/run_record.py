"""Remembers which processes `make run` started, so that `make stop` finds them, and only them."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Iterable

from setup.commands import answer
from setup.layout import RUN_RECORD


@dataclass(frozen=True)
class RunRecord:
    """The processes of one run.

    Attributes:
        supervisor: Process id of `make run` itself.
        commands: Command line by process id, of every process; a process id that has been given to another
            program since is told by it.
    """

    supervisor: int
    commands: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, supervisor: int, others: Iterable[int]) -> RunRecord:
        """A record of processes that run now."""
        return cls(supervisor, {str(pid): command_of(pid) for pid in (supervisor, *others)})

    @classmethod
    def read(cls, path: Path = RUN_RECORD) -> RunRecord | None:
        """The record of the latest run, or None when it ended in an orderly way."""
        if not path.exists():
            return None
        return cls(**json.loads(path.read_text("utf-8")))

    def write(self, path: Path = RUN_RECORD) -> None:
        """Keeps the record."""
        path.write_text(json.dumps(asdict(self)), "utf-8")

    @staticmethod
    def forget(path: Path = RUN_RECORD) -> None:
        """Notes that the latest run has ended."""
        with contextlib.suppress(FileNotFoundError):
            path.unlink()

    def alive(self) -> list[int]:
        """Those of its processes that still run, the supervisor first."""
        return [
            int(pid) for pid, command in self.commands.items() if command and command_of(int(pid)) == command
        ]

    def supervisor_runs(self) -> bool:
        """Whether the run's `make run` is still there to end the others in order."""
        return self.supervisor in self.alive()


def command_of(pid: int) -> str:
    """The command line of a process; empty when there is no such process."""
    try:
        return (
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
        )
    except OSError:
        # No /proc: macOS, which always has ps.
        return answer(["ps", "-o", "command=", "-p", str(pid)]) or ""
