"""`python -m setup.launcher` runs the Procfile's processes together, and writes what they say as JSON lines.

honcho starts and ends them. A log line of a process passes as it is; whatever else is printed, such as the
last words of one that ends before it can log, becomes a line too, so that the log can be read by a machine.
"""

import json
import os
import sys
from datetime import timezone

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Message

from observability.logs import cleaned
from setup.layout import ROOT

HONCHO = "system"


class JsonLines:
    """Prints what honcho's processes say, one object a line."""

    width = 0

    def write(self, message: Message) -> None:
        """Prints what a process has said."""
        said = message.data.decode("utf-8", "replace") if isinstance(message.data, bytes) else message.data
        for line in said.splitlines():
            print(line if _is_log_line(line) else _as_log_line(line, message), flush=True)


def _is_log_line(line: str) -> bool:
    return line.startswith('{"time": ') and line.endswith("}")


def _as_log_line(line: str, message: Message) -> str:
    process = message.name.partition(".")[0] if message.name else HONCHO
    entry = {
        "time": message.time.astimezone(timezone.utc).isoformat(timespec="milliseconds"),
        "level": "info",
        "process": process,
        "logger": "printed",
        "message": cleaned(line),
    }
    return json.dumps(entry, ensure_ascii=False)


def main() -> int:
    """Runs until one of the processes ends or somebody asks to stop; gives the exit code of the first."""
    manager = Manager(JsonLines())
    for name, command in parse_procfile((ROOT / "Procfile").read_text("utf-8")).processes.items():
        manager.add_process(f"{name}.1", command, env=dict(os.environ))
    manager.loop()
    return int(manager.returncode or 0)


if __name__ == "__main__":
    sys.exit(main())
