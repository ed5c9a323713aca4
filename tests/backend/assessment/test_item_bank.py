"""The item bank's shape: it covers DigComp 3.0, and a broken file is refused with the reason."""

from collections import Counter
from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from backend.assessment.item_bank import LEVELS, ItemBank, load_item_bank

BANK = load_item_bank()
ITEM_IDS = [item.id for item in BANK.items]


def raw_bank() -> dict[str, Any]:
    """The bank as it stands in the file, with each item's terms as a list of words."""
    raw = deepcopy(BANK.model_dump())
    raw["items"] = [{**item, "terms": list(item["terms"])} for item in raw["items"]]
    return raw


def test_the_bank_covers_the_21_competences_in_their_five_areas() -> None:
    competences_an_area = Counter(number[0] for number in BANK.competences)
    assert competences_an_area == {"1": 3, "2": 6, "3": 4, "4": 4, "5": 4}
    assert sorted(BANK.areas) == [1, 2, 3, 4, 5]


def test_every_competence_has_at_least_two_items() -> None:
    items_a_competence = Counter(item.competence for item in BANK.items)
    assert {
        number: items_a_competence[number] for number in BANK.competences if items_a_competence[number] < 2
    } == {}


def test_the_bank_has_45_to_50_items_on_every_level() -> None:
    assert 45 <= len(BANK.items) <= 50
    assert {item.level for item in BANK.items} == set(LEVELS)


def test_every_area_can_replace_as_many_skipped_items_as_may_be_skipped() -> None:
    items_an_area = Counter(item.area for item in BANK.items)
    assert all(items_an_area[area] >= 2 + 5 for area in BANK.areas)


def test_every_area_asks_something_easy_and_something_hard() -> None:
    for area in BANK.areas:
        ranks = {item.difficulty_rank for item in BANK.items if item.area == area}
        assert {0, 1} <= ranks, area
        assert ranks & {2, 3}, area


def test_ids_are_unique_and_items_can_be_looked_up() -> None:
    assert len(set(ITEM_IDS)) == len(ITEM_IDS)
    assert all(BANK.item(item_id).id == item_id for item_id in ITEM_IDS)
    with pytest.raises(KeyError):
        BANK.item("9.9-z")


def test_no_two_items_ask_the_same_or_bear_the_same_name() -> None:
    for field in ("text", "short", "easier_text", "everyday_example", "job_example"):
        values = [getattr(item, field) for item in BANK.items]
        assert len(set(values)) == len(values), field


def test_the_whole_glossary_is_used() -> None:
    assert {word for item in BANK.items for word in item.terms} == set(BANK.glossary)


def test_a_term_brings_its_explanation() -> None:
    assert BANK.item("2.2-a").terms["CV"] == BANK.glossary["CV"]


def test_the_bank_is_read_once_and_cannot_be_changed() -> None:
    assert load_item_bank() is BANK
    with pytest.raises(ValidationError):
        BANK.item("1.1-a").text = "noget andet"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda raw: raw["items"].append(raw["items"][0]), "stand twice"),
        (lambda raw: raw["items"][0].update(terms=["blockchain"]), "does not explain 'blockchain'"),
        (lambda raw: raw["items"][0].update(competence="1.2"), "does not name its competence"),
        (lambda raw: raw["competences"].pop("1.1"), "no known competence"),
        (lambda raw: raw.update(items=[]), "at least 1 item"),
        (lambda raw: raw["items"][0].update(level="expert"), "level"),
        (lambda raw: raw["items"][0].update(text="  "), "text"),
        (lambda raw: raw["items"][0].update(difficulty=1), "difficulty"),
        (lambda raw: raw["items"][0].pop("short"), "short"),
        (lambda raw: raw.pop("glossary"), "glossary"),
    ],
)
def test_a_broken_bank_is_refused(spoil: Any, reason: str) -> None:
    raw = raw_bank()
    spoil(raw)
    with pytest.raises(ValidationError, match=reason):
        ItemBank.model_validate(raw)


def test_a_sound_bank_is_accepted() -> None:
    assert ItemBank.model_validate(raw_bank()) == BANK
