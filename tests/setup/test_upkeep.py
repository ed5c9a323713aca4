"""Tidying removes what was built, and nothing that somebody or much time has made."""

from pathlib import Path

import pytest

from setup import upkeep
from setup.layout import ENVIRONMENTS, ROOT


@pytest.fixture
def removed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    paths: list[Path] = []
    monkeypatch.setattr(upkeep, "_remove", paths.append)
    upkeep.clean()
    return paths


def test_the_environments_go(removed: list[Path]) -> None:
    assert ENVIRONMENTS in removed


@pytest.mark.parametrize("kept", [".env", "var", "results"])
def test_secrets_data_and_measurements_stay(removed: list[Path], kept: str) -> None:
    place = ROOT / kept
    assert not [path for path in removed if path in (place, *place.parents) or place in path.parents]
