"""What other parameters would have proposed for the answers that are stored. It changes none of them."""

from collections import Counter
from collections.abc import Sequence

from backend.assessment.ability import Measure
from backend.assessment.responses import answered
from backend.assessment.stopping import ENOUGH_ANSWERS
from backend.calibration.answers import FinishedAssessment

Change = tuple[str, str]


def changed_proposals(assessments: Sequence[FinishedAssessment], measure: Measure) -> Counter[Change]:
    """How many stored proposals would be another one: by the track proposed and the track there would be."""
    return Counter(
        (assessment.track, track)
        for assessment in assessments
        if assessment.track
        and answered(assessment.history) >= ENOUGH_ANSWERS
        and (track := measure.track_at(measure.ability(measure.weights(assessment.history)).mean))
        != assessment.track
    )
