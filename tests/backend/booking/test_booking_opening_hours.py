from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.booking.opening_hours import OpeningHours
from backend.booking.rules import BookingRules
from backend.danish import COPENHAGEN

HOURS = OpeningHours(
    {"mon": (time(9), time(15)), "thu": (time(9), time(17)), "fri": (time(9), time(14))},
    closed_days=[date(2026, 11, 30)],
)
RULES = BookingRules(
    opening_hours=HOURS, hold=timedelta(minutes=10), lead=timedelta(hours=2), notice=timedelta(hours=24)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


@pytest.mark.parametrize(
    ("start", "end", "open_"),
    [
        ("2026-11-23 09:00", "2026-11-23 09:30", True),
        ("2026-11-23 08:59", "2026-11-23 09:29", False),
        ("2026-11-23 14:30", "2026-11-23 15:00", True),
        ("2026-11-23 14:31", "2026-11-23 15:01", False),
        ("2026-11-26 16:30", "2026-11-26 17:00", True),
        ("2026-11-24 10:00", "2026-11-24 10:30", False),
        ("2026-11-28 10:00", "2026-11-28 10:30", False),
        ("2026-11-30 10:00", "2026-11-30 10:30", False),
        ("2026-11-26 16:30", "2026-11-27 09:30", False),
    ],
    ids=str,
)
def test_a_meeting_lies_within_one_days_hours(start, end, open_):
    assert HOURS.contain(at(start), at(end)) is open_


@pytest.mark.parametrize(
    "holiday",
    [
        "2026-04-02",
        "2026-04-03",
        "2026-04-06",
        "2026-05-14",
        "2026-05-25",
        "2026-12-25",
        "2027-01-01",
        "2027-03-29",
    ],
)
def test_public_holidays_are_closed(holiday):
    assert HOURS.on(date.fromisoformat(holiday)) is None


def test_the_abolished_great_prayer_day_is_an_ordinary_friday():
    assert HOURS.on(date(2023, 5, 5)) is None
    assert HOURS.on(date(2024, 4, 26)) == (time(9), time(14))


@pytest.mark.parametrize("day", ["2026-03-27", "2026-10-23", "2026-03-30", "2026-10-26"])
def test_hours_are_what_the_clock_on_the_wall_shows_in_summer_and_winter(day):
    nine = at(f"{day} 09:00").astimezone(tz=None)
    assert HOURS.contain(nine, nine + timedelta(minutes=30))
    assert not HOURS.contain(nine - timedelta(minutes=1), nine + timedelta(minutes=29))


@given(start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), minutes=st.integers(1, 600))
def test_nothing_is_offered_outside_hours_or_too_soon(start, minutes):
    starts_at = start.replace(tzinfo=COPENHAGEN)
    ends_at = starts_at + timedelta(minutes=minutes)
    now = at("2026-06-01 12:00")
    if RULES.may_offer(starts_at, ends_at, now):
        assert starts_at >= now + RULES.notice + RULES.lead
        opens, closes = HOURS.on(starts_at.date())
        assert opens <= starts_at.time()
        assert ends_at.time() <= closes


def test_a_booking_can_be_changed_up_to_and_including_the_deadline():
    starts_at = at("2026-11-27 13:30")
    deadline = RULES.change_deadline(starts_at)
    assert deadline == at("2026-11-26 13:30")
    assert RULES.may_change(starts_at, deadline)
    assert not RULES.may_change(starts_at, deadline + timedelta(seconds=1))
