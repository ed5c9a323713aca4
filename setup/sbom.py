"""`make sbom`: what the bot, the backend and the chat consist of, as CycloneDX documents."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from setup.commands import Argument, run_quietly
from setup.environments import AUDIT, BACKEND, BOT
from setup.errors import SetupError
from setup.layout import ROOT, WIDGET, shown
from setup.tools import node_environment

FOLDER = ROOT / "results" / "sbom"
ENVIRONMENTS = {environment.name: environment for environment in (BOT, BACKEND)}
CHAT = "widget"
PARTS = (*ENVIRONMENTS, CHAT)
SPEC = "1.5"
"""The newest that both tools write."""


def write(part: str) -> str:
    """Writes the document of one part, and says where it is and how much it names.

    Raises:
        SetupError: It could not be made, or names nothing.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / f"{part}.cdx.json"
    if part == CHAT:
        _write_chat(file)
    else:
        _write_environment(part, file)
    return f"{shown(file)} ({count(json.loads(file.read_text('utf-8')))} dele)"


def count(document: dict[str, Any]) -> int:
    """How many components a document names.

    Raises:
        SetupError: It is no CycloneDX document, or one of nothing.
    """
    components = document.get("components")
    if document.get("bomFormat") != "CycloneDX" or not components:
        raise SetupError("Oversigten over indholdet blev tom.")
    nameless = [component for component in components if not component.get("version")]
    if nameless:
        raise SetupError(f"Oversigten siger ikke, hvilken {nameless[0].get('name')} der er tale om.")
    return len(components)


def _write_environment(name: str, file: Path) -> None:
    # What is installed, not the lock: only there do the packages tell their licences.
    flags: list[Argument] = ["--sv", SPEC, "--of", "JSON", "--output-reproducible", "-o", file]
    run_quietly(
        [AUDIT.program("cyclonedx-py"), "environment", *flags, ENVIRONMENTS[name].python],
        f"sbom-{name}",
        "Oversigten over indholdet kunne ikke laves.",
    )


def _write_chat(file: Path) -> None:
    # With what is only for building, and marked so: the console's styles and htmx are among it.
    command = ["npm", "sbom", "--sbom-format", "cyclonedx", "--package-lock-only"]
    with file.open("wb") as output:
        done = subprocess.run(
            command, cwd=str(WIDGET), env={**os.environ, **node_environment()}, stdout=output, check=False
        )
    if done.returncode != 0:
        raise SetupError("npm kunne ikke lave oversigten over chattens indhold.")
