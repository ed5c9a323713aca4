"""What a period means in the calendar: never shorter than it says, and the same day wherever it is asked."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.danish import COPENHAGEN, full_date
from backend.retention.period import Period

WRITTEN = ["1 dag", "30 dage", "1 måned", "6 måneder", "7 måneder", "12 måneder", "1 år", "5 år"]
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
periods = st.sampled_from(WRITTEN).map(Period.read)


@given(periods, moments, st.one_of(moments, st.integers(-5, 5)))
def test_what_is_before_the_cutoff_is_exactly_what_is_due(period, moment, now):
    if isinstance(now, int):
        # Close to the day that counts.
        now = period.due_at(moment) + timedelta(hours=now * 7)
    assert (moment < period.cutoff(now)) == (period.due_at(moment) <= now)


@given(periods, moments)
def test_nothing_is_kept_a_shorter_time_than_is_said(period, moment):
    kept = period.due_at(moment) - moment
    assert kept >= timedelta(days=period.shortest_days) - timedelta(hours=1)


@given(periods, moments, moments)
def test_what_came_later_never_goes_earlier(period, one, other):
    early, late = sorted((one, other))
    assert period.due_at(early) <= period.due_at(late)


@pytest.mark.parametrize(
    ("words", "last", "day"),
    [
        ("6 måneder", datetime(2026, 8, 2, 12, 0, tzinfo=COPENHAGEN), "3. februar 2027"),
        ("6 måneder", datetime(2026, 8, 31, 23, 59, tzinfo=COPENHAGEN), "1. marts 2027"),
        ("30 dage", datetime(2026, 11, 1, 0, 0, tzinfo=COPENHAGEN), "2. december 2026"),
        ("1 år", datetime(2024, 2, 29, 9, 0, tzinfo=COPENHAGEN), "1. marts 2025"),
    ],
)
def test_the_day_after_the_last_one_is_the_day_it_goes(words, last, day):
    assert full_date(Period.read(words).due_at(last)) == day


@pytest.mark.parametrize(
    "words", ["", "6", "seks måneder", "6 months", "0 dage", "-1 år", "6  måneder", 6, None]
)
def test_what_is_no_period_is_refused_with_how_to_write_one(words):
    with pytest.raises(ValueError, match="6 måneder"):
        Period.read(words)


def test_six_months_are_not_always_half_a_year_of_days():
    assert Period.read("6 måneder").shortest_days == 181
    assert Period.read("7 måneder").shortest_days == 212
    assert str(Period.read("6 måneder")) == "6 måneder"
