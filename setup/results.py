"""Reads what test runners wrote and adds it up to the closing line."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree  # Our own test runners wrote the files.
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Counts:
    """How many tests passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def closing_line(self) -> str:
        """The line that `make test` ends with."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def of_runner(counted: Counts, exit_code: int) -> Counts:
    """A runner's counts, with a failure for the runner itself when it failed although no test did."""
    return counted + Counts(failed=1) if exit_code != 0 and counted.failed == 0 else counted


def read_junit(report: Path) -> Counts:
    """Counts in a JUnit XML report, as pytest and vitest write it; nothing when there is no report.

    A test that failed and whose tear-down failed too is reported twice by pytest; it counts as two failures.
    """
    if not report.exists():
        return Counts()
    total = Counts()
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314
        number = {name: int(suite.get(name) or 0) for name in ("tests", "failures", "errors", "skipped")}
        failed = number["failures"] + number["errors"]
        total += Counts(max(number["tests"] - failed - number["skipped"], 0), failed, number["skipped"])
    return total


def read_story_report(report: Path) -> Counts:
    """Counts of conversations in the report of `rasa test core`; nothing when there is no report."""
    if not report.exists():
        return Counts()
    accuracy = json.loads(report.read_text("utf-8")).get("conversation_accuracy", {})
    correct, total = accuracy.get("correct", 0), accuracy.get("total", 0)
    return Counts(passed=correct, failed=total - correct)
