"""When it is enough: the certainty needed, and that nothing to come could have changed a curtailed track."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.assessment.ability import Measure
from backend.assessment.item_bank import load_item_bank
from backend.assessment.parameters import load_parameters
from backend.assessment.responses import History, Response
from backend.assessment.stopping import MAX_ASKED, certainty, is_certain, is_curtailed, out_of_reach

BANK = load_item_bank()
MEASURE = Measure(BANK, load_parameters(), 0.48)
IDS = [item.id for item in BANK.items]

HISTORIES = st.lists(
    st.tuples(st.sampled_from(IDS), st.integers(0, 3)), unique_by=lambda pair: pair[0], max_size=MAX_ASKED
).map(lambda pairs: tuple(Response(*pair) for pair in pairs))
# Long ones that point one way, which is where curtailment comes in.
LATE_HISTORIES = st.sampled_from([(0, 1), (2, 3)]).flatmap(
    lambda values: st.lists(
        st.tuples(st.sampled_from(IDS), st.sampled_from(values)),
        unique_by=lambda pair: pair[0],
        min_size=11,
        max_size=MAX_ASKED,
    ).map(lambda pairs: tuple(Response(*pair) for pair in pairs))
)


def test_answers_all_alike_are_certain_and_mixed_ones_are_not() -> None:
    for value, side in ((0, "foundation"), (3, "employer_pilot")):
        weights = MEASURE.weights(tuple(Response(item_id, value) for item_id in IDS[:8]))
        assert is_certain(MEASURE, weights, 0.99)
        assert MEASURE.track_at(MEASURE.ability(weights).mean) == side
    mixed = MEASURE.weights(tuple(Response(item_id, 1 + row % 2) for row, item_id in enumerate(IDS[:8])))
    assert not is_certain(MEASURE, mixed, 0.95)


@given(HISTORIES)
def test_certainty_is_that_of_the_proposed_side(history: History) -> None:
    weights = MEASURE.weights(history)
    above = float(weights[MEASURE.nodes > MEASURE.cut].sum())
    pilot = MEASURE.track_at(MEASURE.ability(weights).mean) == "employer_pilot"
    assert certainty(MEASURE, weights) == pytest.approx(above if pilot else 1 - above)


@pytest.mark.parametrize(
    ("skipped", "answered", "too_late"), [(8, 0, False), (9, 0, True), (8, 7, False), (9, 5, True)]
)
def test_too_many_skipped_questions_put_a_proposal_out_of_reach(
    skipped: int, answered: int, too_late: bool
) -> None:
    values = [None] * skipped + [1] * answered
    assert out_of_reach(tuple(map(Response, IDS, values))) == too_late


@given(LATE_HISTORIES, st.data())
@settings(max_examples=200)
def test_no_answers_to_come_change_a_curtailed_track(history: History, data: st.DataObject) -> None:
    assume(is_curtailed(MEASURE, history, MEASURE.weights(history)))
    left = [item_id for item_id in IDS if item_id not in {response.item_id for response in history}]
    rest = data.draw(st.permutations(left))[: MAX_ASKED - len(history)]
    track = MEASURE.track_at(MEASURE.ability(MEASURE.weights(history)).mean)
    against = 0 if track == "employer_pilot" else 3
    worst = (*history, *(Response(item_id, against) for item_id in rest))
    assert MEASURE.track_at(MEASURE.ability(MEASURE.weights(worst)).mean) == track


def test_with_one_place_left_curtailment_is_exact() -> None:
    """Every possible last answer is tried: the bound lets through what cannot turn, and nothing that can."""
    found = set()
    for values in itertools.product((1, 2), repeat=7):
        answers = [*values, *values]
        history = tuple(map(Response, IDS, answers))
        track = MEASURE.track_at(MEASURE.ability(MEASURE.weights(history)).mean)
        turns = any(
            MEASURE.track_at(MEASURE.ability(MEASURE.weights((*history, Response(item_id, value)))).mean)
            != track
            for item_id in IDS[14:]
            for value in (0, 3)
        )
        curtailed = is_curtailed(MEASURE, history, MEASURE.weights(history))
        assert not (turns and curtailed)
        found.add((turns, curtailed))
    assert {(True, False), (False, True)} <= found


def test_nothing_is_curtailed_while_many_questions_are_left() -> None:
    history = tuple(Response(item_id, 2) for item_id in IDS[:7])
    assert not is_curtailed(MEASURE, history, MEASURE.weights(history))


def test_after_the_last_place_every_track_stands() -> None:
    history = tuple(Response(item_id, 1 + row % 2) for row, item_id in enumerate(IDS[:MAX_ASKED]))
    assert is_curtailed(MEASURE, history, MEASURE.weights(history))
    assert np.isclose(MEASURE.weights(history).sum(), 1)
