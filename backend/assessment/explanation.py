"""Why this track: plain Danish sentences that the citizen can check against their own answers."""

from collections.abc import Sequence

from backend.assessment.ability import Measure
from backend.assessment.influence import WeighedAnswer, turn
from backend.assessment.responses import ADVANCED, CANNOT, INDEPENDENT, WITH_HELP
from backend.assessment.rule import Track
from backend.danish import enumerate_words

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


def reasons(answers: Sequence[WeighedAnswer], track: Track, *, borderline: bool) -> tuple[str, ...]:
    """The answers that counted most, what else there is, and whether the proposal is close."""
    counted = _counted_most(answers, track)[:_COUNTED_NAMED]
    labels = [f'"{_ANSWER_LABELS[value]}"' for value in sorted({answer.value for answer in counted})]
    sentences = [f"Du svarede {enumerate_words(labels, 'eller')} til {_named(counted)}."]
    others = [answer for answer in answers if answer not in counted]
    sentences.append(_beyond_basics(others) if track == "foundation" else _to_practise(others))
    if borderline:
        sentences.append(
            "Dine svar ligger tæt på grænsen mellem de to spor. Derfor ser din konsulent ekstra godt på dem."
        )
    return tuple(sentences)


def counterfactual(answers: Sequence[WeighedAnswer], measure: Measure) -> str | None:
    """The smallest change that would have turned the proposal; None when no change of a kind would."""
    change = turn(answers, measure)
    if change is None:
        return None
    to_pilot = change.value in (INDEPENDENT, ADVANCED)
    otherwise = f"havde jeg foreslået {_TRACK_NAMES['employer_pilot' if to_pilot else 'foundation']}."
    label = _ANSWER_LABELS[change.value]
    if len(change.answers) > _OTHERS_NAMED:
        return f'Først hvis {_NUMBERS[len(change.answers)]} af dine svar i stedet var "{label}", {otherwise}'
    named = _named(change.answers)
    if change.value == INDEPENDENT:
        return f"Hvis du for eksempel selv kunne klare {named}, {otherwise}"
    if change.value == WITH_HELP:
        return f"Hvis du for eksempel havde brug for hjælp til {named}, {otherwise}"
    return f'Hvis du for eksempel havde svaret "{label}" til {named}, {otherwise}'


def too_few(count: int, enough: int) -> tuple[str, ...]:
    """What is said instead of a proposal."""
    questions = "ét spørgsmål" if count == 1 else f"{_NUMBERS[count]} spørgsmål"
    given = f"Du har svaret på {questions}." if count else "Du har ikke svaret på nogen spørgsmål endnu."
    return (
        f"{given} Det er for få svar til, at jeg kan foreslå et spor.",
        f"Jeg skal bruge mindst {_NUMBERS[enough]} svar. Du kan prøve igen, når det passer dig, "
        "eller tale med en konsulent.",
    )


def _counted_most(answers: Sequence[WeighedAnswer], track: Track) -> list[WeighedAnswer]:
    """The answers that moved the estimate most towards the track.

    Those that sound like it come first ("kan ikke" for the basics, "sikkert" for the pilot); the others only
    where there are none, when citizens of the same ability would have answered still better or worse.
    """
    if track == "foundation":
        low = [answer for answer in answers if answer.value < INDEPENDENT]
        return sorted(low or answers, key=lambda answer: answer.influence)
    high = [answer for answer in answers if answer.value > WITH_HELP]
    return sorted(high or answers, key=lambda answer: -answer.influence)


def _beyond_basics(others: Sequence[WeighedAnswer]) -> str:
    """What the citizen can already, besides the answers that led to the basics."""
    strong = [answer for answer in others if answer.value > WITH_HELP]
    if strong:
        best = sorted(strong, key=lambda answer: -answer.influence)
        return f"Du klarer selv {_named(best[:_OTHERS_NAMED])}."
    if helped := [answer for answer in others if answer.value == WITH_HELP]:
        return f"Med hjælp klarer du allerede {_named(helped[:_OTHERS_NAMED])}."
    return "Sporet begynder helt fra starten. Du behøver ikke at kunne noget på forhånd."


def _to_practise(others: Sequence[WeighedAnswer]) -> str:
    weak = [answer for answer in others if answer.value < INDEPENDENT]
    if weak:
        weakest = sorted(weak, key=lambda answer: answer.influence)
        return f"Du kan stadig lære mere om {_named(weakest[:_OTHERS_NAMED])}."
    return "Der var ikke noget, du havde brug for hjælp til."


def _named(answers: Sequence[WeighedAnswer]) -> str:
    return enumerate_words([answer.item.short for answer in answers])
