"""What an assessment ends in."""

from dataclasses import dataclass

from backend.assessment.person_fit import Flag
from backend.assessment.rule import Track
from backend.assessment.scoring import AreaScore, Band


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an assessment.

    Attributes:
        areas: The five areas; one without answers has no percent.
        overall_percent: Whole percent of the highest possible; None with too few answers.
        band: The DigCompSAT band of the overall percent; None with too few answers.
        track: The proposed track; None with too few answers.
        borderline: Whether the track is less certain than a proposal should be.
        reasons: Plain Danish sentences to the citizen.
        counterfactual: A Danish sentence with the smallest change that would have changed the track.
        strongest: Danish phrase of the area with the highest share; None when the areas hardly differ.
        hardest: Danish phrase of the area with the lowest share; None when the areas hardly differ.
        ability: Estimated ability, mean 0 and standard deviation 1 among the citizens; None in a result from
            before abilities were estimated, or with too few answers.
        standard_error: Of the ability.
        certainty: How probable it is that the ability lies on the proposed track's side of the cut score.
        flags: What is odd about the answers, for the consultant; never held against the citizen.
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
    ability: float | None = None
    standard_error: float | None = None
    certainty: float | None = None
    flags: tuple[Flag, ...] = ()

    @property
    def enough_answers(self) -> bool:
        """Whether there were answers enough to propose a track."""
        return self.track is not None
