"""Percent and DigCompSAT bands, at and between the published limits."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.assessment.item_bank import load_item_bank
from backend.assessment.responses import Response
from backend.assessment.scoring import area_scores, band_of, percent_of, share

BANK = load_item_bank()
ANSWERS = st.lists(st.integers(0, 3), min_size=1, max_size=50)


@pytest.mark.parametrize(
    ("percent", "band"),
    [
        (None, None),
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
def test_bands_begin_at_their_published_lower_limits(percent: int | None, band: str | None) -> None:
    assert band_of(percent) == band


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_percent_outside_0_to_100_has_no_band(percent: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        band_of(percent)


@pytest.mark.parametrize(
    ("values", "percent"),
    [
        ([], None),
        ([0], 0),
        ([3], 100),
        ([1, 2], 50),
        ([1, 1, 0, 2, 2, 2, 1], 42),  # 9 of 21 is 42.86 percent
        ([2] * 5 + [1] * 4 + [0], 46),  # 14 of 30 is 46.67 percent
        ([1] * 10 + [2] * 5, 44),
    ],
)
def test_percent_is_the_mean_over_the_highest_rounded_down(values: list[int], percent: int | None) -> None:
    assert percent_of(values) == percent


def test_between_two_bands_the_lower_one_holds_until_the_next_limit_is_reached() -> None:
    almost = [1] * 16 + [2] * 12 + [1]  # 41 of 87 is 47.1 percent
    assert 47 < 100 * share(almost) < 48
    assert band_of(percent_of(almost)) == "foundation"
    exactly = [1] * 14 + [2] * 11  # 36 of 75 is 48 percent
    assert share(exactly) == Fraction(48, 100)
    assert band_of(percent_of(exactly)) == "intermediate"


@given(ANSWERS)
def test_the_band_shown_is_the_band_of_the_exact_share(values: list[int]) -> None:
    exact = 100 * share(values)
    expected = (
        "low" if exact < 30 else "foundation" if exact < 48 else "intermediate" if exact < 81 else "advanced"
    )
    assert band_of(percent_of(values)) == expected


def test_a_share_needs_answers() -> None:
    with pytest.raises(ValueError, match="no answers"):
        share([])


def test_areas_count_only_their_own_real_answers() -> None:
    history = (Response("1.1-a", 3), Response("1.2-a", None), Response("4.2-a", 1), Response("4.1-b", 0))
    scores = area_scores(history, BANK)
    assert [score.area for score in scores] == [1, 2, 3, 4, 5]
    assert [score.percent for score in scores] == [100, None, None, 16, None]
    assert [score.band for score in scores] == ["advanced", None, None, "low", None]
    assert [score.name for score in scores] == [area.name for area in BANK.areas.values()]
