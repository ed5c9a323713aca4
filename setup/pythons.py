"""Finds the Pythons that the two environments are made from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Iterator, Sequence

from setup.commands import answer
from setup.errors import SetupError

# A Python built without the headers for these looks fine until Rasa or SQLite is imported.
PROBE = """
import bz2, ctypes, lzma, sqlite3, ssl, sys
print(".".join(map(str, sys.version_info[:2])), sys.executable)
"""
DOWNLOAD_SECONDS = 300


def find(versions: Sequence[str], uv: Path) -> Path:
    """A complete Python of one of the versions, the first preferred; fetched by uv when there is none.

    Args:
        versions: Such as "3.10", in order of preference.
        uv: The uv program.

    Raises:
        SetupError: None was found and none could be fetched.
    """
    for version in versions:
        for candidate in _candidates(version, uv):
            python = probe(candidate, version)
            if python:
                return python
    return _fetch(versions[0], uv)


def probe(candidate: str, version: str) -> Path | None:
    """The real path of a Python that runs, is of this version and has its standard library complete."""
    stated = answer([candidate, "-c", PROBE])
    if not stated:
        return None
    found, _, executable = stated.partition(" ")
    return Path(executable) if found == version else None


def _candidates(version: str, uv: Path) -> Iterator[str]:
    yield f"python{version}"
    yield "python3"
    roots = [os.environ.get("PYENV_ROOT"), str(Path.home() / ".pyenv")]
    for root in dict.fromkeys(root for root in roots if root):
        # pyenv's shims on PATH do not resolve versions that the .python-version in force leaves out.
        for folder in sorted(Path(root, "versions").glob(f"{version}.*"), key=_patch_number, reverse=True):
            yield str(folder / "bin" / "python")
    for prefix in ("/usr", "/usr/local", "/opt/homebrew"):
        yield f"{prefix}/bin/python{version}"
    found = answer([uv, "python", "find", "--no-python-downloads", version])
    if found:
        yield found


def _patch_number(folder: Path) -> int:
    last = folder.name.rpartition(".")[2]
    return int(last) if last.isdigit() else -1


def _fetch(version: str, uv: Path) -> Path:
    answer([uv, "python", "install", version], timeout=DOWNLOAD_SECONDS)
    fetched = answer([uv, "python", "find", "--no-python-downloads", version])
    python = probe(fetched, version) if fetched else None
    if not python:
        raise SetupError(
            f"Python {version} mangler og kunne ikke hentes. Installér den, og prøv igen, for eksempel med "
            f"'pyenv install {version}', 'uv python install {version}' eller 'brew install python@{version}'."
        )
    return python
