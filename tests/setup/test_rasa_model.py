from pathlib import Path

import pytest

from setup import danish_model, rasa_model
from setup.errors import SetupError


class Project:
    """Training data in a folder of its own, with a Rasa that notes when it trains."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trained = 0
        self.breaks = False
        for name in (
            "config.yml",
            "domain.yml",
            "data/nlu/greet.yml",
            "data/stories/greet.yml",
            "bot/nlu/times.py",
        ):
            self.write(name, name)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, "utf-8")

    def train(self, *_: object, **__: object) -> None:
        if self.breaks:
            raise SetupError("Rasa-modellen kunne ikke trænes.")
        self.trained += 1
        rasa_model.MODEL.write_bytes(b"model")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = Project(tmp_path)
    monkeypatch.setattr(rasa_model, "ROOT", tmp_path)
    monkeypatch.setattr(rasa_model, "MODEL", tmp_path / "digispor.tar.gz")
    monkeypatch.setattr(rasa_model, "STAMP", tmp_path / "digispor.stamp")
    monkeypatch.setattr(rasa_model, "run_quietly", project.train)
    monkeypatch.setattr(danish_model, "installed_version", lambda: "3.4.0+digispor.1")
    return project


def test_a_model_is_trained_once(project: Project) -> None:
    assert rasa_model.ensure() == "trænet"
    assert rasa_model.ensure() == "på plads"
    assert project.trained == 1


@pytest.mark.parametrize(
    "changed", ["config.yml", "domain.yml", "data/nlu/greet.yml", "data/stories/new.yml", "bot/nlu/times.py"]
)
def test_what_it_is_trained_from_decides_whether_it_is_trained_again(project: Project, changed: str) -> None:
    rasa_model.ensure()
    project.write(changed, "changed")
    assert rasa_model.ensure() == "trænet"


def test_another_danish_model_means_another_rasa_model(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa_model.ensure()
    monkeypatch.setattr(danish_model, "installed_version", lambda: "3.4.0")
    assert rasa_model.ensure() == "trænet"


def test_a_model_that_was_deleted_is_trained_again(project: Project) -> None:
    rasa_model.ensure()
    rasa_model.MODEL.unlink()
    assert rasa_model.ensure() == "trænet"


def test_a_training_that_failed_is_tried_again(project: Project) -> None:
    rasa_model.ensure()
    project.write("config.yml", "changed")
    project.breaks = True
    with pytest.raises(SetupError):
        rasa_model.ensure()
    project.breaks = False
    assert rasa_model.ensure() == "trænet"
