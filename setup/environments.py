"""The two environments: the bot's on old Python with Rasa, the backend's on a current one."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from setup import pythons, stamps
from setup.commands import answer, run_quietly
from setup.layout import ENVIRONMENTS, REQUIREMENTS


@dataclass(frozen=True)
class Environment:
    """A virtual environment and what goes into it.

    Attributes:
        name: Its folder under .venv, and its lock file under requirements.
        title: What people call it.
        versions: Pythons it can be made from, the preferred first.
    """

    name: str
    title: str
    versions: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """The environment's folder."""
        return ENVIRONMENTS / self.name

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.program("python")

    @property
    def lock(self) -> Path:
        """The file that names every package with version and hashes."""
        return REQUIREMENTS / f"{self.name}.txt"

    @property
    def _stamp(self) -> Path:
        return self.folder / "digispor.stamp"

    def program(self, name: str) -> Path:
        """A program installed in it."""
        return self.folder / "bin" / name

    def installed_version(self, package: str) -> str | None:
        """Version of a package in it, or None when the package is not there."""
        name = package.replace("-", "_")
        for info in self.folder.glob(f"lib/python*/site-packages/{name}-*.dist-info"):
            return info.name[len(name) + 1 : -len(".dist-info")]
        return None

    def ensure(self, uv: Path) -> str:
        """Makes the environment or brings it to what the lock says; nothing is done when it is so already.

        Raises:
            SetupError: No Python for it, or a package could not be installed.
        """
        wanted = stamps.fingerprint(self.lock)
        works = (
            answer([self.python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]) in self.versions
        )
        if works and stamps.is_current(self._stamp, wanted):
            return "på plads"
        if not works:
            shutil.rmtree(self.folder, ignore_errors=True)
            python = pythons.find(self.versions, uv)
            run_quietly(
                [uv, "venv", "--python", python, self.folder],
                f"{self.name}-venv",
                "Miljøet kunne ikke laves.",
            )
        run_quietly(
            [uv, "pip", "sync", "--python", self.folder, "--require-hashes", "--compile-bytecode", self.lock],
            f"{self.name}-packages",
            "Pakkerne kunne ikke installeres.",
        )
        stamps.write(self._stamp, wanted)
        return f"{'opdateret' if works else 'installeret'} ({answer([self.python, '--version'])})"


BOT = Environment("bot", "Robottens miljø", ("3.10",))
BACKEND = Environment("backend", "Backendens miljø", ("3.11", "3.12", "3.13", "3.14"))
AUDIT = Environment("audit", "Værktøj til gennemgang", BACKEND.versions)
