"""The types that requests and responses are made of."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from identifiers import mask

Id = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
]
"""An id that we gave out."""


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


Timestamp = Annotated[
    AwareDatetime,
    PlainSerializer(_iso, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A point in time, written in UTC with its offset."""


def masked(longest: int) -> Callable[[str], str]:
    """Takes CPR numbers and other secrets out of what a person wrote.

    The channels have done so already; what they missed, or another client sends, stops here.

    Args:
        longest: How long the text may be. A marker can be longer than what it stands for.
    """
    return lambda text: mask(text)[:longest]


# PostgreSQL cannot store NUL in text; everything else a citizen can type is kept as it is.
_NO_NUL = r"^[^\x00]*$"
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_NO_NUL)]
"""Something short: a name, a key, a phone number."""
Line = Annotated[Name, AfterValidator(masked(200))]
"""Something short that a person wrote."""
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=2000, pattern=_NO_NUL), AfterValidator(masked(2000))
]
"""What a person wrote."""


T = TypeVar("T")


def _split(value: object) -> object:
    return value.split(",") if isinstance(value, str) else value


CommaList = Annotated[tuple[T, ...], Field(min_length=1), BeforeValidator(_split)]
"""One or more values of one query parameter, written with commas."""


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)
"""For a whole number in a body: JSON knows one kind of number, so 1.0 is 1."""


class RequestModel(BaseModel):
    """A request body: no unknown fields, no guessing of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class NoFields(RequestModel):
    """The empty body `{}`."""


class QueryModel(BaseModel):
    """Query parameters: no unknown ones; a list is written with commas."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ResponseModel(BaseModel):
    """A response body. Made from keyword arguments or, with `model_validate`, from an object's attributes."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True, hide_input_in_errors=True)
