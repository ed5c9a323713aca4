"""What was said is kept for half a year at least, and goes then."""

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from setup import log_files
from setup.errors import SetupError
from setup.log_files import LogFile
from setup.settings import RunSettings

# Gone by, so that what a test writes is not older than it.
NOW = datetime(2024, 11, 24, 23, 59, tzinfo=timezone.utc)
DAYS = 190


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log" / "digispor.log"


def set_aside(path: Path) -> list[str]:
    return sorted(other.read_text() for other in path.parent.glob("digispor-*.log"))


def test_what_an_earlier_run_said_is_kept(path: Path) -> None:
    with LogFile(path, DAYS, NOW).open() as log:
        log.write(b"first run\n")
    with LogFile(path, DAYS, NOW).open() as log:
        log.write(b"second run\n")
    assert (set_aside(path), path.read_text()) == (["first run\n"], "second run\n")


def test_a_new_day_begins_a_new_file_under_those_who_write(path: Path) -> None:
    kept = LogFile(path, DAYS, NOW)
    with kept.open() as log:
        log.write(b"today\n")
        log.flush()
        kept.turn(NOW)
        assert set_aside(path) == []
        kept.turn(NOW + timedelta(days=1))
        log.write(b"tomorrow\n")
    assert (set_aside(path), path.read_bytes()) == (["today\n"], b"tomorrow\n")


def test_a_file_that_grows_too_large_is_set_aside_the_same_day(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_files, "MOST_BYTES", 3)
    kept = LogFile(path, DAYS, NOW)
    with kept.open() as log:
        log.write(b"much\n")
        log.flush()
        kept.turn(NOW)
    assert (set_aside(path), path.read_bytes()) == (["much\n"], b"")


def test_a_log_that_cannot_be_set_aside_stays_as_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path, aside: Path) -> None:
        aside.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log_files.shutil, "copy2", full)
    kept = LogFile(path, DAYS, NOW)
    with kept.open() as log:
        log.write(b"today\n")
        log.flush()
        with pytest.raises(OSError, match="space"):
            kept.turn(NOW + timedelta(days=1))
    assert (set_aside(path), path.read_bytes()) == ([], b"today\n")


def test_what_is_old_enough_goes_and_nothing_younger(path: Path) -> None:
    path.parent.mkdir()
    for age in (DAYS - 1, DAYS + 1):
        old = path.with_name(f"digispor-{age}.log")
        old.write_text(str(age))
        written = (NOW - timedelta(days=age)).timestamp()
        os.utime(old, (written, written))
    LogFile(path, DAYS, NOW).open().close()
    assert set_aside(path) == [str(DAYS - 1)]


@pytest.mark.parametrize("given", ["183", "0", "et år", ""])
def test_logs_are_not_kept_a_shorter_time_than_half_a_year(given: str) -> None:
    with pytest.raises(SetupError, match="DIGISPOR_LOG_DAYS"):
        _ = RunSettings.resolve({"DIGISPOR_LOG_DAYS": given}, {}).log_days


def test_logs_are_kept_half_a_year_unless_told_otherwise() -> None:
    assert RunSettings.resolve({}, {}).log_days == DAYS
    assert RunSettings.resolve({"DIGISPOR_LOG_DAYS": "365"}, {}).log_days == 365
