"""Puts spaCy's Danish model in the bot's environment: the official one, or the project's stand-in for it.

Both are called da_core_news_sm, so config.yml names that in both cases; `in-use.json` says which one it is.
"""

from __future__ import annotations

import json
from pathlib import Path

from setup.commands import run_quietly
from setup.environments import BOT
from setup.errors import SetupError
from setup.layout import MODELS

NAME = "da_core_news_sm"
OFFICIAL_VERSION = "3.4.0"
FOLDER = MODELS / "spacy"
IN_USE = FOLDER / "in-use.json"
# At set-up a closed network must not hold things up; asked for by itself the download may take its time.
SETUP_SECONDS = 20
PATIENT_SECONDS = 300


def ensure(uv: Path) -> str:
    """Sees to it that a Danish model is installed, and says which.

    Raises:
        SetupError: Neither the official model nor the stand-in could be installed.
    """
    if not installed_version() and not _download_official(SETUP_SECONDS):
        _install_stand_in(uv)
    return _note_in_use()


def fetch_official() -> str:
    """Tries again to replace the stand-in by the official model, and says which is in use afterwards."""
    if source_of(installed_version()) == "stand-in":
        _download_official(PATIENT_SECONDS)
    return _note_in_use()


def installed_version() -> str:
    """Version of the Danish model that is installed; empty when there is none."""
    return BOT.installed_version(NAME) or ""


def source_of(version: str) -> str:
    """Where a version comes from: "official", or "stand-in" for one with the project's own version label."""
    return "stand-in" if "+" in version else "official"


def described(in_use: dict[str, str]) -> str:
    """One line in Danish about the model in use."""
    whose = (
        "spaCys officielle model"
        if in_use["source"] == "official"
        else "projektets egen reserve, fordi spaCys officielle model ikke kunne hentes"
    )
    return f"{in_use['name']} {in_use['version']}, {whose}"


def in_use() -> dict[str, str]:
    """What `in-use.json` says: name, version and source."""
    noted: dict[str, str] = json.loads(IN_USE.read_text("utf-8"))
    return noted


def _note_in_use() -> str:
    version = installed_version()
    if not version:
        raise SetupError(f"{NAME} blev ikke installeret.")
    noted = {"name": NAME, "version": version, "source": source_of(version)}
    IN_USE.write_text(json.dumps(noted, indent=2) + "\n", "utf-8")
    return described(noted)


def _download_official(seconds: int) -> bool:
    """Runs spaCy's own download command; False when its host does not give the model in time."""
    impatient = {"PIP_RETRIES": "0", "PIP_DEFAULT_TIMEOUT": "8"} if seconds == SETUP_SECONDS else {}
    release = f"{NAME}-{OFFICIAL_VERSION}"
    try:
        run_quietly(
            [BOT.python, "-m", "spacy", "download", release, "--direct", "--no-deps"],
            "danish-model",
            "Den officielle danske model kunne ikke hentes.",
            env=impatient,
            timeout=seconds,
        )
    except SetupError:
        return False
    return True


def _install_stand_in(uv: Path) -> None:
    wheels = sorted(FOLDER.glob(f"{NAME}-*.whl"))
    if not wheels:
        raise SetupError("Den danske model kunne ikke hentes, og reserven i models/spacy/ mangler.")
    run_quietly(
        [uv, "pip", "install", "--python", BOT.folder, "--no-deps", wheels[-1]],
        "danish-model-stand-in",
        "Den danske models reserve kunne ikke installeres.",
    )
