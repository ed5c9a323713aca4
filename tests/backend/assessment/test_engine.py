"""The fixed form: what it asks, when it stops, and that it depends on nothing but the history."""

import pytest

from backend.assessment.engine import MAX_ASKED, FixedForm, History, Response
from backend.assessment.item_bank import load_item_bank

BANK = load_item_bank()
ENGINE = FixedForm(BANK)


def run(values: list[int | None]) -> History:
    """The history of somebody who gives these answers until the form ends."""
    history: History = ()
    for value in values:
        item_id = ENGINE.next_item(history)
        if item_id is None:
            break
        history += (Response(item_id, value),)
    return history


def areas(history: History) -> list[int]:
    return [BANK.item(response.item_id).area for response in history]


def test_ten_answers_cover_every_area_twice() -> None:
    history = run([2] * MAX_ASKED)
    assert len(history) == 10
    assert sorted(areas(history)) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_the_form_starts_easy_and_gets_harder() -> None:
    ranks = [BANK.item(response.item_id).difficulty_rank for response in run([2] * MAX_ASKED)]
    assert ranks[0] == 0
    assert ranks == sorted(ranks)


def test_an_area_never_comes_twice_in_a_row_without_skips() -> None:
    asked = areas(run([1] * MAX_ASKED))
    assert all(before != after for before, after in zip(asked, asked[1:], strict=False))


@pytest.mark.parametrize("value", [-1, 4])
def test_an_answer_outside_the_scale_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="answer scale"):
        Response("1.1-a", value)
