"""The rules of who owns a conversation, for every order in which things can happen."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.handover.ownership import RESERVED, HandoverState, Outcome, Owner, Ownership, Reason
from backend.handover.problems import NotOwned, NotWaiting, OwnedByAnother
from backend.handover.queue import PastWait, WaitRange, is_worth_telling, left_to_wait, urgency, whole_wait
from backend.handover.texts import UNKNOWN_WAIT, wait_label
from backend.problems import Conflict

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
WHO = st.sampled_from(["anna", "bo"])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            "asked_again left reserved taken released transferred handed_back ended browser_lost".split()
        ),
        WHO,
        WHO,
        st.integers(0, 20),
    ),
    max_size=25,
)


def asked(reason: Reason = Reason.ASKED, minutes: float = 0) -> Ownership:
    return Ownership.asked(reason, NOW + timedelta(minutes=minutes))


def taken(by: str = "anna") -> Ownership:
    return asked().reserved(by, NOW).taken(by, NOW)


def step(ownership: Ownership, name: str, who: str, other: str, now: datetime) -> Ownership:
    arguments = {
        "asked_again": (Reason.CRISIS,),
        "left": (Outcome.LEFT, now),
        "released": (now,),
        "browser_lost": (now,),
        "transferred": (who, other),
    }
    after: Ownership = getattr(ownership, name)(*arguments.get(name, (who, now)))
    return after


@given(st.sampled_from(Reason), STEPS)
def test_nothing_that_happens_gives_a_conversation_two_owners_or_lets_the_bot_talk_over_one(
    reason: Reason, steps: list[tuple[str, str, str, int]]
) -> None:
    ownership, now = Ownership.asked(reason, NOW), NOW
    for name, who, other, seconds in steps:
        now += timedelta(seconds=seconds)
        before = ownership
        try:
            ownership = step(before, name, who, other, now)
        except Conflict:
            continue
        assert (ownership.owner is not None) == (ownership.state is HandoverState.TAKEN)
        assert (ownership.outcome is not None) == (ownership.state is HandoverState.CLOSED)
        if ownership.owner is not None:
            assert ownership.owned_by is Owner.CASEWORKER
            assert not ownership.bot_may_speak(now)
        if ownership.owner not in (None, before.owner):
            # Only who was silenced for, or who was given it by its owner, has it now.
            assert not before.bot_may_speak(now)
            assert before.reserved_by == ownership.owner or name == "transferred"
        if before.state is HandoverState.CLOSED:
            assert ownership.state is HandoverState.CLOSED


def test_only_one_of_two_can_take_a_conversation() -> None:
    reserved = asked().reserved("anna", NOW)
    with pytest.raises(OwnedByAnother):
        reserved.reserved("bo", NOW)
    with pytest.raises(OwnedByAnother):
        reserved.taken("bo", NOW)
    assert reserved.taken("anna", NOW).owner == "anna"
    with pytest.raises(OwnedByAnother):
        taken("anna").reserved("bo", NOW)


def test_a_reservation_lapses_and_is_then_anothers_to_make() -> None:
    later = NOW + RESERVED
    reserved = asked().reserved("anna", NOW)
    assert reserved.bot_may_speak(later)
    with pytest.raises(OwnedByAnother):
        reserved.taken("anna", later)
    assert reserved.reserved("bo", later).taken("bo", later).owner == "bo"


def test_who_did_not_ask_for_a_person_does_not_wait_when_one_could_not_step_in() -> None:
    steps_in = asked(Reason.STEPPED_IN).reserved("anna", NOW)
    assert steps_in.released(NOW).outcome is Outcome.NOT_TAKEN
    assert steps_in.asked_again(Reason.ASKED).released(NOW).state is HandoverState.WAITING


def test_a_citizen_cannot_leave_a_person_who_is_there() -> None:
    for ownership in (asked().reserved("anna", NOW), taken()):
        with pytest.raises(NotWaiting):
            ownership.left(Outcome.LEFT, NOW)


def test_only_the_owner_can_give_on_hand_back_or_end() -> None:
    for name in ("transferred", "handed_back", "ended"):
        with pytest.raises(NotOwned):
            step(taken("anna"), name, "bo", "bo", NOW)


def test_crisis_goes_first_then_who_lost_their_caseworker_then_who_came_first() -> None:
    lost = taken().browser_lost(NOW + timedelta(minutes=9))
    first, second = asked(minutes=1), asked(minutes=2)
    crisis = asked(minutes=5).asked_again(Reason.CRISIS)
    assert sorted([second, lost, first, crisis], key=urgency) == [crisis, lost, first, second]


def waits(*minutes: float, position: int = 1) -> list[PastWait]:
    return [PastWait(timedelta(minutes=one), position) for one in minutes]


def test_too_few_waits_say_nothing() -> None:
    assert whole_wait(waits(1, 2, 3, 4), 1) is None
    assert wait_label(None) == UNKNOWN_WAIT


@given(st.lists(st.floats(0, 600), min_size=5, max_size=40), st.integers(1, 9), st.integers(0, 700))
def test_what_is_said_of_the_wait_is_a_range_that_shrinks_and_then_is_not_known(
    minutes: list[float], position: int, so_far: int
) -> None:
    whole = whole_wait(waits(*minutes), position)
    assert whole is not None
    assert 0 <= whole.at_least <= whole.at_most
    left = left_to_wait(whole, timedelta(minutes=so_far))
    assert (left is None) == (so_far >= whole.at_most)
    if left is not None:
        assert 0 <= left.at_least <= left.at_most <= whole.at_most
        assert left.at_most >= 1


@pytest.mark.parametrize(
    ("wait", "label"),
    [
        (WaitRange(2, 5), "Det plejer at tage mellem 2 og 5 minutter."),
        (WaitRange(0, 1), "Det plejer at tage højst et minut."),
        (WaitRange(0, 4), "Det plejer at tage højst 4 minutter."),
        (WaitRange(3, 3), "Det plejer at tage omkring 3 minutter."),
    ],
)
def test_the_wait_in_words(wait: WaitRange, label: str) -> None:
    assert wait_label(wait) == label


@pytest.mark.parametrize(
    ("told", "position", "worth"), [(2, 1, True), (5, 4, False), (5, 2, True), (2, 5, True), (1, 1, False)]
)
def test_a_place_is_told_again_when_it_differs_much(told: int, position: int, worth: bool) -> None:
    assert is_worth_telling(told, position) is worth
