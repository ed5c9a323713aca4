"""The adaptive form: what it asks, when it stops, and that it depends on history and seed alone."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.assessment.engine import AdaptiveEngine, Engine
from backend.assessment.item_bank import load_item_bank
from backend.assessment.outcome import Outcome
from backend.assessment.responses import History, Response, answered
from backend.assessment.rule import ProposalRule
from backend.assessment.stopping import ENOUGH_ANSWERS, MAX_ASKED

BANK = load_item_bank()
RULE = ProposalRule()
ENGINE: Engine = AdaptiveEngine(BANK, RULE)

SEEDS = st.text(max_size=8)
# What somebody answers to each question in turn; None is skipped or "ved ikke".
ANSWERS = st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=MAX_ASKED, max_size=MAX_ASKED)
REAL_ANSWERS = st.lists(st.integers(0, 3), min_size=MAX_ASKED, max_size=MAX_ASKED)
# The same with a change of mind now and then.
MOVES = st.lists(st.one_of(st.none(), st.integers(0, 3), st.just("undo")), max_size=60)


def run(answers: list[int | None], seed: str = "one") -> History:
    """The history of somebody who gives these answers until the questions end."""
    history: History = ()
    for value in answers:
        item_id = ENGINE.next_item(history, seed)
        if item_id is None:
            break
        history += (Response(item_id, value),)
    return history


def prefixes(history: History) -> list[History]:
    return [history[:length] for length in range(len(history) + 1)]


def areas(history: History) -> list[int]:
    return [BANK.item(response.item_id).area for response in history]


@given(SEEDS)
def test_the_first_question_is_an_easy_one(seed: str) -> None:
    first = ENGINE.next_item((), seed)
    assert first is not None
    assert BANK.item(first).level == "basic"


@given(ANSWERS, SEEDS)
def test_every_area_is_asked_about_in_the_first_five(answers: list[int | None], seed: str) -> None:
    assert set(areas(run(answers, seed)[:5])) == {1, 2, 3, 4, 5}


@given(REAL_ANSWERS, SEEDS)
def test_an_area_never_comes_twice_in_a_row_when_all_are_answered(answers: list[int], seed: str) -> None:
    assert all(before != after for before, after in pairwise(areas(run(list(answers), seed))))


def test_an_area_whose_question_was_skipped_is_asked_about_again_among_the_first_seven() -> None:
    history = run([None, 2, 2, 2, 2, 2, 2])
    skipped = areas(history)[0]
    assert skipped in areas(history)[5:7]


@given(ANSWERS, SEEDS)
def test_nothing_is_asked_twice_and_never_more_than_fifteen(answers: list[int | None], seed: str) -> None:
    history = run(answers, seed)
    asked = [response.item_id for response in history]
    assert len(set(asked)) == len(asked) <= MAX_ASKED
    assert ENGINE.next_item(history, seed) is None


@given(REAL_ANSWERS, SEEDS)
def test_it_never_ends_before_seven_answers(answers: list[int], seed: str) -> None:
    assert len(run(list(answers), seed)) >= ENOUGH_ANSWERS


@pytest.mark.parametrize("value", [0, 3])
def test_a_clear_case_ends_after_seven(value: int) -> None:
    assert len(run([value] * MAX_ASKED)) == ENOUGH_ANSWERS


def test_a_close_case_is_asked_more() -> None:
    assert len(run([1, 2] * MAX_ASKED)) > ENOUGH_ANSWERS + 3


def test_once_certain_the_questions_suit_the_citizen() -> None:
    """Somebody who can everything gets harder questions than somebody who can nothing."""

    def hardness(value: int) -> float:
        ranks = [
            BANK.item(response.item_id).difficulty_rank
            for seed in range(40)
            for response in run([value] * MAX_ASKED, str(seed))[5:]
        ]
        return sum(ranks) / len(ranks)

    assert hardness(3) > hardness(0) + 0.5


def test_no_item_is_worn_out_and_nearly_all_are_used() -> None:
    asked = Counter(
        response.item_id
        for seed in range(100)
        for value in range(4)
        for response in run([value] * MAX_ASKED, f"{seed}")
    )
    assert max(asked.values()) < 0.6 * 400
    assert len(asked) > 0.9 * len(BANK.items)


@given(ANSWERS, SEEDS)
def test_the_bound_shown_never_rises_and_always_holds(answers: list[int | None], seed: str) -> None:
    history = run(answers, seed)
    bounds = [ENGINE.at_most_left(prefix) for prefix in prefixes(history)]
    assert all(before >= after for before, after in pairwise(bounds))
    assert all(
        bound >= len(history) - len(prefix) - 1
        for bound, prefix in zip(bounds, prefixes(history), strict=True)
    )
    assert bounds[0] == MAX_ASKED - 1
    assert bounds[-1] == 0


@given(ANSWERS, SEEDS)
def test_the_same_history_gives_the_same_next_item_and_outcome(answers: list[int | None], seed: str) -> None:
    again = AdaptiveEngine(load_item_bank(), ProposalRule())
    for prefix in prefixes(run(answers, seed)):
        assert again.next_item(prefix, seed) == ENGINE.next_item(prefix, seed)
        assert again.at_most_left(prefix) == ENGINE.at_most_left(prefix)
        assert again.outcome(prefix) == ENGINE.outcome(prefix)


@given(MOVES, SEEDS)
def test_undo_and_redo_give_exactly_the_same_state(moves: list[int | str | None], seed: str) -> None:
    def state_of(history: History) -> tuple[str | None, int, Outcome]:
        return ENGINE.next_item(history, seed), ENGINE.at_most_left(history), ENGINE.outcome(history)

    history: History = ()
    states: list[tuple[str | None, int, Outcome]] = []
    for move in moves:
        if move == "undo":
            if not history:
                continue
            undone, before_undo = history[-1], state_of(history)
            history = history[:-1]
            assert state_of(history) == states.pop()
            assert state_of((*history, undone)) == before_undo
        elif (item_id := ENGINE.next_item(history, seed)) is not None:
            assert not isinstance(move, str)
            states.append(state_of(history))
            history += (Response(item_id, move),)


@given(ANSWERS, SEEDS)
def test_every_sequence_ends_in_a_proposal_or_says_that_answers_are_too_few(
    answers: list[int | None], seed: str
) -> None:
    history = run(answers, seed)
    outcome = ENGINE.outcome(history)
    if answered(history) >= ENOUGH_ANSWERS:
        assert outcome.enough_answers
        assert outcome.overall_percent is not None
    else:
        assert not outcome.enough_answers
        assert outcome.overall_percent is None
        assert "for få svar" in outcome.reasons[0]


def test_it_ends_once_enough_answers_are_out_of_reach() -> None:
    assert len(run([None] * MAX_ASKED)) == 9, "with nine skipped, six answers are the most that could follow"


@given(REAL_ANSWERS, st.data())
def test_more_able_answers_to_the_same_questions_never_give_less(
    answers: list[int], data: st.DataObject
) -> None:
    history = run(list(answers))
    better = tuple(
        Response(r.item_id, data.draw(st.integers(0 if r.value is None else r.value, 3))) for r in history
    )
    less, more = ENGINE.outcome(history), ENGINE.outcome(better)
    assert less.overall_percent is not None
    assert more.overall_percent is not None
    assert less.overall_percent <= more.overall_percent
    assert not (less.track == "employer_pilot" and more.track == "foundation")
    for before, after in zip(less.areas, more.areas, strict=True):
        assert before.percent is not None
        assert after.percent is not None
        assert before.percent <= after.percent


def test_a_stricter_certainty_asks_no_fewer_questions() -> None:
    strict = AdaptiveEngine(BANK, ProposalRule(required_certainty=0.999))
    history: History = ()
    while (item_id := strict.next_item(history, "one")) is not None:
        history += (Response(item_id, 2),)
    assert len(history) > len(run([2] * MAX_ASKED))


def test_a_result_can_name_the_rule_and_the_bank_that_made_it() -> None:
    assert ENGINE.version == "adaptive-1/48/0.95/0.82"
    assert ENGINE.bank_version == f"{BANK.version}/prior"


def test_a_history_with_an_unknown_item_is_refused() -> None:
    with pytest.raises(KeyError):
        ENGINE.next_item((Response("9.9-z", None),), "one")


@pytest.mark.parametrize("value", [-1, 4])
def test_an_answer_outside_the_scale_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="answer scale"):
        Response("1.1-a", value)
