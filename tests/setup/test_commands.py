import fcntl
import sys
from pathlib import Path

import pytest

from setup import commands
from setup.errors import SetupError


@pytest.fixture(autouse=True)
def log_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(commands, "SETUP_LOGS", tmp_path)
    return tmp_path


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_what_a_program_prints_goes_to_its_log(log_folder: Path) -> None:
    commands.run_quietly(python("print('øl')"), "beer", "Det gik galt.", env={"PYTHONIOENCODING": "utf-8"})
    assert (log_folder / "beer.log").read_text("utf-8") == "øl\n"


def test_a_failure_says_what_failed_and_shows_the_end_of_the_log() -> None:
    code = "print('\\n'.join(map(str, range(100)))); raise SystemExit(3)"
    with pytest.raises(SetupError, match=r"^Det gik galt\.") as raised:
        commands.run_quietly(python(code), "fails", "Det gik galt.")
    assert "    99" in str(raised.value)
    assert "    50" not in str(raised.value)


def test_a_program_that_is_not_there_is_a_failure() -> None:
    with pytest.raises(SetupError, match=r"^Det gik galt\."):
        commands.run_quietly(["no-such-program"], "none", "Det gik galt.")
    assert commands.answer(["no-such-program"]) is None


def test_a_program_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    life = tmp_path / "life"
    child = f"""
import fcntl, signal
life = open({str(life)!r}, "w")
fcntl.flock(life, fcntl.LOCK_EX)
life.write("started "); life.flush()
signal.signal(signal.SIGALRM, lambda *_: (life.write("outlived its parent"), life.flush(), exit()))
signal.alarm(20)
signal.pause()
"""
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with pytest.raises(SetupError, match="Det tog mere end 10 sekunder"):
        commands.run_quietly(python(parent), "slow", "Det gik galt.", timeout=10)
    with life.open() as file:
        # The lock is free when the child is gone.
        fcntl.flock(file, fcntl.LOCK_EX)
        assert file.read() == "started "


@pytest.mark.parametrize(
    ("stated", "version"),
    [
        ("v20.20.2", (20, 20, 2)),
        ("uv 0.13.9 (x86_64)", (0, 13, 9)),
        ("11.19.1", (11, 19, 1)),
        ("hello", None),
    ],
)
def test_a_version_is_read_from_what_a_program_states(
    stated: str, version: tuple[int, ...] | None, tmp_path: Path
) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho '{stated}'\n", "utf-8")
    program.chmod(0o755)
    assert commands.version_of(program) == version
