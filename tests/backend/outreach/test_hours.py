"""Nobody is written to at night."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.danish import local
from backend.outreach.hours import is_open, within_hours

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))


@given(MOMENTS)
def test_a_moment_is_brought_within_hours_on_its_own_day(moment: datetime) -> None:
    brought = within_hours(moment)
    assert is_open(brought)
    assert local(brought).date() == local(moment).date()
    assert (brought == moment) == is_open(moment)


@pytest.mark.parametrize(
    ("local_time", "expected"), [("07:59", False), ("08:00", True), ("19:59", True), ("20:00", False)]
)
def test_hours_are_danish_in_summer_and_winter(local_time: str, expected: bool) -> None:
    for day, offset in (("2026-07-01", "+02:00"), ("2026-12-01", "+01:00")):
        assert is_open(datetime.fromisoformat(f"{day}T{local_time}{offset}")) is expected
