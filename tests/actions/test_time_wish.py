from datetime import datetime, timedelta

import pytest
from fake_backend import SLOTS
from hypothesis import given
from hypothesis import strategies as st

from actions.time_wish import COPENHAGEN, MOST_SHOWN, as_query, fits, nearest, said_besides, together

MORNING = {"time_to": "11:59"}
NOT_WEDNESDAY = {"not_weekdays": ["wed"]}


@pytest.mark.parametrize(
    ("before", "said", "wish"),
    [
        ({}, NOT_WEDNESDAY, NOT_WEDNESDAY),
        (NOT_WEDNESDAY, MORNING, {**NOT_WEDNESDAY, **MORNING}),
        (NOT_WEDNESDAY, {"not_weekdays": ["mon"]}, {"not_weekdays": ["mon", "wed"]}),
        (NOT_WEDNESDAY, {"weekdays": ["wed"]}, {"weekdays": ["wed"]}),
        ({"weekdays": ["mon", "wed"]}, NOT_WEDNESDAY, {"weekdays": ["mon"], **NOT_WEDNESDAY}),
        (MORNING, {"time_from": "13:00"}, {"time_from": "13:00"}),
        ({"from": "2026-11-30", "to": "2026-12-06"}, {"weekdays": ["tue"]}, {
            "from": "2026-11-30", "to": "2026-12-06", "weekdays": ["tue"]}),
        ({"from": "2026-12-03", "to": "2026-12-03"}, {"weekdays": ["tue"]}, {"weekdays": ["tue"]}),
        ({"weekdays": ["tue"]}, {"from": "2026-12-03"}, {"from": "2026-12-03"}),
        ({"weekdays": ["tue"], **NOT_WEDNESDAY}, {"earliest": True}, NOT_WEDNESDAY),
        ({"after": "2026-11-30T08:00:00+00:00"}, MORNING, MORNING),
        ({}, {"later": True}, {"after": SLOTS[2].starts_at.isoformat()}),
        (MORNING, {"more": True}, {**MORNING, "not_slots": ["slot-1", "slot-2", "slot-3"]}),
        ({"not_slots": ["x"]}, {"more": True}, {"not_slots": ["x", "slot-1", "slot-2", "slot-3"]}),
        ({"not_slots": ["x"], "after": "2026-11-30T08:00:00+00:00"}, MORNING, MORNING),
        ({"weekdays": ["thu"]}, {"other_day": True}, {"not_weekdays": ["mon", "thu", "fri"]}),
        ({}, {"text": "noget", "nonsense": 1}, {}),
    ],
)  # fmt: skip
def test_wishes_build_up(before, said, wish):
    assert together(before, said, SLOTS[:3]) == wish


def test_a_wish_becomes_the_query_of_the_api():
    wish = {"weekdays": ["mon", "tue"], "time_from": "10:00", "meeting_form": "phone"}
    assert as_query(wish) == {"weekdays": "mon,tue", "time_from": "10:00", "meeting_form": "phone"}


def test_wider_wishes_give_up_the_time_of_day_first_and_refused_days_last():
    wish = {
        "weekdays": ["tue"],
        "time_from": "08:00",
        "not_weekdays": ["wed"],
        "after": "x",
        "not_slots": ["y"],
    }
    assert list(nearest(wish)) == [
        wish,
        {"weekdays": ["tue"], "time_from": "08:00", "not_weekdays": ["wed"]},
        {"weekdays": ["tue"], "not_weekdays": ["wed"]},
        {"not_weekdays": ["wed"]},
        {},
    ]


def test_the_list_of_times_shown_is_no_longer_than_the_backend_takes():
    before = {"not_slots": [str(number) for number in range(MOST_SHOWN)]}
    shown = together(before, {"more": True}, SLOTS[:3])["not_slots"]
    assert len(shown) == MOST_SHOWN
    assert shown[-1] == "slot-3"


def test_an_open_wish_is_tried_once():
    assert list(nearest({})) == [{}]


@pytest.mark.parametrize(
    ("said", "fitting"),
    [
        ({}, [0, 1, 2, 3]),
        ({"weekdays": ["fri"]}, [1]),
        ({"not_weekdays": ["fri"]}, [0, 2, 3]),
        ({"time_from": "10:00", "time_to": "10:00"}, [0, 3]),
        ({"from": "2026-11-30"}, [2, 3]),
        ({"to": "2026-11-27", "meeting_form": "phone"}, [1]),
    ],
)
def test_offered_times_are_matched_in_danish_time(said, fitting):
    assert [n for n, slot in enumerate(SLOTS) if fits(slot, said)] == fitting


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)))
def test_a_time_fits_its_own_day_and_clock_summer_and_winter(moment):
    slot = SLOTS[0].copy(update={"starts_at": moment.replace(tzinfo=COPENHAGEN)})
    day, clock = moment.date().isoformat(), moment.strftime("%H:%M")
    assert fits(slot, {"from": day, "to": day, "time_from": clock, "time_to": clock})
    assert not fits(slot, {"from": (moment + timedelta(days=1)).date().isoformat()})


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("hellere på telefon", "phone"),
        ("kan I ringe til mig", "phone"),
        ("video er fint", "video"),
        ("jeg vil helst møde op", "in_person"),
        ("ikke på video", None),
        ("telefon eller video", None),
        ("tirsdag", None),
    ],
)
def test_the_form_of_meeting_is_read(text, form):
    assert said_besides(text).get("meeting_form") == form
