import re

from hypothesis import given
from hypothesis import strategies as st

from observability import correlation

DRAWN = re.compile(r"(?:w-|sms\.)?[0-9a-f]{32}")


def test_the_id_of_a_message_from_the_widget_or_by_sms_is_its_own():
    for drawn in ("w-" + 32 * "a", "sms." + 32 * "0", 32 * "f"):
        assert correlation.id_of(drawn) == drawn


@given(st.text(max_size=200))
def test_whatever_a_message_is_called_its_id_is_harmless_and_the_same_each_time(message_id):
    made = correlation.id_of(message_id)
    assert DRAWN.fullmatch(made)
    assert not message_id or correlation.id_of(message_id) == made


@given(st.text(max_size=60))
def test_nothing_but_an_id_of_ours_is_taken_from_another_process(value):
    with correlation.correlated(""):
        correlation.take(value)
        assert correlation.current() in ("", value)
        assert not correlation.current() or DRAWN.fullmatch(value)


def test_a_line_break_behind_an_id_makes_it_none_of_ours():
    assert not correlation.valid(32 * "a" + "\n")


def test_what_goes_on_within_has_the_id_and_afterwards_no_more():
    with correlation.correlated(32 * "a"):
        assert correlation.headers() == {"X-Correlation-Id": 32 * "a"}
    assert correlation.headers() == {}
