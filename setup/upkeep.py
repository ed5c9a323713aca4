"""Removes what was built, and renews the lock files."""

from __future__ import annotations

import shutil
from pathlib import Path

from setup import widget
from setup.commands import run_quietly
from setup.layout import ENVIRONMENTS, MODELS, OIDC_PROVIDER, REQUIREMENTS, ROOT, WIDGET

# Lock file, and the oldest Python it is to hold for.
LOCKS = {"bot": "3.10", "backend": "3.11", "audit": "3.11", "uv": "3.8", "node": "3.8"}


def clean() -> str:
    """Removes everything that set-up can make again; secrets (.env), data (var/) and results/ stay."""
    built = [
        *MODELS.glob("digispor.*"),
        MODELS / "spacy" / "in-use.json",
        WIDGET / "node_modules",
        OIDC_PROVIDER / "node_modules",
        WIDGET / "dist",
        *widget.BUILT,
        *(ROOT / name for name in (".rasa", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis")),
        ENVIRONMENTS,
    ]
    for path in built:
        _remove(path)
    return "Ryddet. Hemmelighederne i .env, data i var/ og målingerne i results/ er der stadig."


def lock(uv: Path) -> str:
    """Writes the lock files anew from the .in files, with the newest versions these allow.

    Raises:
        SetupError: The packages cannot be brought together.
    """
    for name, python in LOCKS.items():
        flags = ["--upgrade", "--universal", "--generate-hashes", "--no-header", "--no-emit-index-url"]
        run_quietly(
            [uv, "pip", "compile", *flags, "--python-version", python, f"{name}.in", "-o", f"{name}.txt"],
            f"lock-{name}",
            f"requirements/{name}.in kan ikke låses.",
            cwd=REQUIREMENTS,
        )
    return f"Låst: {', '.join(f'requirements/{name}.txt' for name in LOCKS)}."


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif path.exists() or path.is_symlink():
        path.unlink()
