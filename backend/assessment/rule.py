"""When a track is proposed: what a municipality decides about the assessment."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Track = Literal["foundation", "employer_pilot"]

_Certainty = Annotated[float, Field(gt=0.5, lt=1)]


class ProposalRule(BaseModel):
    """The cut score and how certain a proposal must be.

    Attributes:
        item_parameters: The version of the item parameters, a file in backend/assessment/parameters/.
        cut_percent: The cut score: whoever would reach this share of the highest possible sum over the whole
            bank is proposed the pilot with employers, others the basics. 48 is where DigCompSAT's level
            Intermediate begins (JRC123226).
        required_certainty: The questions stop once the track is this certain.
        borderline_below: A proposal less certain than this calls itself borderline.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    item_parameters: str = "prior"
    cut_percent: Annotated[int, Field(ge=10, le=90)] = 48
    required_certainty: _Certainty = 0.95
    borderline_below: _Certainty = 0.82

    @model_validator(mode="after")
    def _borderline_is_less_certain(self) -> Self:
        if self.borderline_below > self.required_certainty:
            raise ValueError("borderline_below must not be above required_certainty")
        return self
