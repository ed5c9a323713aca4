from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.booking.slot_filter import SlotFilter
from backend.danish import COPENHAGEN
from backend.municipality import WEEKDAYS

FRIDAY = datetime(2026, 11, 27, 13, 30, tzinfo=COPENHAGEN)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("wish", "fits"),
    [
        (SlotFilter(), True),
        (SlotFilter(first_day=date(2026, 11, 27), last_day=date(2026, 11, 27)), True),
        (SlotFilter(first_day=date(2026, 11, 28)), False),
        (SlotFilter(last_day=date(2026, 11, 26)), False),
        (SlotFilter(weekdays=("fri",)), True),
        (SlotFilter(weekdays=("mon", "tue")), False),
        (SlotFilter(not_weekdays=("wed",)), True),
        (SlotFilter(not_weekdays=("fri",)), False),
        (SlotFilter(weekdays=("fri",), not_weekdays=("fri",)), False),
        (SlotFilter(time_from=time(13, 30), time_to=time(13, 30)), True),
        (SlotFilter(time_from=time(13, 31)), False),
        (SlotFilter(time_to=time(13, 29)), False),
        (SlotFilter(meeting_form="phone"), True),
        (SlotFilter(meeting_form="video"), False),
        (SlotFilter(after=FRIDAY - timedelta(minutes=1)), True),
        (SlotFilter(after=FRIDAY), False),
    ],
    ids=str,
)
def test_a_phone_call_on_friday_at_half_past_one(wish, fits):
    assert wish.accepts(FRIDAY.astimezone(UTC), "phone") is fits


@pytest.mark.parametrize("day", [(2026, 3, 27), (2026, 3, 30), (2026, 10, 23), (2026, 10, 26)])
def test_nine_oclock_is_nine_oclock_in_summer_and_winter(day):
    nine = datetime(*day, 9, tzinfo=COPENHAGEN).astimezone(UTC)
    assert SlotFilter(time_from=time(9), time_to=time(9)).accepts(nine, "phone")


def test_a_late_evening_in_utc_belongs_to_the_next_danish_day():
    late = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    assert SlotFilter(first_day=date(2026, 11, 27), weekdays=("fri",)).accepts(late, "phone")


@given(moment=MOMENTS, first=DAYS, length=st.integers(0, 30), after=st.none() | MOMENTS)
def test_what_is_skipped_unread_would_not_have_fitted(moment, first, length, after):
    wish = SlotFilter(first_day=first, last_day=first + timedelta(days=length), after=after)
    if moment < wish.begins() or wish.is_over(moment):
        assert not wish.accepts(moment, "phone")


@given(moment=MOMENTS, days=st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(tuple))
def test_wishing_for_weekdays_and_against_them_are_opposites(moment, days):
    wanted = SlotFilter(weekdays=days).accepts(moment, "phone")
    unwanted = SlotFilter(not_weekdays=days).accepts(moment, "phone")
    assert wanted is not unwanted
