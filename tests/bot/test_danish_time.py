"""Danish phrases about when to meet, as people write them. Now is Tuesday 24 November 2026, 10.15."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.danish_time import understand_time

NOW = datetime(2026, 11, 24, 10, 15)

WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]
BEFORE_NOON = {"time_to": "11:59"}
AFTER_NOON = {"time_from": "12:00"}
TOMORROW = {"from": "2026-11-25", "to": "2026-11-25"}
THIS_WEEK = {"from": "2026-11-24", "to": "2026-11-29"}
NEXT_WEEK = {"from": "2026-11-30", "to": "2026-12-06"}
DECEMBER_3 = {"from": "2026-12-03", "to": "2026-12-03"}


def at(clock: str) -> dict[str, str]:
    return {"time_from": clock, "time_to": clock}


PHRASES: list[tuple[str, dict[str, Any]]] = [
    # weekdays
    ("tirsdag", {"weekdays": ["tue"]}),
    ("Tirsdag kl 10", {"weekdays": ["tue"], **at("10:00")}),
    ("tirsdage eller torsdage", {"weekdays": ["tue", "thu"]}),
    ("kun onsdag og fredag", {"weekdays": ["wed", "fri"]}),
    ("loerdag", {"weekdays": ["sat"]}),
    ("hverdage", {"weekdays": WORKDAYS}),
    ("på tirsdag", {"weekdays": ["tue"], "from": "2026-12-01", "to": "2026-12-01"}),
    ("paa fredag kl. 13.30", {"weekdays": ["fri"], "from": "2026-11-27", "to": "2026-11-27", **at("13:30")}),
    ("næste fredag", {"weekdays": ["fri"], "from": "2026-12-04", "to": "2026-12-04"}),
    ("førstkommende mandag", {"weekdays": ["mon"], "from": "2026-11-30", "to": "2026-11-30"}),
    ("mandag i næste uge", {"weekdays": ["mon"], **NEXT_WEEK}),
    # not these
    ("ikke onsdag", {"not_weekdays": ["wed"]}),
    ("book en tid men ikke onsdag der passer jeg mit barnebarn", {"not_weekdays": ["wed"]}),
    ("ikk om onsdagen", {"not_weekdays": ["wed"]}),
    ("jeg kan ikke på tirsdag", {"not_weekdays": ["tue"]}),
    ("jeg kan på tirsdag", {"weekdays": ["tue"], "from": "2026-12-01", "to": "2026-12-01"}),
    ("onsdag kan jeg ikke", {"not_weekdays": ["wed"]}),
    ("fredag passer mig ikke", {"not_weekdays": ["fri"]}),
    ("alle dage undtagen mandag", {"not_weekdays": ["mon"]}),
    ("ikke mandag eller tirsdag", {"not_weekdays": ["mon", "tue"]}),
    ("ikke mandag, tirsdag eller fredag", {"not_weekdays": ["mon", "tue", "fri"]}),
    ("jeg kan ikke tirsdag men gerne torsdag", {"weekdays": ["thu"], "not_weekdays": ["tue"]}),
    ("torsdag, ikke fredag", {"weekdays": ["thu"], "not_weekdays": ["fri"]}),
    ("mandag er jeg på arbejde", {"not_weekdays": ["mon"]}),
    ("bare ikke i morgen", {"from": "2026-11-26"}),
    ("ikke i denne uge", {"from": "2026-11-30"}),
    ("ikke i næste uge", {"from": "2026-12-07"}),
    # near days
    ("i dag", {"from": "2026-11-24", "to": "2026-11-24"}),
    ("i morgen", TOMORROW),
    ("imorgen kl 9", {**TOMORROW, **at("09:00")}),
    ("i morgen formiddag", {**TOMORROW, **BEFORE_NOON}),
    ("i overmorgen", {"from": "2026-11-26", "to": "2026-11-26"}),
    ("om tre dage", {"from": "2026-11-27", "to": "2026-11-27"}),
    ("om et par dage", {"from": "2026-11-26"}),
    # weeks and months
    ("i næste uge", NEXT_WEEK),
    ("naeste uge om formiddagen", {**NEXT_WEEK, **BEFORE_NOON}),
    ("i denne uge", THIS_WEEK),
    ("sidst på ugen i næste uge", {"from": "2026-12-03", "to": "2026-12-06"}),
    ("i starten af næste uge", {"from": "2026-11-30", "to": "2026-12-01"}),
    ("om to uger", {"from": "2026-12-07", "to": "2026-12-13"}),
    ("om en uge", NEXT_WEEK),
    ("uge 50", {"from": "2026-12-07", "to": "2026-12-13"}),
    ("i uge 2", {"from": "2027-01-11", "to": "2027-01-17"}),
    ("i december", {"from": "2026-12-01", "to": "2026-12-31"}),
    ("først i december", {"from": "2026-12-01", "to": "2026-12-10"}),
    ("i januar", {"from": "2027-01-01", "to": "2027-01-31"}),
    ("næste måned", {"from": "2026-12-01", "to": "2026-12-31"}),
    # written dates
    ("den 3. december", DECEMBER_3),
    ("den 3. december om formiddagen", {**DECEMBER_3, **BEFORE_NOON}),
    ("3 dec", DECEMBER_3),
    ("3/12", DECEMBER_3),
    ("d. 3/12 kl 10", {**DECEMBER_3, **at("10:00")}),
    ("den 3.12.2026", DECEMBER_3),
    ("den tredje december", DECEMBER_3),
    ("fredag den 27.", {"weekdays": ["fri"], "from": "2026-11-27", "to": "2026-11-27"}),
    ("den 2.", {"from": "2026-12-02", "to": "2026-12-02"}),
    ("24. november", {"from": "2026-11-24", "to": "2026-11-24"}),
    ("efter den 3. december", {"from": "2026-12-04"}),
    ("inden den 10. december", {"to": "2026-12-09"}),
    ("fra den 1. december", {"from": "2026-12-01"}),
    ("senest den 10. december", {"to": "2026-12-10"}),
    ("mellem den 1. og den 4. december", {"from": "2026-12-01", "to": "2026-12-04"}),
    # time of day
    ("kl 10", at("10:00")),
    ("klokken ti", at("10:00")),
    ("10.30", at("10:30")),
    ("kl. 10:30", at("10:30")),
    ("halv elleve", at("10:30")),
    ("kvart over ti", at("10:15")),
    ("kvart i ti", at("09:45")),
    ("kl 2", at("14:00")),
    ("om formiddagen", BEFORE_NOON),
    ("helst eftermiddag", AFTER_NOON),
    ("om morgenen", {"time_to": "09:59"}),
    ("efter frokost", AFTER_NOON),
    ("efter kl 13", {"time_from": "13:00"}),
    ("ikke før 10", {"time_from": "10:00"}),
    ("ikke før kl ti", {"time_from": "10:00"}),
    ("før 12", {"time_to": "12:00"}),
    ("mellem 10 og 12", {"time_from": "10:00", "time_to": "11:59"}),
    ("fra 9 til 11", {"time_from": "09:00", "time_to": "10:59"}),
    ("10-12", {"time_from": "10:00", "time_to": "11:59"}),
    ("ved 10-tiden", {"time_from": "09:30", "time_to": "10:30"}),
    ("omkring kl 11", {"time_from": "10:30", "time_to": "11:30"}),
    ("ikke om morgenen", {"time_from": "10:00"}),
    ("jeg kan ikke om formiddagen", AFTER_NOON),
    ("tirsdag efter kl. 10", {"weekdays": ["tue"], "time_from": "10:00"}),
    ("ikke onsdag og helst om eftermiddagen", {"not_weekdays": ["wed"], **AFTER_NOON}),
    # as soon as possible, later
    ("så tidligt som muligt", {"earliest": True}),
    ("hurtigst muligt", {"earliest": True}),
    ("den første ledige tid", {"earliest": True}),
    ("snarest", {"earliest": True}),
    ("senere", {"later": True}),
    ("har du noget senere?", {"later": True}),
]

NOTHING_ABOUT_TIME = [
    "ja tak",
    "jeg hedder Fatima",
    "mit nummer er 22 33 44 55",
    "+45 12 34 56 78",
    "den anden",
    "nr 2",
    "jeg er 45 år",
    "min søn viser mig rejseplanen nogen gange",
    "jeg har arbejdet i køkken i 12 år",
    "det har jeg gjort 3 gange",
    "hvad gemmer i om mig",
    "👍👍",
    "",
]


@pytest.mark.parametrize(("phrase", "wish"), PHRASES, ids=[phrase for phrase, _ in PHRASES])
def test_a_phrase_means_what_a_dane_means_by_it(phrase: str, wish: dict[str, Any]) -> None:
    assert understand_time(phrase, NOW).as_filters() == wish


@pytest.mark.parametrize("phrase", NOTHING_ABOUT_TIME)
def test_what_says_nothing_about_time_is_no_wish(phrase: str) -> None:
    assert not understand_time(phrase, NOW)


@given(st.text(max_size=1000))
def test_any_text_is_read_without_failing(text: str) -> None:
    understand_time(text, NOW)


@given(st.dates(date(2026, 1, 1), date(2035, 12, 31)), st.integers(0, 180))
def test_a_written_coming_date_is_that_date(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    wish = understand_time(f"den {day.day}/{day.month}", datetime.combine(today, NOW.time()))
    assert wish.days.first == wish.days.last == day


@given(st.dates(date(2026, 1, 1), date(2035, 12, 31)), st.sampled_from([phrase for phrase, _ in PHRASES]))
def test_no_phrase_ever_asks_for_a_day_that_is_over(today: date, phrase: str) -> None:
    first = understand_time(phrase, datetime.combine(today, NOW.time())).days.first
    assert first is None or first >= today
