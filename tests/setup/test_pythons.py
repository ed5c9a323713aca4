import sys
from pathlib import Path

import pytest

from setup import pythons
from setup.errors import SetupError

HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def uv(tmp_path: Path) -> Path:
    """A uv that knows no Python and can fetch none."""
    return program(tmp_path / "uv", "exit 1")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on PATH and an empty home."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    return tmp_path


def test_a_python_is_known_by_running_it() -> None:
    assert pythons.probe(sys.executable, HERE) is not None
    assert pythons.probe(sys.executable, "3.1") is None


def test_a_pyenv_shim_without_its_version_is_none(tmp_path: Path) -> None:
    shim = program(tmp_path / "python3.10", "echo \"pyenv: version '3.10' is not installed\" >&2; exit 127")
    assert pythons.probe(str(shim), "3.10") is None


def test_a_python_with_an_incomplete_standard_library_is_none(tmp_path: Path) -> None:
    incomplete = program(
        tmp_path / "python", "echo \"ModuleNotFoundError: No module named '_sqlite3'\" >&2; exit 1"
    )
    assert pythons.probe(str(incomplete), HERE) is None


def test_it_is_found_on_the_path(machine: Path, uv: Path) -> None:
    program(machine / "bin" / f"python{HERE}", f'exec {sys.executable} "$@"')
    assert pythons.find([HERE], uv).exists()


def test_pyenvs_newest_patch_is_found_although_its_shims_do_not_resolve_it(machine: Path, uv: Path) -> None:
    for patch in ("9", "13"):
        program(
            machine / "home" / ".pyenv" / "versions" / f"3.99.{patch}" / "bin" / "python",
            f'[ "$1" = -c ] && echo 3.99 /chosen/3.99.{patch}',
        )
    assert pythons.find(["3.99"], uv) == Path("/chosen/3.99.13")


def test_the_preferred_version_wins_over_one_that_is_easier_to_find(machine: Path, uv: Path) -> None:
    program(machine / "bin" / "python3.98", "echo 3.98 /chosen/3.98")
    program(machine / "home" / ".pyenv" / "versions" / "3.99.1" / "bin" / "python", "echo 3.99 /chosen/3.99")
    assert pythons.find(["3.99", "3.98"], uv) == Path("/chosen/3.99")


def test_one_that_uv_knows_is_found(machine: Path) -> None:
    managed = program(machine / "managed" / "python", "echo 3.99 /managed/python")
    uv = program(machine / "uv", f'[ "$2" = find ] && echo {managed}')
    assert pythons.find(["3.99"], uv) == Path("/managed/python")


def test_uv_fetches_one_when_there_is_none(machine: Path) -> None:
    managed = machine / "managed"
    fetch = f"printf '#!/bin/sh\\necho 3.99 /fetched/python\\n' > {managed}; /bin/chmod 755 {managed}"
    uv = program(
        machine / "uv", f'if [ "$2" = install ]; then {fetch}; else [ -x {managed} ] && echo {managed}; fi'
    )
    assert pythons.find(["3.99"], uv) == Path("/fetched/python")


def test_without_any_the_reader_is_told_how_to_get_one(machine: Path, uv: Path) -> None:
    with pytest.raises(SetupError, match=r"Python 3\.99 mangler.*pyenv install 3\.99"):
        pythons.find(["3.99"], uv)
