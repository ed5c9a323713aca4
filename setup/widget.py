"""Builds the chat widget into the backend's static files, and fetches the npm packages of every folder."""

from __future__ import annotations

from pathlib import Path

from setup import stamps
from setup.commands import run_quietly
from setup.layout import STATIC, WIDGET, shown
from setup.tools import node_environment

BUILT = (STATIC / "widget", STATIC / "dkfds", STATIC / "htmx")
STAMP = WIDGET / "node_modules" / ".digispor-build"


def ensure_packages(folder: Path) -> str:
    """Installs the npm packages that a folder's lock file names, unless they are there.

    Raises:
        SetupError: npm could not install them.
    """
    stamp = folder / "node_modules" / ".digispor-packages"
    wanted = stamps.fingerprint(folder / "package.json", folder / "package-lock.json")
    if stamps.is_current(stamp, wanted):
        return "på plads"
    run_quietly(
        ["npm", "ci", "--no-audit", "--no-fund"],
        f"npm-packages-{folder.name}",
        f"npm-pakkerne til {shown(folder)} kunne ikke installeres.",
        cwd=folder,
        env=node_environment(),
    )
    stamps.write(stamp, wanted)
    return "installeret"


def ensure_built() -> str:
    """Builds the widget unless what stands in the static files comes from the same sources.

    Raises:
        SetupError: The build failed.
    """
    wanted = stamps.fingerprint(WIDGET)
    if stamps.is_current(STAMP, wanted) and all(_has_files(folder) for folder in BUILT):
        return "på plads"
    run_quietly(
        ["npm", "run", "build"], "widget", "Widgetten kunne ikke bygges.", cwd=WIDGET, env=node_environment()
    )
    stamps.write(STAMP, wanted)
    return "bygget"


def _has_files(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())
