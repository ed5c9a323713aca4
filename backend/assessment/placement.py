"""From answers to a proposed track.

A proposal is never a decision: a consultant confirms or changes it. So it names the answers that counted
most, says what would have changed it, and admits when it is close.
"""

from dataclasses import dataclass

from backend.assessment.ability import Ability, Measure
from backend.assessment.explanation import counterfactual, reasons, too_few
from backend.assessment.influence import weighed_answers
from backend.assessment.outcome import Outcome
from backend.assessment.person_fit import flags_of
from backend.assessment.responses import History, answered
from backend.assessment.rule import ProposalRule, Track
from backend.assessment.scoring import AreaScore, area_scores, band_of, percent_at
from backend.assessment.stopping import ENOUGH_ANSWERS, certainty


@dataclass(frozen=True, slots=True)
class Decision:
    """Which track answers lead to.

    Attributes:
        track: The track to propose.
        ability: The estimate it rests on.
        certainty: How probable it is that the ability lies on the track's side of the cut score, 0 to 1.
        borderline: Whether that is less than the rule asks of a proposal.
    """

    track: Track
    ability: Ability
    certainty: float
    borderline: bool


def decide(history: History, measure: Measure, rule: ProposalRule) -> Decision:
    """The track that the answers lead to, whatever their number."""
    weights = measure.weights(history)
    ability = measure.ability(weights)
    sure = certainty(measure, weights)
    return Decision(measure.track_at(ability.mean), ability, sure, sure < rule.borderline_below)


def propose(history: History, measure: Measure, rule: ProposalRule) -> Outcome:
    """The outcome of the answers given so far, whatever their number."""
    areas = area_scores(history, measure)
    if answered(history) < ENOUGH_ANSWERS:
        few = too_few(answered(history), ENOUGH_ANSWERS)
        return Outcome(areas, None, None, None, False, few, None, None, None)
    decision = decide(history, measure, rule)
    percent = percent_at(measure, decision.ability.mean)
    answers = weighed_answers(history, measure)
    strongest, hardest = _extremes(areas, measure)
    return Outcome(
        areas=areas,
        overall_percent=percent,
        band=band_of(percent),
        track=decision.track,
        borderline=decision.borderline,
        reasons=reasons(answers, decision.track, borderline=decision.borderline),
        counterfactual=counterfactual(answers, measure),
        strongest=strongest,
        hardest=hardest,
        ability=round(decision.ability.mean, 4),
        standard_error=round(decision.ability.standard_error, 4),
        certainty=round(decision.certainty, 4),
        flags=flags_of(history, measure),
    )


def _extremes(areas: tuple[AreaScore, ...], measure: Measure) -> tuple[str | None, str | None]:
    """The strongest and the hardest area, if each lies outside the other's standard error."""
    known = sorted(
        (score.percent, score.area, score.low, score.high)
        for score in areas
        if score.percent is not None and score.low is not None and score.high is not None
    )
    lowest, hardest, _, reach_of_hardest = known[0]
    highest, strongest, reach_of_strongest, _ = known[-1]
    if reach_of_strongest <= lowest or reach_of_hardest >= highest:
        return None, None
    return measure.bank.areas[strongest].phrase, measure.bank.areas[hardest].phrase
