"""The fixed form: what it asks, when it stops, and that it depends on nothing but the history."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.assessment.engine import MAX_ASKED, Engine, FixedForm, History, Response
from backend.assessment.item_bank import load_item_bank
from backend.assessment.placement import ENOUGH_ANSWERS, Outcome
from backend.assessment.responses import answered

BANK = load_item_bank()
ENGINE: Engine = FixedForm(BANK)

# What somebody answers to each question in turn; None is skipped or "ved ikke".
ANSWERS = st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=MAX_ASKED, max_size=MAX_ASKED)
REAL_ANSWERS = st.lists(st.integers(0, 3), min_size=MAX_ASKED, max_size=MAX_ASKED)
# The same with a change of mind now and then.
MOVES = st.lists(st.one_of(st.none(), st.integers(0, 3), st.just("undo")), max_size=60)


def run(answers: list[int | None]) -> History:
    """The history of somebody who gives these answers until the form ends."""
    history: History = ()
    for value in answers:
        item_id = ENGINE.next_item(history)
        if item_id is None:
            break
        history += (Response(item_id, value),)
    return history


def prefixes(history: History) -> list[History]:
    return [history[:length] for length in range(len(history) + 1)]


def areas(history: History) -> list[int]:
    return [BANK.item(response.item_id).area for response in history]


def test_ten_answers_cover_every_area_twice() -> None:
    history = run([2] * MAX_ASKED)
    assert len(history) == 10
    assert Counter(areas(history)) == dict.fromkeys(range(1, 6), 2)
    assert ENGINE.next_item(history) is None


def test_the_form_starts_easy_and_gets_harder() -> None:
    ranks = [BANK.item(response.item_id).difficulty_rank for response in run([2] * MAX_ASKED)]
    assert ranks[0] == 0
    assert ranks == sorted(ranks)
    assert ranks[-1] > 0


def test_an_area_never_comes_twice_in_a_row_without_skips() -> None:
    asked = areas(run([1] * MAX_ASKED))
    assert all(before != after for before, after in pairwise(asked))


@given(ANSWERS)
def test_an_area_comes_twice_in_a_row_only_when_no_other_is_left(answers: list[int | None]) -> None:
    asked = areas(run(answers))
    repeat = next((index for index, pair in enumerate(pairwise(asked)) if pair[0] == pair[1]), len(asked))
    assert len(set(asked[repeat:])) <= 1


def test_a_skipped_item_is_replaced_by_another_of_its_area() -> None:
    history = run([None, *[2] * MAX_ASKED])
    assert len(history) == 11
    replacement = BANK.item(history[-1].item_id)
    assert replacement.area == BANK.item(history[0].item_id).area
    assert replacement.id not in BANK.form


@given(st.sets(st.integers(0, 14), max_size=5), REAL_ANSWERS)
def test_up_to_five_skips_still_give_two_answers_in_every_area(skips: set[int], answers: list[int]) -> None:
    history = run([None if turn in skips else value for turn, value in enumerate(answers)])
    real = tuple(response for response in history if response.value is not None)
    assert Counter(areas(real)) == dict.fromkeys(range(1, 6), 2)


@given(ANSWERS)
def test_nothing_is_asked_twice_and_never_more_than_fifteen(answers: list[int | None]) -> None:
    asked = [response.item_id for response in run(answers)]
    assert len(set(asked)) == len(asked) <= MAX_ASKED
    assert ENGINE.next_item(run(answers)) is None


@given(ANSWERS)
def test_the_bound_shown_never_rises_and_always_holds(answers: list[int | None]) -> None:
    history = run(answers)
    bounds = [ENGINE.at_most_left(prefix) for prefix in prefixes(history)]
    assert all(before >= after for before, after in pairwise(bounds))
    assert all(
        bound >= len(history) - len(prefix) - 1
        for bound, prefix in zip(bounds, prefixes(history), strict=True)
    )
    assert bounds[-1] == 0


def test_the_bound_begins_at_fourteen_and_falls_by_one_with_each_question() -> None:
    history = run([2] * MAX_ASKED)
    assert [ENGINE.at_most_left(prefix) for prefix in prefixes(history)] == [
        14,
        13,
        12,
        11,
        10,
        9,
        8,
        7,
        6,
        5,
        0,
    ]


@given(ANSWERS)
def test_the_same_history_gives_the_same_next_item_and_outcome(answers: list[int | None]) -> None:
    again = FixedForm(load_item_bank())
    for prefix in prefixes(run(answers)):
        assert again.next_item(prefix) == ENGINE.next_item(prefix)
        assert again.at_most_left(prefix) == ENGINE.at_most_left(prefix)
        assert again.outcome(prefix) == ENGINE.outcome(prefix)


@given(MOVES)
def test_undo_gives_exactly_the_earlier_state(moves: list[int | str | None]) -> None:
    history: History = ()
    states: list[tuple[str | None, int, Outcome]] = []
    for move in moves:
        state = (ENGINE.next_item(history), ENGINE.at_most_left(history), ENGINE.outcome(history))
        if move == "undo":
            if not history:
                continue
            history = history[:-1]
            before = (ENGINE.next_item(history), ENGINE.at_most_left(history), ENGINE.outcome(history))
            assert before == states.pop()
        elif state[0] is not None:
            assert not isinstance(move, str)
            states.append(state)
            history += (Response(state[0], move),)


@given(ANSWERS)
def test_every_sequence_ends_in_a_proposal_or_says_that_answers_are_too_few(
    answers: list[int | None],
) -> None:
    history = run(answers)
    outcome = ENGINE.outcome(history)
    if answered(history) >= ENOUGH_ANSWERS:
        assert outcome.enough_answers
        assert outcome.track is not None
        assert outcome.overall_percent is not None
    else:
        assert not outcome.enough_answers
        assert outcome.overall_percent is None
        assert "for få svar" in outcome.reasons[0]


def test_it_ends_once_enough_answers_are_out_of_reach() -> None:
    history = run([None] * MAX_ASKED)
    assert len(history) == 9, "with nine skipped, six answers are the most that could follow"


@given(REAL_ANSWERS, st.data())
def test_more_able_answers_never_give_less(answers: list[int], data: st.DataObject) -> None:
    better = [data.draw(st.integers(value, 3)) for value in answers]
    less, more = ENGINE.outcome(run(list(answers))), ENGINE.outcome(run(list(better)))
    assert less.overall_percent is not None
    assert more.overall_percent is not None
    assert less.overall_percent <= more.overall_percent
    assert not (less.track == "employer_pilot" and more.track == "foundation")
    for before, after in zip(less.areas, more.areas, strict=True):
        assert before.percent is not None
        assert after.percent is not None
        assert before.percent <= after.percent


def test_a_result_can_name_the_rule_and_the_bank_that_made_it() -> None:
    assert BANK.version in ENGINE.version


def test_a_history_with_an_unknown_item_is_refused() -> None:
    with pytest.raises(KeyError):
        ENGINE.next_item((Response("9.9-z", None),))


@pytest.mark.parametrize("value", [-1, 4])
def test_an_answer_outside_the_scale_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="answer scale"):
        Response("1.1-a", value)
