"""The untracked file `.env` with this installation's secrets."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from setup.layout import SECRETS

# What each secret is for, in the words the file itself explains them with.
GENERATED = {
    "DIGISPOR_SERVICE_TOKEN": "Robotten og backenden viser den til hinanden.",
    "DIGISPOR_SIGNING_KEY": "Underskriver samtaler, knapper, kalenderlinks og links til egne data.",
    "DIGISPOR_CONSOLE_SECRET": "Underskriver medarbejdernes login og loggen og laver koderne på sms.",
    "DIGISPOR_CONTACT_KEY": "Forsegler navne og telefonnumre i databasen. Uden den kan ingen læse dem igen.",
    "DIGISPOR_REST_TOKEN": "Giver adgang til robottens REST-kanal.",
    "DIGISPOR_NUMBER_KEY": "Skjuler telefonnumre i sms-samtalers id. Uden den kendes ingen igen.",
    "DIGISPOR_METRICS_TOKEN": "Giver driften adgang til tallene på /metrics.",
    "DIGISPOR_DEMO_PASSWORD": "Kodeord til demo-medarbejderen.",
}
HEADER = "# Hemmeligheder for denne installation. Filen må ikke deles eller lægges i git.\n"
DEMO_PASSWORD_BYTES = 9
SECRET_BYTES = 32


def ensure(path: Path = SECRETS) -> str:
    """Makes the file with a secret for each name, or adds those it lacks; what is there is never changed."""
    present = read(path)
    missing = [name for name in GENERATED if not present.get(name)]
    if missing:
        _append(path, missing)
    # Also when the file was made by hand: nobody else on the machine is to read it.
    path.chmod(0o600)
    if not missing:
        return "på plads"
    return "lavet" if len(missing) == len(GENERATED) else f"tilføjet {', '.join(missing)}"


def read(path: Path = SECRETS) -> dict[str, str]:
    """The file's settings; empty when there is no file. A name given twice has its last value."""
    if not path.exists():
        return {}
    values = {}
    for line in path.read_text("utf-8").splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            values[name.strip()] = _unquoted(value.strip())
    return values


def _append(path: Path, names: list[str]) -> None:
    existing = path.read_text("utf-8") if path.exists() else HEADER
    if not existing.endswith("\n"):
        existing += "\n"
    lines = "".join(f"# {GENERATED[name]}\n{name}={_new_secret(name)}\n" for name in names)
    # Written beside and moved into place, readable by the owner alone from the first byte.
    fresh = path.with_name(f"{path.name}.new")
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(existing + lines)
    fresh.replace(path)


def _new_secret(name: str) -> str:
    return secrets.token_urlsafe(DEMO_PASSWORD_BYTES if name == "DIGISPOR_DEMO_PASSWORD" else SECRET_BYTES)


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value
