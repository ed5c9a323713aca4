"""Reads municipality.yml: who the municipality is, when it is open and how to reach it."""

from datetime import date, time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backend.assessment.rule import ProposalRule
from backend.audit.log import KEPT_AT_LEAST
from backend.retention.period import Period

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Words = Annotated[str, Field(min_length=1)]
_SHORTEST_RETENTION = 30
_SHORTEST_LOG = KEPT_AT_LEAST.days


class OtherPeriods(BaseModel):
    """How long is kept what citizens are not told a time of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    receipts: Period = Period.read("2 år")
    """That a conversation was erased: the receipt, and what its id is known by."""
    audit: Period = Period.read("1 år")
    """Who has seen or changed what."""
    reports: Period = Period.read("1 år")
    """What was deleted and when."""

    @model_validator(mode="after")
    def _logs_are_kept_long_enough(self) -> "OtherPeriods":
        for name, period in (("audit", self.audit), ("reports", self.reports)):
            if period.shortest_days < _SHORTEST_LOG:
                raise ValueError(f"{name}: must be at least {_SHORTEST_LOG} dage or 7 måneder, not {period}")
        return self


class Municipality(BaseModel):
    """The municipality's own words and hours, used in every text that names them."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: Words
    service: Words
    assistant_name: Words
    phone: Words
    phone_hours: Words
    phone_hours_english: Words
    sms_number: Words | None = None
    """Where citizens can write by SMS; None while there is no such number."""
    email: Words
    address: Words
    opening_hours: dict[Weekday, tuple[time, time]]
    """When meetings can take place, from and to, local wall-clock time; a weekday not named is closed."""
    closed_days: tuple[date, ...] = ()
    """Days closed besides the Danish public holidays."""
    retention: Period
    """How long what a citizen has said and answered is kept when nothing more happens; told to citizens."""
    case_retention: Period
    """How long a decision and that there was a meeting are kept after it; told to citizens."""
    keep: OtherPeriods = OtherPeriods()
    privacy_url: Words
    crisis_line: Words
    crisis_phone: Words
    crisis_hours: Words
    assessment: ProposalRule = ProposalRule()
    """When a track is proposed."""

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "Municipality":
        for weekday, (opens, closes) in self.opening_hours.items():
            if opens >= closes:
                raise ValueError(f"opening_hours.{weekday}: opens at {opens}, which is not before {closes}")
        return self

    @model_validator(mode="after")
    def _is_kept_long_enough_to_be_of_use(self) -> "Municipality":
        if self.retention.shortest_days < _SHORTEST_RETENTION:
            raise ValueError(f"retention: must be at least {_SHORTEST_RETENTION} dage, not {self.retention}")
        if self.case_retention.shortest_days < self.retention.shortest_days:
            raise ValueError(
                f"case_retention: {self.case_retention} is shorter than retention, {self.retention}"
            )
        return self

    @cached_property
    def phone_link(self) -> str:
        """The phone number as a tel: link; a number without country code is Danish."""
        digits = self.phone.replace(" ", "")
        return f"tel:{digits}" if digits.startswith("+") else f"tel:+45{digits}"


def load_municipality(path: Path) -> Municipality:
    """Reads the municipality file.

    Raises:
        FileNotFoundError: There is no such file.
        pydantic.ValidationError: Something is missing or wrong in it.
    """
    return Municipality.model_validate(yaml.safe_load(path.read_text("utf-8")))
