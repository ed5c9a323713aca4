"""What a whole page tells, taken together."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import combinations, permutations, product

import numpy as np
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backend.figures.disclosure import Hidden, nested, tells_nobody
from backend.figures.handovers import CAUSES, ENDS, LONG, Asked, handover_tables
from backend.figures.period import period
from backend.figures.repository import Journey
from backend.figures.service import BOOKINGS, RATINGS, TRACKS, tell

MANY = 1000
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
PERIOD = period(NOW)
nobody_rated = Journey(
    channel="web",
    week=0,
    wrote=0,
    began=0,
    answers=0,
    finished=0,
    working=0,
    status=None,
    track=None,
    borderline=None,
    booking=None,
    attended=None,
    rating=None,
    count=1,
)


def stages():
    """Every way through the questions that the page tells apart."""
    yield nobody_rated
    wrote = replace(nobody_rated, wrote=1)
    yield wrote
    for answers, working in product((0, 1, 3, 5, 7), (0, 1)):
        yield replace(wrote, began=1, answers=answers, working=working)
    done = replace(wrote, began=1, answers=7, finished=1, status="proposed", borderline=False)
    yield done
    for track, status, borderline in product(TRACKS, ("proposed", "confirmed", "changed"), (False, True)):
        yield replace(done, track=track, status=status, borderline=borderline)


MEETINGS = [
    *((booking, None) for booking in (None, *BOOKINGS)),
    *product(("booked", "moved"), (True, False)),
]
WAYS = [
    replace(stage, week=week, booking=booking, attended=attended, rating=rating)
    for stage, week, (booking, attended), rating in product(
        stages(), (0, 1), MEETINGS, (None, *map(int, RATINGS))
    )
]


def counts(ways):
    """What the page tells of chats, by table and heading."""
    return {
        (table.name, row.code): row.cells["web"]
        for table in tell(ways, {}, [], PERIOD).tables
        for row in table.rows
        if table.name != "understanding"
    }


@cache
def relations():
    """Which counts of the page make up a group when they are added and taken away, whoever comes."""
    holds = {}
    # A way that is gone often is told wherever it counts: that shows which ways are in which count.
    for bit, way in enumerate(WAYS):
        for place, cell in counts([replace(way, count=MANY)]).items():
            holds[place] = holds.get(place, 0) | (cell == MANY) << bit
    found = []
    for one, other in permutations(holds, 2):
        if is_part(holds[other], holds[one]):
            found.append(((one,), (other,)))
    for one, other in combinations(holds, 2):
        if holds[one] & holds[other]:
            continue
        both = holds[one] | holds[other]
        for third in holds:
            if is_part(both, holds[third]):
                found.append(((third,), (one, other)))
            if is_part(holds[third], both):
                found.append(((one, other), (third,)))
    return found


def is_part(smaller, larger):
    return smaller & ~larger == 0


@cache
def relations_by_place():
    """The same, to be looked at all at once: two counts to add and two to take away, by number."""
    places = sorted({place for relation in relations() for side in relation for place in side})
    numbers = {place: number for number, place in enumerate(places)}
    # Where there is only one to add or take away, a count of nothing stands beside it.
    nothing = len(places)
    sides = [
        [*(numbers[place] for place in side), nothing][:2] for relation in relations() for side in relation
    ]
    return places, np.array(sides).reshape(-1, 4).T


@given(st.lists(st.builds(replace, st.sampled_from(WAYS), count=st.integers(1, 30)), max_size=12))
@hypothesis_settings(max_examples=300, deadline=None)
def test_no_group_that_is_too_small_follows_from_any_three_counts_of_a_page(ways):
    told = {place: cell for place, cell in counts(ways).items() if not isinstance(cell, Hidden)}
    places, (added, more_added, taken, more_taken) = relations_by_place()
    sizes = np.array([*(told.get(place, np.nan) for place in places), 0])
    groups = sizes[added] + sizes[more_added] - sizes[taken] - sizes[more_taken]
    # What is not told makes no number of what it is added to.
    for size in np.unique(groups[~np.isnan(groups)]):
        assert tells_nobody(size), relations()[int(np.argmax(groups == size))]


def test_counts_that_belong_together_are_known_to_the_test():
    assert ((("steps", "opened"),), (("steps", "finished"),)) in relations()
    assert (
        (("steps", "proposal"),),
        (("placements", "foundation"), ("placements", "employer_pilot")),
    ) in relations()


def test_the_mean_adds_up_all_channels():
    rated = [
        replace(nobody_rated, channel=channel, rating=rating, count=10)
        for channel, rating in (("web", 5), ("sms", 4))
    ]
    assert tell(rated, {}, [], PERIOD).mean_ratings == {"web": 5, "sms": 4, "together": 4.5}


def test_turns_of_few_citizens_are_not_told():
    few = [replace(nobody_rated, count=3)]
    table = next(t for t in tell(few, {"web": (40, 10)}, [], PERIOD).tables if t.name == "understanding")
    assert {row.cells["web"] for row in table.rows} == {Hidden.PROTECTING}


def asked_for_person():
    return st.builds(
        lambda minutes, taken, outcome, cause: Asked(
            "web", NOW - timedelta(minutes=minutes), NOW if taken else None, outcome, cause
        ),
        st.integers(0, 60 * 24 * 90),
        st.booleans(),
        st.sampled_from([None, *ENDS]),
        st.sampled_from([None, *CAUSES]),
    )


@given(st.integers(0, 40), st.lists(asked_for_person(), max_size=40))
@hypothesis_settings(max_examples=100, deadline=None)
def test_no_small_group_of_those_who_asked_for_a_person_follows(others, asked):
    (wrote,) = nested([len(asked) + others])
    tables = handover_tables(wrote, asked, PERIOD)
    ends = dict(zip(ENDS, tables["handovers"].cells, strict=True))
    for table in tables.values():
        for whole, cell in zip(table.wholes, table.cells, strict=True):
            assert isinstance(cell, Hidden) or tells_nobody(cell)
            assert isinstance(cell, Hidden) or not isinstance(whole, Hidden)
        hidden = [cell for cell in table.cells if isinstance(cell, Hidden)]
        assert len(hidden) != 1
    whole = tables["handovers"].wholes[0]
    assert isinstance(whole, Hidden) or tells_nobody(others)
    assert isinstance(ends["answered"], Hidden) or ends["answered"] == sum(
        one.taken_at is not None for one in asked
    )


def test_those_who_waited_longer_than_ten_minutes_are_told_apart():
    waits = [timedelta(minutes=1)] * 6 + [LONG] * 3 + [LONG + timedelta(seconds=1)] * 7
    asked = [Asked("web", NOW, NOW + waited, "answered", None) for waited in waits]
    ways = [replace(nobody_rated, wrote=1, count=16)]
    told = tell(ways, {}, asked, PERIOD)
    figure = next(table for table in told.tables if table.name == "handover_waits")
    assert {row.code: row.cells["web"] for row in figure.rows} == {"soon": 9, "long": 7}
    assert told.median_waits == {"web": 10, "sms": None, "together": 10}
    assert Counter(row.cells["sms"] for row in figure.rows) == {0: 2}


def test_a_median_of_few_is_not_told():
    asked = [Asked("web", NOW, NOW + LONG, "answered", None)] * 4
    told = tell([replace(nobody_rated, wrote=1, count=20)], {}, asked, PERIOD)
    assert told.median_waits["web"] is None
