"""From answers to a proposed track.

A proposal is never a decision: a consultant confirms or changes it. So it names the answers that counted
most, says what would have changed it, and admits when it is close.
"""

from backend.assessment.ability import Measure
from backend.assessment.explanation import counterfactual, reasons, too_few
from backend.assessment.influence import weighed_answers
from backend.assessment.outcome import Outcome
from backend.assessment.person_fit import flags_of
from backend.assessment.responses import History, answered
from backend.assessment.rule import ProposalRule
from backend.assessment.scoring import AreaScore, area_scores, band_of, percent_at
from backend.assessment.stopping import ENOUGH_ANSWERS, certainty


def propose(history: History, measure: Measure, rule: ProposalRule) -> Outcome:
    """The outcome of the answers given so far, whatever their number."""
    areas = area_scores(history, measure)
    if answered(history) < ENOUGH_ANSWERS:
        few = too_few(answered(history), ENOUGH_ANSWERS)
        return Outcome(areas, None, None, None, False, few, None, None, None)
    weights = measure.weights(history)
    ability = measure.ability(weights)
    percent = percent_at(measure, ability.mean)
    sure = certainty(measure, weights)
    borderline = sure < rule.borderline_below
    answers = weighed_answers(history, measure)
    track = measure.track_at(ability.mean)
    strongest, hardest = _extremes(areas, measure)
    return Outcome(
        areas=areas,
        overall_percent=percent,
        band=band_of(percent),
        track=track,
        borderline=borderline,
        reasons=reasons(answers, track, borderline=borderline),
        counterfactual=counterfactual(answers, measure),
        strongest=strongest,
        hardest=hardest,
        ability=round(ability.mean, 4),
        standard_error=round(ability.standard_error, 4),
        certainty=round(sure, 4),
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
