import io

import pytest

from setup.errors import SetupError
from setup.progress import Progress


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_step_is_one_line_with_its_seconds() -> None:
    out, clock = io.StringIO(), Clock()

    def work() -> str:
        clock.now += 34.4
        return "installeret"

    Progress(out, clock).step("Robottens miljø", work)
    assert out.getvalue() == "✓ Robottens miljø: installeret (34 s)\n"


def test_a_failed_step_is_marked_and_its_error_goes_on() -> None:
    out = io.StringIO()

    def work() -> str:
        raise SetupError("Node mangler.")

    with pytest.raises(SetupError, match="Node mangler"):
        Progress(out, Clock()).step("Node", work)
    assert out.getvalue() == "✗ Node: mislykkedes (0 s)\n"


@pytest.mark.parametrize("out", [io.StringIO(), Terminal()])
def test_a_long_step_shows_that_it_runs(out: io.StringIO) -> None:
    clock = Clock()
    progress = Progress(out, clock)

    def work() -> str:
        clock.now += 20
        progress.show_running()
        return "trænet"

    progress.step("Rasa-model", work)
    assert "… Rasa-model (20 s)" in out.getvalue()
    assert out.getvalue().endswith("✓ Rasa-model: trænet (20 s)\n")


def test_nothing_is_shown_when_nothing_runs() -> None:
    out = io.StringIO()
    Progress(out, Clock()).show_running()
    assert out.getvalue() == ""
