import sys
from pathlib import Path

import pytest

from setup import commands, environments, pythons
from setup.environments import Environment
from setup.errors import SetupError

HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"


class Machine:
    """A checkout with one environment to make, and a uv that notes what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.asked = folder / "asked"
        self.refuses = folder / "refuses"
        self.uv = folder / "uv"
        self.uv.write_text(
            f"""#!/bin/sh
echo "$1 $2" >> {self.asked}
[ -e {self.refuses} ] && exit 1
[ "$1" = venv ] && mkdir -p "$4/bin" && ln -s "$3" "$4/bin/python"
exit 0
""",
            "utf-8",
        )
        self.uv.chmod(0o755)
        self.environment = Environment("bot", "Robottens miljø", (HERE,))
        self.environment.lock.parent.mkdir()
        self.environment.lock.write_text("rasa==3.6.21\n", "utf-8")

    def ensure(self) -> tuple[str, list[str]]:
        """What came of it in one word, and what uv was asked for."""
        self.asked.write_text("", "utf-8")
        outcome = self.environment.ensure(self.uv).split()[0]
        return outcome, self.asked.read_text("utf-8").splitlines()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr(environments, "ENVIRONMENTS", tmp_path / "environments")
    monkeypatch.setattr(environments, "REQUIREMENTS", tmp_path / "requirements")
    monkeypatch.setattr(commands, "SETUP_LOGS", tmp_path / "log")
    monkeypatch.setattr(pythons, "find", lambda versions, uv: Path(sys.executable))
    return Machine(tmp_path)


def test_an_environment_is_made_once(machine: Machine) -> None:
    assert machine.ensure() == ("installeret", ["venv --python", "pip sync"])
    assert machine.ensure() == ("på", [])


def test_a_changed_lock_is_installed_into_the_same_environment(machine: Machine) -> None:
    machine.ensure()
    machine.environment.lock.write_text("rasa==3.6.22\n", "utf-8")
    assert machine.ensure() == ("opdateret", ["pip sync"])


def test_an_environment_whose_python_is_gone_is_made_anew(machine: Machine) -> None:
    machine.ensure()
    machine.environment.python.unlink()
    machine.environment.python.symlink_to("/nowhere/python")
    assert machine.ensure() == ("installeret", ["venv --python", "pip sync"])


def test_packages_that_could_not_be_installed_are_tried_again(machine: Machine) -> None:
    machine.ensure()
    machine.environment.lock.write_text("rasa==3.6.22\n", "utf-8")
    machine.refuses.touch()
    with pytest.raises(SetupError, match="Pakkerne kunne ikke installeres"):
        machine.ensure()
    machine.refuses.unlink()
    assert machine.ensure() == ("opdateret", ["pip sync"])


def test_a_packages_version_is_read_from_the_environment(machine: Machine) -> None:
    packages = machine.environment.folder / "lib" / "python3.10" / "site-packages"
    (packages / "da_core_news_sm-3.4.0+digispor.1.dist-info").mkdir(parents=True)
    (packages / "rasa_sdk-3.6.2.dist-info").mkdir()
    assert machine.environment.installed_version("da_core_news_sm") == "3.4.0+digispor.1"
    assert machine.environment.installed_version("rasa-sdk") == "3.6.2"
    assert machine.environment.installed_version("rasa") is None
