"""From answers to a proposed track, with reasons that the citizen can check.

A proposal is never a decision: a consultant confirms or changes it. So it names the answers that counted
most, says what would have changed it, and admits when it is close.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from backend.assessment.item_bank import Item, ItemBank
from backend.assessment.responses import ADVANCED, CANNOT, INDEPENDENT, WITH_HELP, History
from backend.assessment.scoring import (
    AreaScore,
    Band,
    area_scores,
    band_of,
    percent_of,
    share,
    values_by_area,
)
from backend.danish import enumerate_words

Track = Literal["foundation", "employer_pilot"]

# A proposal from fewer real answers would say more about chance than about the citizen.
ENOUGH_ANSWERS = 7
# DigCompSAT's limit between Foundation and Intermediate: Low and Foundation begin with the basics.
CUT_PERCENT = 48
# This close to the cut, in percentage points, the proposal calls itself borderline. A judgement, not a
# measured standard error: in ten answers five points are one and a half steps, which is an ordinary slip.
MARGIN_POINTS = 5
# How many things a sentence names: more are hard to hold on to when it is read aloud.
_COUNTED_NAMED = 3
_OTHERS_NAMED = 2

_TRACK_NAMES: dict[Track, str] = {"foundation": "Spor 1", "employer_pilot": "Spor 2"}
_ANSWER_LABELS = {
    CANNOT: "kan ikke",
    WITH_HELP: "med hjælp",
    INDEPENDENT: "på egen hånd",
    ADVANCED: "sikkert",
}
_NUMBERS = (
    "nul",
    "én",
    "to",
    "tre",
    "fire",
    "fem",
    "seks",
    "syv",
    "otte",
    "ni",
    "ti",
    "elleve",
    "tolv",
    "tretten",
    "fjorten",
    "femten",
)

Decide = Callable[[Sequence[int]], Track]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an assessment.

    Attributes:
        areas: The five areas; one without answers has no percent.
        overall_percent: Whole percent of the highest possible; None with too few answers.
        band: The DigCompSAT band of the overall percent; None with too few answers.
        track: The proposed track; None with too few answers.
        borderline: Whether a small change of one answer, or an ordinary slip, could have changed the track.
        reasons: Plain Danish sentences to the citizen.
        counterfactual: A Danish sentence with the smallest change that would have changed the track.
        strongest: Danish phrase of the area with the highest share; None when the areas do not differ.
        hardest: Danish phrase of the area with the lowest share; None when the areas do not differ.
    """

    areas: tuple[AreaScore, ...]
    overall_percent: int | None
    band: Band | None
    track: Track | None
    borderline: bool
    reasons: tuple[str, ...]
    counterfactual: str | None
    strongest: str | None
    hardest: str | None

    @property
    def enough_answers(self) -> bool:
        """Whether there were answers enough to propose a track."""
        return self.track is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """A real answer together with its item."""

    item: Item
    value: int


def track_of(values: Sequence[int]) -> Track:
    """The track that answers lead to: below the cut the basics, from the cut on the pilot with employers.

    Raises:
        ValueError: There are no values.
    """
    return "foundation" if share(values) < Fraction(CUT_PERCENT, 100) else "employer_pilot"


def is_borderline(values: Sequence[int]) -> bool:
    """Whether one answer changed by one step would change the track, or the share lies within the margin.

    Raises:
        ValueError: There are no values.
    """
    distance = abs(share(values) - Fraction(CUT_PERCENT, 100))
    if distance <= Fraction(MARGIN_POINTS, 100):
        return True
    track = track_of(values)
    return any(
        track_of([*values[:index], changed, *values[index + 1 :]]) != track
        for index, value in enumerate(values)
        for changed in (value - 1, value + 1)
        if CANNOT <= changed <= ADVANCED
    )


def turning_answers(answers: Sequence[Answer], decide: Decide = track_of) -> tuple[Answer, ...]:
    """The fewest answers that, answered differently, would have turned the proposal.

    Towards the pilot, answers below "på egen hånd" are thought of as "på egen hånd"; towards the basics,
    answers above "med hjælp" as "med hjælp". Those that would change most are taken first, so for a decision
    that rests on the sum no smaller number would do.

    Args:
        answers: The real answers.
        decide: The decision; it must never turn to the basics because an answer got better.

    Returns:
        The answers to turn, lowest first towards the pilot, highest first towards the basics. Empty when
        even all of them would not turn the proposal.
    """
    values = [answer.value for answer in answers]
    track = decide(values)
    turned_value = _turned_value(track)
    order = _by_weight(answers, track)
    for count in range(1, len(order) + 1):
        turned = {answer.item.id for answer in order[:count]}
        after = [turned_value if answer.item.id in turned else answer.value for answer in answers]
        if decide(after) != track:
            return tuple(order[:count])
    return ()


