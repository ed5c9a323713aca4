from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import danish


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 27, 12, 30, tzinfo=UTC), "fredag den 27. november kl. 13.30"),
        (datetime(2026, 11, 30, 8, 0, tzinfo=UTC), "mandag den 30. november kl. 9.00"),
        (datetime(2026, 7, 1, 8, 5, tzinfo=UTC), "onsdag den 1. juli kl. 10.05"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "fredag den 1. januar kl. 0.30"),
    ],
)
def test_a_moment_is_told_as_the_clock_on_a_danish_wall_shows_it(moment, expected):
    assert danish.day_and_clock(moment) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 26, 9, 0, tzinfo=UTC), "tors. 26. nov. kl. 10.00"),
        (datetime(2026, 11, 27, 12, 30, tzinfo=UTC), "fre. 27. nov. kl. 13.30"),
        (datetime(2026, 5, 3, 7, 0, tzinfo=UTC), "søn. 3. maj kl. 9.00"),
        (datetime(2026, 3, 7, 8, 0, tzinfo=UTC), "lør. 7. mar. kl. 9.00"),
    ],
)
def test_a_button_has_the_short_form(moment, expected):
    assert danish.short_day_and_clock(moment) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 27), datetime(2026, 11, 26, 23, 0, tzinfo=UTC)),
        (date(2026, 7, 1), datetime(2026, 6, 30, 22, 0, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, 0, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_in_denmark_in_summer_and_winter(day, expected):
    assert danish.midnight(day) == expected


def test_a_meeting_is_told_with_its_end():
    start = datetime(2026, 11, 27, 12, 30, tzinfo=UTC)
    end = start + timedelta(minutes=30)
    assert danish.clock_span(start, end) == "13.30-14.00"
    assert danish.day_and_span(start, end) == "fredag den 27. november kl. 13.30-14.00"


def test_a_record_carries_its_year():
    assert (
        danish.full_date_and_clock(datetime(2026, 11, 27, 12, 30, tzinfo=UTC))
        == "27. november 2026 kl. 13.30"
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [([], ""), (["mail"], "mail"), (["mail", "kodeord"], "mail og kodeord"), (["a", "b", "c"], "a, b og c")],
)
def test_a_list_is_written_as_it_is_said(words, expected):
    assert danish.enumerate_words(words) == expected


def test_a_list_of_choices_is_joined_with_or():
    assert (
        danish.enumerate_words(["telefon", "video", "fremmøde"], "eller") == "telefon, video eller fremmøde"
    )


def test_a_moment_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        danish.day_and_clock(datetime(2026, 11, 27, 12, 30))


@given(st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)))
def test_every_moment_has_a_text_that_names_its_local_minute(moment):
    here = moment.astimezone(danish.COPENHAGEN)
    assert danish.day_and_clock(moment).endswith(f"kl. {here.hour}.{here.minute:02}")
    assert f"{here.day}. " in danish.short_day_and_clock(moment)
