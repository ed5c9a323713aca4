"""The proposal: where the cut lies, when it is close, and that every reason given is true."""

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.assessment.ability import Measure
from backend.assessment.explanation import counterfactual
from backend.assessment.influence import Turn, WeighedAnswer, turn, weighed_answers
from backend.assessment.item_bank import load_item_bank
from backend.assessment.outcome import Outcome
from backend.assessment.parameters import load_parameters
from backend.assessment.placement import propose
from backend.assessment.responses import History, Response
from backend.assessment.rule import ProposalRule
from tests.backend.readability import lix

BANK = load_item_bank()
RULE = ProposalRule()
MEASURE = Measure(BANK, load_parameters(), RULE.cut_percent / 100)
# Two items an area, as an assessment would ask them.
IDS = [
    *("2.2-a", "5.1-a", "1.1-a", "3.1-a", "4.2-b", "2.3-b", "5.4-c", "1.2-a", "3.1-c", "4.1-b"),
    *("1.3-b", "3.4-b", "2.4-c", "5.2-b", "4.1-c"),
]
LABELS = {"kan ikke": 0, "med hjælp": 1, "på egen hånd": 2, "sikkert": 3}
NUMBERS = {"tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8, "ni": 9, "ti": 10}
VALUES = st.lists(st.integers(0, 3), min_size=7, max_size=12)


def history_of(values: list[int | None]) -> History:
    return tuple(map(Response, IDS, values))


def outcome_of(*values: int | None) -> Outcome:
    return propose(history_of(list(values)), MEASURE, RULE)


def track_with(values: list[int]) -> str:
    return MEASURE.track_at(MEASURE.ability(MEASURE.weights(history_of(list(values)))).mean)


@pytest.mark.parametrize(
    ("values", "track", "borderline"),
    [
        ([0] * 7, "foundation", False),
        ([1] * 7, "foundation", False),
        ([1, 1, 2, 1, 1, 2, 1], "foundation", False),
        ([1, 2, 1, 2, 1, 2, 1], "foundation", True),
        ([2, 1, 2, 2, 2, 2, 2], "employer_pilot", True),
        ([2, 2, 2, 3, 2, 2, 3], "employer_pilot", False),
        ([3] * 7, "employer_pilot", False),
    ],
)
def test_the_track_and_whether_it_is_close(values: list[int], track: str, borderline: bool) -> None:
    outcome = outcome_of(*values)
    assert (outcome.track, outcome.borderline) == (track, borderline)


@given(VALUES)
def test_a_proposal_is_borderline_exactly_when_it_is_less_certain_than_the_rule_says(
    values: list[int],
) -> None:
    outcome = outcome_of(*values)
    assert outcome.certainty is not None
    # What is shown is rounded; on the limit itself it may have been either.
    if outcome.certainty != RULE.borderline_below:
        assert outcome.borderline == (outcome.certainty < RULE.borderline_below)
    assert outcome.borderline == ("tæt på grænsen" in " ".join(outcome.reasons))


@given(VALUES)
def test_the_percent_lies_on_the_side_of_the_proposed_track(values: list[int]) -> None:
    outcome = outcome_of(*values)
    assert outcome.overall_percent is not None
    assert (outcome.overall_percent >= RULE.cut_percent) == (outcome.track == "employer_pilot")


def test_seven_answers_are_enough_and_six_are_too_few() -> None:
    assert outcome_of(*[2] * 7).track == "employer_pilot"
    few = outcome_of(*[2] * 6)
    assert few.track is None
    assert (few.overall_percent, few.band, few.counterfactual, few.strongest, few.hardest) == (None,) * 5
    assert (few.ability, few.certainty, few.flags) == (None, None, ())
    assert not few.borderline
    assert (
        few.reasons[0]
        == "Du har svaret på seks spørgsmål. Det er for få svar til, at jeg kan foreslå et spor."
    )


def test_skipped_answers_are_missing_and_not_zero() -> None:
    assert outcome_of(*[2] * 7, None, None, None) == outcome_of(*[2] * 7)


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


@pytest.mark.parametrize(
    ("values", "second_sentence"),
    [
        ([0] * 10, "Sporet begynder helt fra starten. Du behøver ikke at kunne noget på forhånd."),
        ([*[0] * 6, 1], "Med hjælp klarer du allerede nye systemer på job."),
        ([3] * 10, "Der var ikke noget, du havde brug for hjælp til."),
    ],
)
def test_the_second_sentence_finds_something_to_build_on(values: list[int], second_sentence: str) -> None:
    assert outcome_of(*values).reasons[1] == second_sentence


@given(VALUES)
def test_the_answers_that_counted_most_are_those_without_which_the_estimate_moves_most(
    values: list[int],
) -> None:
    history = history_of(list(values))
    estimate = MEASURE.ability(MEASURE.weights(history)).mean
    for place, answer in enumerate(weighed_answers(history, MEASURE)):
        without = history[:place] + history[place + 1 :]
        moved = estimate - MEASURE.ability(MEASURE.weights(without)).mean
        assert answer.influence == pytest.approx(moved, abs=1e-9)


@given(VALUES)
def test_the_counterfactual_turns_the_proposal_and_nothing_smaller_does(values: list[int]) -> None:
    track = track_with(values)
    found = turn(weighed_answers(history_of(list(values)), MEASURE), MEASURE)
    assert found is not None

    def turns(places: tuple[int, ...]) -> bool:
        after = [found.value if place in places else value for place, value in enumerate(values)]
        return track_with(after) != track

    places = tuple(IDS.index(answer.item.id) for answer in found.answers)
    assert turns(places)
    movable = [
        p for p, v in enumerate(values) if (v < found.value if track == "foundation" else v > found.value)
    ]
    assert set(places) <= set(movable)
    assert not any(turns(fewer) for fewer in combinations(movable, len(places) - 1))


@given(VALUES)
def test_the_counterfactual_sentence_says_what_was_computed(values: list[int]) -> None:
    history = history_of(list(values))
    sentence = outcome_of(*values).counterfactual
    found = turn(weighed_answers(history, MEASURE), MEASURE)
    assert sentence is not None
    assert found is not None
    other = "Spor 2" if track_with(values) == "foundation" else "Spor 1"
    assert sentence.endswith(f"havde jeg foreslået {other}.")
    if counted := re.match(r'Først hvis (\w+) af dine svar i stedet var "(.*)"', sentence):
        assert NUMBERS[counted[1]] == len(found.answers)
        assert LABELS[counted[2]] == found.value
    else:
        assert all(answer.item.short in sentence for answer in found.answers)


def test_towards_the_pilot_a_sure_answer_is_thought_of_when_on_my_own_would_not_do() -> None:
    easy = [item.id for item in BANK.items if item.level == "basic"][:8]
    history = tuple(Response(item_id, 0) for item_id in easy)
    found = turn(weighed_answers(history, MEASURE), MEASURE)
    assert isinstance(found, Turn)
    assert found.value == 3
    assert counterfactual(weighed_answers(history, MEASURE), MEASURE) is not None


def test_where_no_change_would_do_nothing_is_claimed() -> None:
    out_of_reach = Measure(BANK, load_parameters(), 0.9)
    answers = weighed_answers((Response("4.4-a", 0),), out_of_reach)
    assert turn(answers, out_of_reach) is None
    assert counterfactual(answers, out_of_reach) is None


@given(VALUES)
def test_every_thing_named_was_answered_as_the_sentence_says(values: list[int]) -> None:
    first, *_ = outcome_of(*values).reasons
    short_names = {item.short: item.id for item in BANK.items}
    said, things = first.split(" til ", maxsplit=1)
    named = [short_names[name] for name in re.split(r", | og ", things.removesuffix("."))]
    given = dict(zip(IDS, values, strict=False))
    assert {given[item_id] for item_id in named} == {LABELS[label] for label in re.findall('"(.*?)"', said)}


@given(VALUES)
def test_what_is_said_to_be_needed_or_mastered_was_answered_so(values: list[int]) -> None:
    second = outcome_of(*values).reasons[1]
    given = {BANK.item(item_id).short: value for item_id, value in zip(IDS, values, strict=False)}
    meant = {
        "Du klarer selv ": {2, 3},
        "Med hjælp klarer du allerede ": {1},
        "Du kan stadig lære mere om ": {0, 1},
    }
    for beginning, possible in meant.items():
        if second.startswith(beginning):
            named = re.split(r", | og ", second.removeprefix(beginning).removesuffix("."))
            assert {given[name] for name in named} <= possible
            return
    assert set(values) <= ({2, 3} if second.startswith("Der var ikke noget") else {0, 1})


@given(VALUES)
def test_explanations_are_two_or_three_plain_sentences_and_one_counterfactual(values: list[int]) -> None:
    outcome = outcome_of(*values)
    assert 2 <= len(outcome.reasons) <= 3
    assert outcome.counterfactual is not None
    everything = [*outcome.reasons, outcome.counterfactual]
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in everything)


@pytest.mark.parametrize("total", range(0, 31, 3))
def test_explanations_read_easily(total: int) -> None:
    values = [total // 10 + (index < total % 10) for index in range(10)]
    outcome = outcome_of(*values)
    assert lix(" ".join([*outcome.reasons, outcome.counterfactual or ""])) < 35


def test_strongest_and_hardest_are_areas_clearly_apart() -> None:
    outcome = outcome_of(1, 0, 3, 1, 1, 1, 0, 3, 1, 1, 3)
    assert outcome.strongest == BANK.areas[1].phrase
    assert outcome.hardest == BANK.areas[5].phrase


@pytest.mark.parametrize("value", range(4))
def test_areas_answered_alike_have_no_extremes(value: int) -> None:
    outcome = outcome_of(*[value] * 10)
    assert (outcome.strongest, outcome.hardest) == (None, None)


def test_an_answer_knows_its_item() -> None:
    (answer,) = weighed_answers((Response("1.1-a", 3),), MEASURE)
    assert isinstance(answer, WeighedAnswer)
    assert (answer.item, answer.value) == (BANK.item("1.1-a"), 3)
    assert answer.influence > 0