def propose(history: History, bank: ItemBank) -> Outcome:
    """The outcome of the answers given so far, whatever their number."""
    answers = [
        Answer(bank.item(response.item_id), response.value)
        for response in history
        if response.value is not None
    ]
    values = [answer.value for answer in answers]
    areas = area_scores(history, bank)
    if len(answers) < ENOUGH_ANSWERS:
        return Outcome(areas, None, None, None, False, _too_few(len(answers)), None, None, None)
    track = track_of(values)
    borderline = is_borderline(values)
    percent = percent_of(values)
    strongest, hardest = _extremes(history, bank)
    return Outcome(
        areas=areas,
        overall_percent=percent,
        band=band_of(percent),
        track=track,
        borderline=borderline,
        reasons=_reasons(answers, track, borderline),
        counterfactual=_counterfactual(answers, track),
        strongest=strongest,
        hardest=hardest,
    )


def _turned_value(track: Track) -> int:
    return INDEPENDENT if track == "foundation" else WITH_HELP


def _other(track: Track) -> Track:
    return "employer_pilot" if track == "foundation" else "foundation"


def _by_weight(answers: Sequence[Answer], track: Track) -> list[Answer]:
    """The answers that speak for the track, those that counted most first.

    Among equal answers the easier items come first for the basics and the harder ones for the pilot: they
    say most.
    """
    if track == "foundation":
        low = [answer for answer in answers if answer.value < INDEPENDENT]
        return sorted(low, key=lambda answer: (answer.value, answer.item.difficulty_rank))
    high = [answer for answer in answers if answer.value > WITH_HELP]
    return sorted(high, key=lambda answer: (-answer.value, -answer.item.difficulty_rank))


def _extremes(history: History, bank: ItemBank) -> tuple[str | None, str | None]:
    shares = {area: share(values) for area, values in values_by_area(history, bank).items() if values}
    strongest = max(shares, key=lambda area: shares[area])
    hardest = min(shares, key=lambda area: shares[area])
    if shares[strongest] == shares[hardest]:
        return None, None
    return bank.areas[strongest].phrase, bank.areas[hardest].phrase


def _reasons(answers: Sequence[Answer], track: Track, borderline: bool) -> tuple[str, ...]:
    counted = _by_weight(answers, track)[:_COUNTED_NAMED]
    labels = [f'"{_ANSWER_LABELS[value]}"' for value in sorted({answer.value for answer in counted})]
    sentences = [f"Du svarede {enumerate_words(labels, 'eller')} til {_named(counted)}."]
    sentences.append(_beyond_basics(answers, counted) if track == "foundation" else _to_practise(answers))
    if borderline:
        sentences.append("Dine svar ligger tæt på grænsen mellem de to spor.")
    return tuple(sentences)


def _beyond_basics(answers: Sequence[Answer], counted: Sequence[Answer]) -> str:
    """What the citizen can already, besides the answers that led to the basics."""
    if strong := _by_weight(answers, "employer_pilot")[:_OTHERS_NAMED]:
        return f"Du klarer selv {_named(strong)}."
    helped = [answer for answer in answers if answer.value == WITH_HELP and answer not in counted]
    if helped:
        return f"Med hjælp klarer du allerede {_named(helped[:_OTHERS_NAMED])}."
    return "Sporet begynder helt fra starten, så du behøver ikke at kunne noget på forhånd."


def _to_practise(answers: Sequence[Answer]) -> str:
    if weak := _by_weight(answers, "foundation")[:_OTHERS_NAMED]:
        return f"Du kan stadig lære mere om {_named(weak)}."
    return "Der var ikke noget, du havde brug for hjælp til."


def _counterfactual(answers: Sequence[Answer], track: Track) -> str:
    # There always is one: all answers at "på egen hånd" or above reach 66 percent, all at "med hjælp" or
    # below at most 33, and the cut lies between.
    turned = turning_answers(answers)
    otherwise = f"havde jeg foreslået {_TRACK_NAMES[_other(track)]}."
    if len(turned) > _OTHERS_NAMED:
        label = _ANSWER_LABELS[_turned_value(track)]
        return f'Først hvis {_NUMBERS[len(turned)]} af dine svar i stedet var "{label}", {otherwise}'
    if track == "foundation":
        return f"Hvis du for eksempel selv kunne klare {_named(turned)}, {otherwise}"
    return f"Hvis du for eksempel havde brug for hjælp til {_named(turned)}, {otherwise}"


def _named(answers: Sequence[Answer]) -> str:
    return enumerate_words([answer.item.short for answer in answers])


def _too_few(count: int) -> tuple[str, ...]:
    questions = "ét spørgsmål" if count == 1 else f"{_NUMBERS[count]} spørgsmål"
    given = f"Du har svaret på {questions}." if count else "Du har ikke svaret på nogen spørgsmål endnu."
    return (
        f"{given} Det er for få svar til, at jeg kan foreslå et spor.",
        f"Jeg skal bruge mindst {_NUMBERS[ENOUGH_ANSWERS]} svar. Du kan prøve igen, når det passer dig, "
        "eller tale med en konsulent.",
    )
