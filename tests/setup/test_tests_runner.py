import pytest

from setup import tests_runner
from setup.errors import SetupError
from setup.layout import ROOT
from setup.tests_runner import Plan


@pytest.mark.parametrize(
    ("path", "planned"),
    [
        ("tests/actions", Plan(["tests/actions"], [], [], False)),
        ("tests/bot/test_nlg.py", Plan(["tests/bot/test_nlg.py"], [], [], False)),
        ("tests/contract/", Plan(["tests/contract/"], [], [], False)),
        ("tests/backend/test_api.py::test_x", Plan([], ["tests/backend/test_api.py::test_x"], [], False)),
        ("tests/e2e", Plan([], ["tests/e2e"], [], False)),
        ("tests/stories/booking.yml", Plan([], [], ["tests/stories/booking.yml"], False)),
        ("widget", Plan([], [], [], True)),
    ],
)
def test_a_path_is_run_in_the_environment_it_belongs_to(path: str, planned: Plan) -> None:
    assert tests_runner.plan([path]) == planned


@pytest.mark.parametrize("path", ["tests", "backend", "tests/botany", "nowhere"])
def test_a_path_that_no_runner_takes_is_refused(path: str) -> None:
    with pytest.raises(SetupError, match=path):
        tests_runner.plan([path])


def test_a_path_that_does_not_exist_is_refused() -> None:
    with pytest.raises(SetupError, match="findes ikke"):
        tests_runner.run("tests/backend/test_that_never_was.py")


def test_every_folder_of_tests_is_run() -> None:
    folders = {
        f"tests/{test.relative_to(ROOT / 'tests').parts[0]}" for test in (ROOT / "tests").rglob("test_*.*")
    }
    assert folders <= set(tests_runner.EVERYTHING)
