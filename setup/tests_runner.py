"""Runs every test in the environment it belongs to, and adds up results and coverage."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Mapping, Sequence

from setup import rasa_model, results
from setup.commands import Argument
from setup.environments import BACKEND, BOT, Environment
from setup.errors import SetupError
from setup.layout import ENVIRONMENTS, ROOT, WIDGET
from setup.results import Counts
from setup.settings import QUIET_RASA
from setup.tools import node_environment

BOT_TESTS = ("tests/bot", "tests/actions", "tests/nlu", "tests/contract")
BACKEND_TESTS = ("tests/backend", "tests/setup", "tests/e2e")
STORIES = "tests/stories"
WIDGET_TESTS = "widget"
# These start whole programs and press the machine; beside one another they would wait for each other.
ONE_AT_A_TIME = ("tests/setup", "tests/e2e")
EVERYTHING = (*BOT_TESTS, *BACKEND_TESTS, STORIES, WIDGET_TESTS)

# A file's tests stay together, for they share what they have started. Each worker of the bot's holds a Rasa.
SIDE_BY_SIDE = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile")
LEAST_COVERAGE = 85
# SQLAlchemy's async code runs in greenlets. To follow them makes a run twice as long, and the bot has none.
CONCURRENCY = {BACKEND: "greenlet,thread", BOT: "thread"}
COVERAGE = ENVIRONMENTS / "coverage"
PYTEST_NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Plan:
    """What to run where.

    Attributes:
        bot: Paths for pytest in the bot's environment.
        backend: Paths for pytest in the backend's environment.
        stories: Paths of test conversations.
        widget: Whether to run the widget's tests.
    """

    bot: list[str]
    backend: list[str]
    stories: list[str]
    widget: bool


def plan(wanted: Sequence[str]) -> Plan:
    """Sorts paths by where they run.

    Args:
        wanted: Folders, files or pytest ids below tests/, or `widget`.

    Raises:
        SetupError: A path that no runner takes.
    """
    sorted_paths = Plan([], [], [], any(_below(path, WIDGET_TESTS) for path in wanted))
    for path in wanted:
        if any(_below(path, root) for root in BOT_TESTS):
            sorted_paths.bot.append(path)
        elif any(_below(path, root) for root in BACKEND_TESTS):
            sorted_paths.backend.append(path)
        elif _below(path, STORIES):
            sorted_paths.stories.append(path)
        elif not _below(path, WIDGET_TESTS):
            raise SetupError(f"Ingen test ligger under '{path}'. Vælg en sti under: {', '.join(EVERYTHING)}.")
    return sorted_paths


def run(part: str | None = None) -> int:
    """Runs every test, or a part, and ends with the closing line.

    Args:
        part: A path below tests/, or `widget`; everything when left out. Coverage is measured for everything
            and not for a part, by the tests that run side by side: those that start the whole house run it as
            citizens meet it.

    Returns:
        0 when every test passed and enough code was covered, else 1.

    Raises:
        SetupError: The part is none that can be run.
    """
    if part:
        chosen = plan([part])
        if not (ROOT / part.partition("::")[0]).exists():
            raise SetupError(f"'{part}' findes ikke.")
    else:
        chosen = plan([path for path in EVERYTHING if (ROOT / path).exists()])
    covered = part is None
    if covered:
        shutil.rmtree(COVERAGE, ignore_errors=True)
        COVERAGE.mkdir(parents=True)
    total = Counts()
    with tempfile.TemporaryDirectory(prefix="digispor-tests-") as folder:
        reports = Path(folder)
        if chosen.bot:
            total += _pytest(BOT, chosen.bot, reports, covered)
        if chosen.stories:
            total += _validate() + _stories(chosen.stories, reports)
        if chosen.backend:
            total += _pytest(BACKEND, chosen.backend, reports, covered)
        if chosen.widget:
            total += _widget(reports / "widget.xml")
    enough = _report_coverage() if covered else True
    print(total.closing_line(), flush=True)
    return 0 if total.failed == 0 and enough else 1


def _pytest(environment: Environment, paths: Sequence[str], reports: Path, covered: bool) -> Counts:
    alone = [path for path in paths if any(_below(path, root) for root in ONE_AT_A_TIME)]
    beside = [path for path in paths if path not in alone]
    total = Counts()
    if beside:
        flags = SIDE_BY_SIDE if covered else ()
        report = reports / f"{environment.name}-side-by-side.xml"
        total += _run_pytest(environment, [*flags, *beside], report, covered)
    if alone:
        report = reports / f"{environment.name}-one-at-a-time.xml"
        total += _run_pytest(environment, alone, report, covered=False)
    return total


def _run_pytest(environment: Environment, arguments: Sequence[str], report: Path, covered: bool) -> Counts:
    _headline(f"pytest i {environment.title.lower()}: {' '.join(arguments)}")
    measured = ["-m", "coverage", "run", f"--concurrency={CONCURRENCY[environment]}"] if covered else []
    code = _run([environment.python, *measured, "-m", "pytest", "-q", f"--junitxml={report}", *arguments])
    if code == PYTEST_NOTHING_COLLECTED:
        return Counts()
    return results.of_runner(results.read_junit(report), code)


def _validate() -> Counts:
    """Checks domain and training data; counts as one test."""
    _headline("rasa data validate")
    code = _run_rasa("data", "validate", "--fail-on-warnings")
    return Counts(passed=1) if code == 0 else Counts(failed=1)


def _stories(paths: Sequence[str], reports: Path) -> Counts:
    """Holds test conversations with the trained model; each counts as one test.

    Rasa's own --fail-on-prediction-errors stops at the first conversation that goes wrong. Here all are held,
    and those that went wrong are shown.
    """
    total = Counts()
    for number, path in enumerate(paths):
        _headline(f"rasa test core {path}")
        out = reports / f"stories-{number}"
        held: list[Argument] = ["test", "core", "--e2e", "--no-plot", "--stories", path, "--out", out]
        code = _run_rasa(*held, "--model", rasa_model.MODEL)
        counted = results.of_runner(results.read_story_report(out / "story_report.json"), code)
        failed = out / "failed_test_stories.yml"
        if counted.failed and failed.exists():
            print(failed.read_text("utf-8"), flush=True)
        if counted == Counts():
            # A folder in which Rasa finds no conversation is a mistake, not a success.
            counted = Counts(failed=1)
        print(f"{counted.passed} samtaler gik godt, {counted.failed} gik galt", flush=True)
        total += counted
    return total


def _widget(report: Path) -> Counts:
    _headline("widgettens test")
    reporters = ["--reporter=default", "--reporter=junit", f"--outputFile.junit={report}"]
    code = _run(["npm", "test", "--", *reporters], cwd=WIDGET, env=node_environment())
    return results.of_runner(results.read_junit(report), code)


def _report_coverage() -> bool:
    _headline("Dækning af actions/, bot/ og backend/ (linjer)")
    coverage: list[Argument] = [BACKEND.python, "-m", "coverage"]
    if not any(COVERAGE.iterdir()):
        print("Ingen kode blev målt.", flush=True)
        return False
    if _run([*coverage, "combine", "--quiet"]) != 0:
        return False
    enough = _run([*coverage, "report", f"--fail-under={LEAST_COVERAGE}"]) == 0
    if not enough:
        print(f"Dækningen skal være mindst {LEAST_COVERAGE} %.", flush=True)
    return enough


def _run(
    arguments: Sequence[Argument],
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    output: IO[str] | None = None,
) -> int:
    measuring = {"COVERAGE_FILE": str(COVERAGE / ".coverage")}
    return subprocess.run(
        [str(argument) for argument in arguments],
        cwd=str(cwd),
        env={**os.environ, **QUIET_RASA, **measuring, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        check=False,
    ).returncode


def _run_rasa(*arguments: Argument) -> int:
    """Runs a command of Rasa's; what it says is shown only when it fails, for it says much."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        code = _run([BOT.python, "-m", "rasa", *arguments], output=said)
        if code != 0:
            said.seek(0)
            print(said.read(), flush=True)
    return code


def _headline(text: str) -> None:
    print(f"\n── {text}", flush=True)


def _below(path: str, root: str) -> bool:
    return path.rstrip("/") == root or path.startswith(f"{root}/")
