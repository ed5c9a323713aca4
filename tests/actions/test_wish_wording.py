import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.wish_wording import wish_in_words


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({}, ""),
        ({"not_weekdays": ["wed"]}, "ikke om onsdagen"),
        ({"weekdays": ["mon", "tue", "fri"]}, "om mandagen, tirsdagen og fredagen"),
        ({"from": "2026-12-03", "to": "2026-12-03"}, "den 3. december"),
        ({"from": "2026-11-30", "to": "2026-12-06"}, "fra den 30. november til den 6. december"),
        ({"from": "2026-12-03"}, "fra den 3. december"),
        ({"to": "2026-12-03"}, "senest den 3. december"),
        ({"time_from": "10:00", "time_to": "10:00"}, "kl. 10"),
        ({"time_from": "09:30", "time_to": "11:00"}, "mellem kl. 9.30 og 11"),
        ({"from": "2026-12-03", "to": "2026-12-03", "weekdays": ["thu"]}, "den 3. december"),
        ({"time_from": "13:00"}, "fra kl. 13"),
        ({"time_to": "11:59"}, "før kl. 12"),
        ({"time_to": "11:00"}, "senest kl. 11"),
        ({"meeting_form": "phone", "weekdays": ["tue"]}, "om tirsdagen, på telefonen"),
        ({"meeting_form": "in_person"}, "ansigt til ansigt"),
        ({"not_weekdays": ["wed"], "time_to": "11:59", "after": "x"}, "ikke om onsdagen, før kl. 12"),
    ],
)
def test_a_wish_is_said_in_danish(wish, words):
    assert wish_in_words(wish) == words


@given(st.dates(), st.times())
def test_any_day_and_clock_can_be_said(day, clock):
    words = wish_in_words({"from": day.isoformat(), "time_from": clock.strftime("%H:%M")})
    assert words.startswith("fra den ")
