import json

import pytest

from setup import danish_model


@pytest.mark.parametrize(("version", "source"), [("3.4.0", "official"), ("3.4.0+digispor.1", "stand-in")])
def test_the_version_says_where_a_model_comes_from(version: str, source: str) -> None:
    assert danish_model.source_of(version) == source


def test_people_are_told_which_model_is_loaded() -> None:
    official = danish_model.described({"name": "da_core_news_sm", "version": "3.4.0", "source": "official"})
    stand_in = danish_model.described(
        {"name": "da_core_news_sm", "version": "3.4.0+digispor.1", "source": "stand-in"}
    )
    assert official.startswith("da_core_news_sm 3.4.0, ")
    assert "officielle" in official
    assert stand_in.startswith("da_core_news_sm 3.4.0+digispor.1, ")
    assert "reserve" in stand_in


def test_the_note_names_the_model_that_is_installed() -> None:
    noted = json.loads(danish_model.IN_USE.read_text("utf-8"))
    assert noted == {
        "name": "da_core_news_sm",
        "version": danish_model.installed_version(),
        "source": danish_model.source_of(danish_model.installed_version()),
    }


def test_the_stand_in_comes_with_its_model_card_and_licence() -> None:
    names = {file.name for file in danish_model.FOLDER.iterdir()}
    assert {"README.md", "LICENSE"} <= names
    assert any(name.startswith("da_core_news_sm-3.4.0+digispor") for name in names)
