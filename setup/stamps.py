"""Tells whether something built is still the one its sources would give."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Iterator

from setup.layout import shown

NOT_SOURCES = {"node_modules", "dist", "__pycache__", "coverage"}


def fingerprint(*parts: str | Path) -> str:
    """A hash over texts, files (name and content) and folders (every file below, build products left out)."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            digest.update(f"text {part}\n".encode())
            continue
        for file in _files(part):
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            digest.update(f"file {shown(file)} {content}\n".encode())
    return digest.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    """Whether the stamp says that what was built comes from these sources."""
    return stamp.is_file() and stamp.read_text("utf-8").strip() == wanted


def write(stamp: Path, current: str) -> None:
    """Notes what the thing just built comes from."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(current + "\n", "utf-8")


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        for child in sorted(path.iterdir()):
            if child.name not in NOT_SOURCES and not child.name.startswith("."):
                yield from _files(child)
