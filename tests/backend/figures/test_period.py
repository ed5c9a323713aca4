"""Periods are whole Danish weeks, one after the other."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from backend.danish import local
from backend.figures.period import WEEKS, period

moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


def test_the_latest_ends_with_this_week():
    latest = period(datetime(2026, 11, 24, 8, tzinfo=UTC))
    assert latest.start.isoformat() == "2026-09-07T00:00:00+02:00"
    assert latest.end.isoformat() == "2026-11-30T00:00:00+01:00"
    assert local(latest.last_day).date().isoformat() == "2026-11-29"


def test_a_week_begins_at_midnight_in_denmark():
    sunday_in_utc = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert period(sunday_in_utc).mondays[-2].isoformat() == "2026-11-23T00:00:00+01:00"


@given(moments, st.integers(0, 4))
def test_weeks_begin_on_mondays_at_midnight_and_periods_do_not_overlap(now, back):
    chosen = period(now, back)
    assert len(chosen.mondays) == WEEKS + 1
    for monday in chosen.mondays:
        here = local(monday)
        assert (here.weekday(), here.hour, here.minute) == (0, 0, 0)
    assert chosen.start == period(now, back + 1).end
    if back == 0:
        assert chosen.mondays[-2] <= now < chosen.end


@given(moments)
def test_a_week_in_which_the_clock_changes_is_an_hour_shorter_or_longer(now):
    mondays = [monday.astimezone(UTC) for monday in period(now).mondays]
    lengths = {later - earlier for earlier, later in pairwise(mondays)}
    assert lengths <= {timedelta(hours=hours) for hours in (167, 168, 169)}
