"""The simulation that the figures in docs/evaluation.md come from."""

import numpy as np
import pytest

from backend.assessment.ability import Measure
from backend.assessment.item_bank import load_item_bank
from backend.assessment.parameters import load_parameters
from backend.assessment.rule import ProposalRule
from benchmarks.assessment.citizens import Citizens, answers_of, citizens, perturbed
from benchmarks.assessment.figures import precision, summary, wrong_sides
from benchmarks.assessment.forms import forms
from benchmarks.assessment.simulation import Proposals, assess, whole_bank
from benchmarks.report import write_section

BANK = load_item_bank()
RULE = ProposalRule()
MEASURE = Measure(BANK, load_parameters(), RULE.cut_percent / 100)
COUNT = 1000


def silent(_: int) -> None:
    """Shows no progress."""


@pytest.fixture(scope="module")
def crowd() -> Citizens:
    return citizens(COUNT, MEASURE.parameters, np.random.default_rng(1))


@pytest.fixture(scope="module")
def proposals(crowd: Citizens) -> dict[str, Proposals]:
    engines = forms(BANK, RULE)
    return {name: assess(engine, MEASURE, RULE, crowd, "s", silent) for name, engine in engines.items()}


def test_answers_come_as_often_as_the_model_says() -> None:
    same = np.full(4000, 0.3)
    answers = answers_of(same, MEASURE.parameters, np.random.default_rng(2))
    expected = MEASURE.share_at(0.3)
    assert answers.mean() / 3 == pytest.approx(expected, abs=0.01)


def test_careless_answers_know_nothing_of_the_citizen() -> None:
    able = np.full(2000, 3.0)
    answers = answers_of(able, MEASURE.parameters, np.random.default_rng(3), careless=1.0)
    assert np.bincount(answers.ravel()) / answers.size == pytest.approx([0.25] * 4, abs=0.01)


def test_perturbed_items_still_rise() -> None:
    moved = perturbed(MEASURE.parameters, np.random.default_rng(4))
    assert (np.diff(moved.thresholds, axis=1) > 0).all()
    assert not np.allclose(moved.thresholds, MEASURE.parameters.thresholds)


def test_each_form_asks_as_many_as_it_says(proposals: dict[str, Proposals]) -> None:
    assert set(proposals["fixed ten"].items) == set(proposals["random ten"].items) == {10}
    for name in ("adaptive", "curtailment only"):
        assert 7 <= proposals[name].items.min() <= proposals[name].items.max() <= 15
    assert proposals["curtailment only"].items.mean() > proposals["adaptive"].items.mean()


def test_the_same_citizens_give_the_same_figures(crowd: Citizens, proposals: dict[str, Proposals]) -> None:
    again = assess(forms(BANK, RULE)["adaptive"], MEASURE, RULE, crowd, "s", silent)
    assert np.array_equal(again.ability, proposals["adaptive"].ability)
    assert np.array_equal(again.items, proposals["adaptive"].items)


def test_the_adaptive_form_beats_the_fixed_and_the_random_one(
    crowd: Citizens, proposals: dict[str, Proposals]
) -> None:
    whole = whole_bank(MEASURE, RULE, crowd, silent)
    told = {name: summary(found, found, whole) for name, found in proposals.items()}
    for other in ("fixed ten", "random ten"):
        assert told["adaptive"].agreement > told[other].agreement
        assert told["adaptive"].borderline < told[other].borderline
        assert told["adaptive"].items < told[other].items


def test_the_fewer_the_farther_from_the_cut(crowd: Citizens, proposals: dict[str, Proposals]) -> None:
    rows = wrong_sides(proposals["adaptive"], crowd, MEASURE.cut)
    assert rows[0].false_foundation + rows[0].false_pilot > rows[-1].false_foundation + rows[-1].false_pilot
    assert all(row.clear_false_pilot <= row.false_pilot for row in rows)


def test_every_citizen_is_counted_once_along_the_scale(
    crowd: Citizens, proposals: dict[str, Proposals]
) -> None:
    assert sum(row.citizens for row in precision(proposals["adaptive"], crowd)) == COUNT


def test_a_section_takes_the_place_of_its_older_self_and_leaves_the_others(tmp_path) -> None:
    page = tmp_path / "evaluation.md"
    write_section("one", "# One\n\nfirst", page)
    write_section("two", "# Two \\1", page)
    write_section("one", "# One\n\nsecond", page)
    text = page.read_text("utf-8")
    assert "first" not in text
    assert text.index("second") < text.index("# Two \\1")
    assert text.count("# One") == 1
