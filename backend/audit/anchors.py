"""Files beside the database that tell of the audit log: where it had come to, and when it was found whole."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError


class Anchor(BaseModel):
    """What the newest entry was at a moment."""

    at: datetime
    position: int
    hash: str


class FoundWhole(BaseModel):
    """When the whole log was last verified and nothing was wrong, and how many entries it had."""

    at: datetime
    entries: int


class AnchorFile:
    """Anchors, one a line, which are only ever added.

    Args:
        data_path: The folder of the data.
    """

    def __init__(self, data_path: Path) -> None:
        self.path = data_path / "audit-anchors.jsonl"

    def add(self, anchor: Anchor) -> None:
        """Writes an anchor, and comes back when it is on the disk.

        Raises:
            OSError: It cannot be written.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # A line is written in one piece, so that two backends do not write into one another's.
        with self.path.open("ab", buffering=0) as file:
            file.write(anchor.model_dump_json().encode() + b"\n")
            os.fsync(file.fileno())

    def read(self) -> list[Anchor]:
        """What was anchored; a line that a power cut has torn is left out."""
        return list(self._whole_lines())

    def _whole_lines(self) -> Iterator[Anchor]:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for line in file:
                try:
                    yield Anchor.model_validate_json(line)
                except ValidationError:
                    continue


class FoundWholeFile:
    """When the log was last found whole.

    Args:
        data_path: The folder of the data.
    """

    def __init__(self, data_path: Path) -> None:
        self._path = data_path / "audit-found-whole.json"

    def write(self, found: FoundWhole) -> None:
        """Replaces what was found before."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(found.model_dump_json(), "utf-8")

    def read(self) -> FoundWhole | None:
        """What was found; None when it never was."""
        try:
            return FoundWhole.model_validate_json(self._path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
