from pathlib import Path

import pytest

from setup import stamps


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.yml").write_text("a", "utf-8")
    (folder / "deep" / "b.yml").write_text("b", "utf-8")
    return folder


def test_the_same_sources_have_the_same_fingerprint(sources: Path) -> None:
    assert stamps.fingerprint(sources, "3.4.0") == stamps.fingerprint(sources, "3.4.0")


def test_a_changed_file_anywhere_below_changes_the_fingerprint(sources: Path) -> None:
    before = stamps.fingerprint(sources)
    (sources / "deep" / "b.yml").write_text("c", "utf-8")
    assert stamps.fingerprint(sources) != before


def test_a_renamed_file_changes_the_fingerprint(sources: Path) -> None:
    before = stamps.fingerprint(sources)
    (sources / "a.yml").rename(sources / "z.yml")
    assert stamps.fingerprint(sources) != before


def test_another_version_changes_the_fingerprint(sources: Path) -> None:
    assert stamps.fingerprint(sources, "3.4.0") != stamps.fingerprint(sources, "3.4.0+digispor.1")


def test_build_products_and_hidden_files_do_not_count(sources: Path) -> None:
    before = stamps.fingerprint(sources)
    for product in ("node_modules", "dist", "__pycache__", ".cache"):
        (sources / product).mkdir()
        (sources / product / "file").write_text("built", "utf-8")
    assert stamps.fingerprint(sources) == before


def test_what_was_built_is_current_until_its_sources_change(tmp_path: Path) -> None:
    stamp = tmp_path / "new" / "stamp"
    assert not stamps.is_current(stamp, "one")
    stamps.write(stamp, "one")
    assert stamps.is_current(stamp, "one")
    assert not stamps.is_current(stamp, "two")
