import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from setup import danish_model
from setup.errors import SetupError

UV = Path("uv")
OFFICIAL, STAND_IN = "3.4.0", "3.4.0+digispor.1"


class Network:
    """The bot's environment, and whether spaCy's host can be reached from it."""

    def __init__(self) -> None:
        self.open = True
        self.installed = ""
        self.downloads: list[object] = []

    def run(self, arguments: Sequence[object], *_: object, timeout: object = None, **__: object) -> None:
        if "download" not in arguments:
            self.installed = STAND_IN
            return
        self.downloads.append(timeout)
        if not self.open:
            raise SetupError("Den officielle danske model kunne ikke hentes.")
        self.installed = OFFICIAL


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Network:
    network = Network()
    monkeypatch.setattr(danish_model, "run_quietly", network.run)
    monkeypatch.setattr(danish_model, "installed_version", lambda: network.installed)
    monkeypatch.setattr(danish_model, "IN_USE", tmp_path / "in-use.json")
    return network


def test_the_official_model_comes_first(network: Network) -> None:
    assert danish_model.ensure(UV).startswith("da_core_news_sm 3.4.0, spaCys officielle")
    assert danish_model.in_use() == {"name": "da_core_news_sm", "version": OFFICIAL, "source": "official"}


def test_on_a_closed_network_the_stand_in_is_installed_and_named(network: Network) -> None:
    network.open = False
    assert "projektets egen reserve" in danish_model.ensure(UV)
    assert danish_model.in_use() == {"name": "da_core_news_sm", "version": STAND_IN, "source": "stand-in"}


def test_the_download_is_given_little_time_and_not_tried_at_every_start(network: Network) -> None:
    network.open = False
    danish_model.ensure(UV)
    danish_model.ensure(UV)
    assert network.downloads == [danish_model.SETUP_SECONDS]
    assert danish_model.SETUP_SECONDS <= 20


def test_asked_for_the_official_model_takes_the_place_of_the_stand_in(network: Network) -> None:
    network.open = False
    danish_model.ensure(UV)
    network.open = True
    assert "officielle" in danish_model.fetch_official()
    assert danish_model.in_use()["source"] == "official"


def test_asked_for_in_vain_the_stand_in_stays(network: Network) -> None:
    network.open = False
    danish_model.ensure(UV)
    assert "reserve" in danish_model.fetch_official()
    assert danish_model.in_use()["source"] == "stand-in"


def test_the_official_model_is_not_fetched_twice(network: Network) -> None:
    danish_model.ensure(UV)
    danish_model.fetch_official()
    assert len(network.downloads) == 1


def test_without_the_stand_ins_file_the_reader_is_told(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.open = False
    monkeypatch.setattr(danish_model, "FOLDER", tmp_path)
    with pytest.raises(SetupError, match="models/spacy/ mangler"):
        danish_model.ensure(UV)


def test_this_checkouts_note_names_the_model_that_is_installed() -> None:
    noted = json.loads(danish_model.IN_USE.read_text("utf-8"))
    assert noted["version"] == danish_model.installed_version()
    assert noted["source"] == danish_model.source_of(noted["version"])


def test_the_stand_in_comes_with_its_model_card_and_licence() -> None:
    names = {file.name for file in danish_model.FOLDER.iterdir()}
    assert {"README.md", "LICENSE"} <= names
    assert any(name.startswith("da_core_news_sm-3.4.0+digispor") for name in names)
