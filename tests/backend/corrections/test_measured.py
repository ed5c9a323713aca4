"""How well each intent is understood, beside its examples and corrections."""

import json

import pytest

from tests.backend.corrections.conftest import to_correct
from tests.backend.story import Story
from tests.backend.visitor import Page

MEASURED = {
    "measured_at": "2026-11-20T23:30:00+00:00",
    "model": "5eed",
    "folds": 5,
    "messages": 29546,
    "macro_f1": 0.931,
    "intents": {"book_followup": {"messages": 700, "precision": 0.9, "recall": 0.98, "f1": 0.938}},
}


@pytest.fixture
def settings(settings, tmp_path):
    return settings.model_copy(update={"cross_validation": tmp_path / "cross-validation.json"})


def row(page: Page, intent):
    """What the table says of an intent, cell by cell."""
    (found,) = [
        line.split("</th>")[1]
        for line in page.source.splitlines()
        if f'<th scope="row">{intent}</th>' in line
    ]
    return [cell.split("</td>")[0] for cell in found.split("<td>")[1:]]


async def test_f1_examples_and_corrections_stand_beside_each_other(sign_in, archive, settings):
    settings.cross_validation_path.write_text(json.dumps(MEASURED), "utf-8")
    await archive.send(Story("c1").user("gi mig lige en aftale", "greet").events)
    visitor = await sign_in()
    form = (await to_correct(visitor, "/console/conversations/c1")).form("Gem, hvad borgeren mente")
    await visitor.send(form, intent="book_followup")
    page = await visitor.get("/console/training")
    assert row(page, "Vil booke en tid")[1:] == ["0,94", "1", "0"]
    assert row(page, "Åbnede chatten")[1:] == ["Ikke målt", "0", "0"]
    assert "Målt 21. november 2026 på 29.546 af eksemplerne" in page.text
    assert "I gennemsnit 0,93." in page.text
    page = await visitor.send(page.form("Godkend"), status="approved")
    assert row(page, "Vil booke en tid")[1:] == ["0,94", "0", "1"]


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"intents": {}}', "\udcff"])
async def test_without_a_measurement_the_page_says_which_command_makes_one(sign_in, settings, text):
    if text is not None:
        settings.cross_validation_path.write_text(text, "utf-8", errors="surrogateescape")
    page = await (await sign_in()).get("/console/training")
    assert "er ikke målt endnu. Kommandoen make cross-validate måler det." in page.text
    assert row(page, "Vil booke en tid")[1:] == ["Ikke målt", "0", "0"]
