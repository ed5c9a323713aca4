"""What a whole page tells, taken together."""

from dataclasses import replace
from functools import cache
from itertools import combinations, permutations, product

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backend.figures.disclosure import Hidden, tells_nobody
from backend.figures.repository import Journey
from backend.figures.service import BOOKINGS, RATINGS, TRACKS, tell

MANY = 1000
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
        for table in tell(ways, {}).tables
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


@given(st.lists(st.builds(replace, st.sampled_from(WAYS), count=st.integers(1, 30)), max_size=12))
@hypothesis_settings(max_examples=300, deadline=None)
def test_no_group_that_is_too_small_follows_from_any_three_counts_of_a_page(ways):
    told = {place: cell for place, cell in counts(ways).items() if not isinstance(cell, Hidden)}
    for added, taken in relations():
        if all(place in told for place in (*added, *taken)):
            size = sum(told[place] for place in added) - sum(told[place] for place in taken)
            assert tells_nobody(size), (added, taken)


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
    assert tell(rated, {}).mean_ratings == {"web": 5, "sms": 4, "together": 4.5}


def test_turns_of_few_citizens_are_not_told():
    few = [replace(nobody_rated, count=3)]
    table = next(t for t in tell(few, {"web": (40, 10)}).tables if t.name == "understanding")
    assert {row.cells["web"] for row in table.rows} == {Hidden.PROTECTING}
