"""Ability and its uncertainty: against an independent implementation, and what must hold for all answers."""

import mirt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mirt.models import GradedResponseModel

from backend.assessment.ability import Measure
from backend.assessment.graded_response import expected_share, information, probabilities
from backend.assessment.item_bank import load_item_bank
from backend.assessment.parameters import load_parameters
from backend.assessment.responses import History, Response

BANK = load_item_bank()
MEASURE = Measure(BANK, load_parameters(), 0.48)
IDS = [item.id for item in BANK.items]
SOME_ABILITIES = np.array([-2.5, -1.0, -0.2, 0.4, 1.7])

VALUES = st.one_of(st.none(), st.integers(0, 3))
ANSWERS = st.dictionaries(st.sampled_from(IDS), VALUES, max_size=20)


def history_of(answers: dict[str, int | None]) -> History:
    return tuple(Response(item_id, value) for item_id, value in answers.items())


def mean(history: History) -> float:
    return MEASURE.ability(MEASURE.weights(history)).mean


@pytest.fixture(scope="module")
def independent() -> GradedResponseModel:
    """The same bank in the package mirt."""
    model = GradedResponseModel(n_items=len(IDS), n_categories=4, item_names=IDS)
    own = MEASURE.parameters
    model.set_parameters(discrimination=own.discrimination, thresholds=own.thresholds)
    # It scores only models it has fitted itself; this one was told its parameters.
    model._is_fitted = True
    return model


def test_probabilities_are_those_of_an_independent_implementation(independent: GradedResponseModel) -> None:
    ours = probabilities(MEASURE.parameters, SOME_ABILITIES)
    for row in range(len(IDS)):
        theirs = independent.probability(SOME_ABILITIES[:, None], item_idx=row)
        np.testing.assert_allclose(ours[row].T, theirs, atol=1e-9)


def test_information_is_that_of_an_independent_implementation(independent: GradedResponseModel) -> None:
    ours = information(MEASURE.parameters, SOME_ABILITIES)
    for row in range(len(IDS)):
        theirs = independent.information(SOME_ABILITIES[:, None], item_idx=row)
        np.testing.assert_allclose(ours[row], theirs, atol=1e-6)


@pytest.mark.parametrize(
    "pattern",
    [
        [0] * 50,
        [3] * 50,
        [2] * 50,
        [0, 1, 2, 3] * 12 + [1, 2],
        [1, None, 2, None, 0] * 10,
        [None] * 43 + [1, 2, 2, 1, 0, 3, 1],
        [3, 2, 2, 1, 1, 0, 2] + [None] * 43,
        [None] * 50,
    ],
)
def test_estimates_agree_with_an_independent_implementation(
    independent: GradedResponseModel, pattern: list[int | None]
) -> None:
    history = tuple(map(Response, IDS, pattern))
    ours = MEASURE.ability(MEASURE.weights(history))
    responses = np.array([[-1 if value is None else value for value in pattern]])
    theirs = mirt.fscores(independent, responses, method="EAP", n_quadpts=401)
    assert ours.mean == pytest.approx(float(theirs.theta.squeeze()), abs=1e-3)
    assert ours.standard_error == pytest.approx(float(theirs.standard_error.squeeze()), abs=1e-3)


def test_the_cut_is_the_ability_that_reaches_its_share_of_the_whole_bank() -> None:
    assert MEASURE.share_at(MEASURE.cut) == pytest.approx(0.48)
    assert float(expected_share(MEASURE.parameters, np.array([MEASURE.cut]))[0]) == pytest.approx(
        0.48, abs=1e-5
    )
    assert MEASURE.track_at(MEASURE.cut) == "employer_pilot"
    assert MEASURE.track_at(MEASURE.cut - 0.001) == "foundation"


def test_the_cut_lies_halfway_between_two_nodes() -> None:
    below, above = (
        MEASURE.nodes[MEASURE.nodes < MEASURE.cut][-1],
        MEASURE.nodes[MEASURE.nodes > MEASURE.cut][0],
    )
    assert MEASURE.cut - below == pytest.approx(above - MEASURE.cut)


def test_a_share_that_nobody_reaches_is_refused() -> None:
    with pytest.raises(ValueError, match="share"):
        Measure(BANK, load_parameters(), 1.0)


def test_without_answers_the_estimate_is_the_citizens_mean() -> None:
    ability = MEASURE.ability(MEASURE.weights(()))
    assert ability.mean == pytest.approx(0, abs=1e-6)
    assert ability.standard_error == pytest.approx(1, abs=1e-4)


@given(ANSWERS)
def test_missing_answers_tell_nothing(answers: dict[str, int | None]) -> None:
    known = {item_id: value for item_id, value in answers.items() if value is not None}
    assert np.array_equal(MEASURE.weights(history_of(answers)), MEASURE.weights(history_of(known)))


@given(ANSWERS)
def test_the_order_of_the_answers_does_not_matter(answers: dict[str, int | None]) -> None:
    there, back = history_of(answers), tuple(reversed(history_of(answers)))
    assert mean(there) == pytest.approx(mean(back), abs=1e-12)


@given(ANSWERS, st.data())
def test_more_able_answers_never_lower_an_estimate(
    answers: dict[str, int | None], data: st.DataObject
) -> None:
    better = {
        item_id: None if value is None else data.draw(st.integers(value, 3))
        for item_id, value in answers.items()
    }
    before, after = history_of(answers), history_of(better)
    assert mean(before) <= mean(after) + 1e-12
    assert MEASURE.above_cut(MEASURE.weights(before)) <= MEASURE.above_cut(MEASURE.weights(after)) + 1e-12
    for area in BANK.areas:
        lower, higher = (MEASURE.ability(MEASURE.area_weights(h, area)).mean for h in (before, after))
        assert lower <= higher + 1e-12


@given(ANSWERS)
def test_an_answer_in_an_area_makes_its_estimate_more_certain_than_none(
    answers: dict[str, int | None],
) -> None:
    history = history_of(answers)
    for area in BANK.areas:
        others = tuple(r for r in history if BANK.item(r.item_id).area != area)
        alone = MEASURE.ability(MEASURE.area_weights(others, area))
        whole = MEASURE.ability(MEASURE.weights(others))
        assert alone.mean == pytest.approx(whole.mean, abs=1e-3), (
            "without own answers an area is as the whole"
        )
        assert alone.standard_error > whole.standard_error


def test_an_area_is_drawn_towards_the_whole() -> None:
    others = tuple(Response(item.id, 0) for item in BANK.items if item.area != 2)[:8]
    own = (Response("2.2-a", 3),)
    alone = mean(own)
    in_context = MEASURE.ability(MEASURE.area_weights((*others, *own), 2)).mean
    assert mean(others) < in_context < alone
