import json
from pathlib import Path

import pytest

from setup import results
from setup.results import Counts


def test_the_closing_line_is_the_sum_over_all_runners() -> None:
    total = Counts(10, 1, 2) + Counts(5, 0, 1)
    assert total.closing_line() == "15 passed, 1 failed, 3 skipped"


def test_pytests_report_is_counted(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10"/></testsuites>',
        "utf-8",
    )
    assert results.read_junit(report) == Counts(passed=4, failed=3, skipped=3)


def test_vitests_report_with_a_suite_for_each_file_is_counted(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    suite = '<testsuite name="{}.test.ts" tests="{}" failures="{}" errors="0" skipped="0"/>'
    report.write_text(
        f"<testsuites tests='9' failures='1'>{suite.format('a', 4, 1)}{suite.format('b', 5, 0)}</testsuites>",
        "utf-8",
    )
    assert results.read_junit(report) == Counts(passed=8, failed=1)


def test_a_runner_that_fails_without_a_failed_test_counts_as_a_failure() -> None:
    assert results.of_runner(Counts(passed=7), exit_code=2) == Counts(passed=7, failed=1)
    assert results.of_runner(Counts(passed=7, failed=2), exit_code=1) == Counts(passed=7, failed=2)
    assert results.of_runner(Counts(passed=7), exit_code=0) == Counts(passed=7)


def test_a_report_that_was_never_written_counts_nothing(tmp_path: Path) -> None:
    assert results.read_junit(tmp_path / "none.xml") == Counts()
    assert results.read_story_report(tmp_path / "none.json") == Counts()


@pytest.mark.parametrize(
    ("correct", "total", "counted"), [(12, 12, Counts(passed=12)), (10, 12, Counts(passed=10, failed=2))]
)
def test_each_test_conversation_counts(tmp_path: Path, correct: int, total: int, counted: Counts) -> None:
    report = tmp_path / "story_report.json"
    report.write_text(json.dumps({"conversation_accuracy": {"correct": correct, "total": total}}), "utf-8")
    assert results.read_story_report(report) == counted
