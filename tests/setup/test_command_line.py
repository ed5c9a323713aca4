import re
import signal

import pytest

from setup import __main__ as command_line
from setup import commands
from setup.errors import SetupError
from setup.layout import ROOT


@pytest.fixture(autouse=True)
def own_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps the command line's signal handlers out of the test run."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(commands, "stop_all", lambda: None)


def test_every_make_target_is_a_command() -> None:
    targets = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)[0].split()
    assert set(targets) - {"help"} == set(command_line.COMMANDS)


def test_what_is_missing_is_said_and_the_exit_code_tells(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: str | None) -> int:
        raise SetupError("Node mangler.")

    monkeypatch.setitem(command_line.COMMANDS, "train", refuse)
    assert command_line.main(["train"]) == 1
    assert "Node mangler." in capsys.readouterr().err


def test_ctrl_c_ends_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: str | None) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(command_line.COMMANDS, "train", interrupted)
    assert command_line.main(["train"]) == command_line.INTERRUPTED


def test_a_part_reaches_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = []
    monkeypatch.setitem(command_line.COMMANDS, "test", lambda part: parts.append(part) or 0)
    assert command_line.main(["test", "tests/backend"]) == 0
    assert command_line.main(["test"]) == 0
    assert parts == ["tests/backend", None]
