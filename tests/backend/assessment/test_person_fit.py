"""What is odd about answers: against an independent implementation, and how often it is cried for nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mirt.diagnostics.personfit import compute_personfit
from mirt.models import GradedResponseModel

from backend.assessment.ability import Measure
from backend.assessment.graded_response import probabilities
from backend.assessment.item_bank import load_item_bank
from backend.assessment.parameters import load_parameters
from backend.assessment.person_fit import flags_of, standardised_fit
from backend.assessment.responses import Response

BANK = load_item_bank()
MEASURE = Measure(BANK, load_parameters(), 0.48)
IDS = [item.id for item in BANK.items]


def test_the_statistic_is_that_of_an_independent_implementation() -> None:
    pattern = [0, 3, 1, 2, 2, 0, 3, 1, 1, 2]
    history = tuple(map(Response, IDS, pattern))
    model = GradedResponseModel(n_items=10, n_categories=4)
    own = MEASURE.parameters
    model.set_parameters(discrimination=own.discrimination[:10], thresholds=own.thresholds[:10])
    # It judges only models it has fitted itself; this one was told its parameters.
    model._is_fitted = True
    mean = MEASURE.ability(MEASURE.weights(history)).mean
    theirs = compute_personfit(model, np.array([pattern]), np.array([mean]), ["lz"])
    assert standardised_fit(history, MEASURE) == pytest.approx(float(theirs["lz"][0]), abs=1e-3)


def test_contradictory_answers_are_flagged() -> None:
    easy = [item.id for item in BANK.items if item.level == "basic"][:5]
    hard = [item.id for item in BANK.items if item.level == "advanced"][:5]
    upside_down = tuple(Response(item_id, 0) for item_id in easy) + tuple(
        Response(item_id, 3) for item_id in hard
    )
    assert flags_of(upside_down, MEASURE) == ("inconsistent",)
    as_expected = tuple(Response(item_id, 2) for item_id in easy) + tuple(
        Response(item_id, 1) for item_id in hard
    )
    assert flags_of(as_expected, MEASURE) == ()


@given(st.integers(0, 3), st.integers(7, 15))
def test_answers_all_alike_are_flagged_as_that_and_nothing_else(value: int, count: int) -> None:
    assert flags_of(tuple(Response(item_id, value) for item_id in IDS[:count]), MEASURE) == (
        "straight_lining",
    )


def test_missing_answers_do_not_hide_that_all_are_alike() -> None:
    history = tuple(Response(item_id, None if row % 3 == 0 else 1) for row, item_id in enumerate(IDS[:15]))
    assert flags_of(history, MEASURE) == ("straight_lining",)


def test_too_few_answers_say_nothing() -> None:
    assert flags_of(tuple(Response(item_id, 0) for item_id in IDS[:6]), MEASURE) == ()
    with pytest.raises(ValueError, match="no answers"):
        standardised_fit((Response(IDS[0], None),), MEASURE)


def test_few_who_answer_as_the_model_expects_are_flagged() -> None:
    rng = np.random.default_rng(7)
    abilities = rng.standard_normal(1000)
    limits = probabilities(MEASURE.parameters, abilities)[:12].cumsum(axis=1)[:, :3, :]
    answers = (rng.random((12, 1, 1000)) > limits).sum(axis=1)
    flagged = sum(
        "inconsistent" in flags_of(tuple(map(Response, IDS, map(int, answers[:, who]))), MEASURE)
        for who in range(1000)
    )
    assert 0 < flagged < 60
