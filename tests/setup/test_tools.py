import os
from pathlib import Path

import pytest

from setup import tools
from setup.errors import SetupError


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on PATH and no tools fetched."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(tools, "TOOLS", tmp_path / "tools")
    monkeypatch.setattr(tools, "TOOLS_BIN", tmp_path / "tools" / "bin")
    monkeypatch.setattr(tools, "VENV_MAKERS", (str(program(tmp_path / "python-without-venv", "exit 1")),))
    return tmp_path


def test_uv_on_the_path_is_used(machine: Path) -> None:
    found = program(machine / "bin" / "uv", "echo uv 0.13.9")
    assert tools.ensure_uv() == "på plads"
    assert tools.uv() == found


def test_a_shim_that_does_not_run_is_passed_over(machine: Path) -> None:
    program(machine / "bin" / "uv", "exit 127")
    fetched = program(machine / "tools" / "bin" / "uv", "echo uv 0.13.9")
    assert tools.uv() == fetched


def test_without_uv_and_venv_the_reader_is_told_what_to_install(machine: Path) -> None:
    with pytest.raises(SetupError, match=r"uv mangler.*apt-get install python3-venv") as raised:
        tools.ensure_uv()
    assert "\n" not in str(raised.value)
    assert not (machine / "tools").exists()


@pytest.mark.parametrize(
    ("node", "npm", "found"),
    [
        ("v20.19.0", "10.8.2", True),
        ("v24.1.0", "11.0.0", True),
        ("v20.18.3", "10.8.2", False),
        ("v18.20.4", "10.8.2", False),
        ("v22.1.0", None, False),
        (None, "10.8.2", False),
    ],
)
def test_a_node_is_taken_if_it_is_new_enough_and_has_npm(
    machine: Path, node: str | None, npm: str | None, found: bool
) -> None:
    if node:
        program(machine / "bin" / "node", f"echo {node}")
    if npm:
        program(machine / "bin" / "npm", f"echo {npm}")
    assert tools.has_node() is found


def test_a_fetched_npm_runs_with_its_own_node(machine: Path) -> None:
    fetched = machine / "tools" / "bin"
    program(fetched / "node", "echo v22.20.0")
    program(fetched / "npm", "node && echo 10.9.4")
    assert tools.has_node()


def test_a_fetched_node_goes_before_the_machines_own(machine: Path) -> None:
    assert tools.node_environment()["PATH"] == str(machine / "bin")
    program(machine / "tools" / "bin" / "node", "echo v22.20.0")
    assert tools.node_environment()["PATH"].split(os.pathsep) == [
        str(machine / "tools" / "bin"),
        str(machine / "bin"),
    ]
