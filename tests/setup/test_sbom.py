import json
from typing import Any

import pytest

from setup import sbom
from setup.errors import SetupError
from setup.layout import WIDGET
from setup.tools import has_node

LIT = {"type": "library", "name": "lit", "version": "3.3.3", "purl": "pkg:npm/lit@3.3.3"}


def test_the_components_are_counted() -> None:
    assert sbom.count({"bomFormat": "CycloneDX", "components": [LIT, LIT]}) == 2


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"bomFormat": "CycloneDX", "components": []},
        {"bomFormat": "SPDX", "components": [LIT]},
        {"bomFormat": "CycloneDX", "components": [{"name": "lit"}]},
    ],
)
def test_a_document_that_tells_nothing_is_no_success(document: dict[str, Any]) -> None:
    with pytest.raises(SetupError):
        sbom.count(document)


@pytest.mark.skipif(not has_node(), reason="there is no Node")
def test_what_the_chat_is_made_of_is_what_its_lock_says(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sbom, "FOLDER", tmp_path)
    sbom.write(sbom.CHAT)
    document = json.loads((tmp_path / "widget.cdx.json").read_text("utf-8"))
    named = {(component["name"], component["version"]) for component in document["components"]}
    wanted = json.loads((WIDGET / "package.json").read_text("utf-8"))
    assert named >= {*wanted["dependencies"].items(), *wanted["devDependencies"].items()}
