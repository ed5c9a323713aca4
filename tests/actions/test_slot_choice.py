import pytest
from fake_backend import SLOTS
from hypothesis import given
from hypothesis import strategies as st

from actions.slot_choice import chosen_slot

OFFERED = SLOTS[:3]


def position(text, said=None, offered=OFFERED, agrees=False):
    slot = chosen_slot(text, said or {}, offered, agrees=agrees)
    return None if slot is None else offered.index(slot)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 0),
        ("nr. 2", 1),
        ("nummer tre", 2),
        ("to", 1),
        ("den første", 0),
        ("Den anden tak", 1),
        ("den sidste", 2),
        ("jeg tager den sidste af dem", 2),
        ("den i midten", 1),
        ("den øverste", 0),
        ("4", None),
        ("0", None),
        ("en anden tid", None),
        ("om to uger", None),
        ("", None),
        ("😀", None),
    ],
)
def test_a_place_in_the_list_is_read(text, expected):
    assert position(text) == expected


def test_the_third_is_a_date_only_when_a_time_falls_on_it():
    the_third = {"from": "2026-12-03", "to": "2026-12-03"}
    assert position("den 3.", the_third) == 2
    assert position("den 3. december", the_third) is None
    assert position("den 27.", {"from": "2026-11-27", "to": "2026-11-27"}) == 1


def test_a_wish_that_fits_several_times_chooses_none():
    assert position("på telefon", {"meeting_form": "phone"}) is None


def test_what_is_not_wanted_chooses_nothing():
    assert position("ikke torsdag eller fredag", {"not_weekdays": ["thu", "fri"]}) is None


def test_as_early_as_possible_is_a_wish_and_not_the_first():
    assert position("den første ledige tid", {"earliest": True}) is None


def test_yes_takes_the_only_time():
    assert position("ja", offered=SLOTS[:1], agrees=True) == 0
    assert position("ja", agrees=True) is None


@given(st.text(), st.integers(min_value=0, max_value=4))
def test_any_text_chooses_an_offered_time_or_none(text, count):
    assert chosen_slot(text, {}, SLOTS[:count]) in [None, *SLOTS[:count]]
