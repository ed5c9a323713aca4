"""Percent and DigCompSAT bands: one yardstick for all, and no contradiction between the two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.assessment.ability import Measure
from backend.assessment.item_bank import load_item_bank
from backend.assessment.parameters import load_parameters
from backend.assessment.responses import Response
from backend.assessment.scoring import area_scores, band_of, percent_at

BANK = load_item_bank()
MEASURE = Measure(BANK, load_parameters(), 0.48)
ABILITIES = st.floats(-5, 5)


@pytest.mark.parametrize(
    ("percent", "band"),
    [
        (0, "low"),
        (29, "low"),
        (30, "foundation"),
        (47, "foundation"),
        (48, "intermediate"),
        (80, "intermediate"),
        (81, "advanced"),
        (100, "advanced"),
    ],
)
def test_bands_begin_at_their_published_lower_limits(percent: int, band: str) -> None:
    assert band_of(percent) == band


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_percent_outside_0_to_100_has_no_band(percent: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        band_of(percent)


@given(ABILITIES)
def test_the_track_never_contradicts_the_percent(ability: float) -> None:
    assert (percent_at(MEASURE, ability) >= 48) == (MEASURE.track_at(ability) == "employer_pilot")


@given(st.integers(10, 90))
def test_at_the_cut_the_percent_is_that_of_the_cut(cut_percent: int) -> None:
    measure = Measure(BANK, load_parameters(), cut_percent / 100)
    assert percent_at(measure, measure.cut) == cut_percent


@given(ABILITIES, ABILITIES)
def test_more_ability_is_never_less_percent(one: float, other: float) -> None:
    lower, higher = sorted((one, other))
    assert 0 <= percent_at(MEASURE, lower) <= percent_at(MEASURE, higher) <= 100


def test_an_area_without_real_answers_has_no_result() -> None:
    history = (Response("1.1-a", 3), Response("1.2-a", None), Response("4.2-a", 1), Response("5.1-a", None))
    scores = area_scores(history, MEASURE)
    assert [score.area for score in scores] == [1, 2, 3, 4, 5]
    assert [score.name for score in scores] == [area.name for area in BANK.areas.values()]
    assert [score.percent is None for score in scores] == [False, True, True, False, True]
    assert scores[1].band is scores[1].low is scores[1].high is None


@given(
    st.lists(
        st.tuples(st.sampled_from([i.id for i in BANK.items]), st.integers(0, 3)), min_size=1, max_size=15
    )
)
def test_the_percent_of_an_area_lies_within_its_uncertainty(answers: list[tuple[str, int]]) -> None:
    for score in area_scores(tuple(Response(*answer) for answer in dict(answers).items()), MEASURE):
        if score.percent is not None:
            assert score.low is not None
            assert score.high is not None
            assert 0 <= score.low <= score.percent <= score.high <= 100
            assert score.band == band_of(score.percent)
