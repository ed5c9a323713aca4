"""The proposal: where the cut lies, when it is close, and that every reason given is true."""

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.assessment.item_bank import load_item_bank
from backend.assessment.placement import (
    CUT_PERCENT,
    MARGIN_POINTS,
    Answer,
    Outcome,
    is_borderline,
    propose,
    track_of,
    turning_answers,
)
from backend.assessment.readability import lix
from backend.assessment.responses import Response
from backend.assessment.scoring import share

BANK = load_item_bank()
VALUES = st.lists(st.integers(0, 3), min_size=7, max_size=12)


def outcome_of(*values: int | None) -> Outcome:
    """The outcome of these answers to the items of the form, and to the first others after them."""
    others = [item.id for item in BANK.items if item.id not in BANK.form]
    ids = [*BANK.form, *others][: len(values)]
    return propose(tuple(map(Response, ids, values)), BANK)


def answers_of(values: list[int]) -> list[Answer]:
    return [Answer(item, value) for item, value in zip(BANK.items, values, strict=False)]


def values_with_sum(total: int, count: int) -> list[int]:
    """Answers as even as possible."""
    return [total // count + (index < total % count) for index in range(count)]


@pytest.mark.parametrize(
    ("count", "total", "track", "borderline"),
    [
        (10, 0, "foundation", False),
        (10, 8, "foundation", False),  # 27 percent: Low
        (10, 12, "foundation", False),  # 40 percent
        (10, 13, "foundation", True),  # 43 percent: within the margin
        (10, 14, "foundation", True),  # 47 percent: one step away
        (10, 15, "employer_pilot", True),  # 50 percent: one step away
        (10, 16, "employer_pilot", False),  # 53 percent
        (10, 30, "employer_pilot", False),
        (7, 9, "foundation", False),  # 43 percent, and one step leads to 47.6
        (7, 10, "foundation", True),  # 47.6 percent
        (7, 11, "employer_pilot", True),  # 52.4 percent
        (7, 12, "employer_pilot", False),  # 57 percent
        (25, 36, "employer_pilot", True),  # 48 percent exactly: the pilot begins at its limit
        (25, 35, "foundation", True),
    ],
)
def test_the_cut_and_its_neighbourhood(count: int, total: int, track: str, borderline: bool) -> None:
    values = values_with_sum(total, count)
    assert track_of(values) == track
    assert is_borderline(values) == borderline


@given(VALUES)
def test_borderline_is_one_step_or_the_margin_away(values: list[int]) -> None:
    one_step = any(
        track_of([*values[:at], value + step, *values[at + 1 :]]) != track_of(values)
        for at, value in enumerate(values)
        for step in (-1, 1)
        if 0 <= value + step <= 3
    )
    within = abs(100 * share(values) - CUT_PERCENT) <= MARGIN_POINTS
    assert is_borderline(values) == (one_step or within)


def test_seven_answers_are_enough_and_six_are_too_few() -> None:
    assert outcome_of(*[2] * 7).track == "employer_pilot"
    few = outcome_of(*[2] * 6)
    assert few.track is None
    assert (few.overall_percent, few.band, few.counterfactual, few.strongest, few.hardest) == (None,) * 5
    assert not few.borderline
    assert (
        few.reasons[0]
        == "Du har svaret på seks spørgsmål. Det er for få svar til, at jeg kan foreslå et spor."
    )


def test_skipped_answers_are_missing_and_not_zero() -> None:
    assert outcome_of(*[2] * 7, None, None, None).overall_percent == 66


@pytest.mark.parametrize(
    ("count", "beginning"),
    [
        (0, "Du har ikke svaret på nogen spørgsmål endnu."),
        (1, "Du har svaret på ét spørgsmål."),
        (2, "Du har svaret på to spørgsmål."),
    ],
)
def test_too_few_answers_are_counted_in_words(count: int, beginning: str) -> None:
    assert outcome_of(*[1] * count).reasons[0].startswith(beginning)


def test_the_basics_are_explained_by_the_lowest_answers_and_what_goes_well() -> None:
    outcome = outcome_of(2, 0, 1, 1, 2, 1, 0, 1, 2, 1)
    assert outcome.reasons == (
        'Du svarede "kan ikke" eller "med hjælp" til mails med filer, falske mails og sikre koder.',
        "Du klarer selv nye systemer på job og køreplaner på nettet.",
    )
    assert outcome.counterfactual == (
        "Hvis du for eksempel selv kunne klare mails med filer og falske mails, havde jeg foreslået Spor 2."
    )


def test_the_pilot_is_explained_by_the_highest_answers_and_what_can_be_practised() -> None:
    outcome = outcome_of(3, 2, 2, 2, 1, 3, 1, 2, 1, 0)
    assert outcome.reasons == (
        'Du svarede "på egen hånd" eller "sikkert" til køreplaner på nettet, Digital Post '
        "og tjek af hjemmesider.",
        "Du kan stadig lære mere om regneark og problemer med nettet.",
    )
    assert outcome.counterfactual == (
        "Hvis du for eksempel havde brug for hjælp til køreplaner på nettet og Digital Post, "
        "havde jeg foreslået Spor 1."
    )


def test_a_close_proposal_says_so() -> None:
    outcome = outcome_of(2, 1, 1, 1, 2, 1, 1, 2, 2, 1)
    assert outcome.borderline
    assert outcome.reasons[-1].startswith("Dine svar ligger tæt på grænsen mellem de to spor")


@pytest.mark.parametrize(
    ("values", "second_sentence"),
    [
        ([0] * 10, "Sporet begynder helt fra starten, så du behøver ikke at kunne noget på forhånd."),
        ([1] * 7, "Med hjælp klarer du allerede breve på computer og problemer med nettet."),
        ([0, 0, 0, *[1] * 4], "Med hjælp klarer du allerede breve på computer og problemer med nettet."),
        ([*[0] * 6, 1], "Med hjælp klarer du allerede falske mails."),
        ([3] * 10, "Der var ikke noget, du havde brug for hjælp til."),
    ],
)
def test_the_second_sentence_finds_something_to_build_on(values: list[int], second_sentence: str) -> None:
    assert outcome_of(*values).reasons[1] == second_sentence


def test_a_clear_proposal_says_how_many_answers_would_turn_it() -> None:
    assert outcome_of(*[0] * 10).counterfactual == (
        'Først hvis otte af dine svar i stedet var "på egen hånd", havde jeg foreslået Spor 2.'
    )
    assert outcome_of(*[3] * 10).counterfactual == (
        'Først hvis otte af dine svar i stedet var "med hjælp", havde jeg foreslået Spor 1.'
    )


@given(VALUES)
def test_the_counterfactual_turns_the_proposal_and_nothing_smaller_does(values: list[int]) -> None:
    answers = answers_of(values)
    track = track_of(values)
    wanted = 2 if track == "foundation" else 1
    turned = turning_answers(answers)
    assert turned

    def turns(changed: tuple[Answer, ...]) -> bool:
        return track_of([wanted if answer in changed else answer.value for answer in answers]) != track

    assert turns(turned)
    changeable = [answer for answer in answers if (answer.value < 2) == (track == "foundation")]
    assert set(map(id, turned)) <= set(map(id, changeable))
    assert not any(turns(fewer) for fewer in combinations(changeable, len(turned) - 1))


def test_a_decision_that_nothing_turns_has_no_counterfactual() -> None:
    assert turning_answers(answers_of([0] * 7), decide=lambda values: "foundation") == ()


@given(VALUES)
def test_every_thing_named_was_answered_as_the_sentence_says(values: list[int]) -> None:
    outcome = outcome_of(*values)
    short_names = {item.short: item.id for item in BANK.items}
    first, *_ = outcome.reasons
    said, things = first.split(" til ", maxsplit=1)
    labels = {"kan ikke": 0, "med hjælp": 1, "på egen hånd": 2, "sikkert": 3}
    named = [short_names[name] for name in re.split(r", | og ", things.removesuffix("."))]
    ids = [*BANK.form, *[item.id for item in BANK.items if item.id not in BANK.form]]
    given = dict(zip(ids, values, strict=False))
    assert {given[item_id] for item_id in named} == {labels[label] for label in re.findall('"(.*?)"', said)}


@given(VALUES)
def test_explanations_are_two_or_three_plain_sentences_and_one_counterfactual(values: list[int]) -> None:
    outcome = outcome_of(*values)
    assert 2 <= len(outcome.reasons) <= 3
    assert outcome.counterfactual is not None
    everything = [*outcome.reasons, outcome.counterfactual]
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in everything)


@pytest.mark.parametrize("total", range(0, 31, 3))
def test_explanations_read_easily(total: int) -> None:
    outcome = outcome_of(*values_with_sum(total, 10))
    assert lix(" ".join([*outcome.reasons, outcome.counterfactual or ""])) < 35


def test_strongest_and_hardest_are_the_extremes() -> None:
    outcome = outcome_of(3, 1, 0, 2, 2, 1, 0, 3, 2, 2)
    assert outcome.strongest == BANK.areas[1].phrase
    assert outcome.hardest == BANK.areas[4].phrase


def test_areas_that_do_not_differ_have_no_extremes() -> None:
    outcome = outcome_of(*[2] * 10)
    assert (outcome.strongest, outcome.hardest) == (None, None)
