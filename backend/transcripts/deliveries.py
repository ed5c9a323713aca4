"""How far answers by SMS have come, as the channel tells it in events of its own."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from backend.transcripts.rasa_events import RasaEvent

_EVENT = "sms_delivery"
_Id = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class DeliveryState(StrEnum):
    """How far an SMS has come; the last two are final."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


class Delivery(BaseModel):
    """How far one answer to a message has come.

    Attributes:
        reference: The channel's id of the answer.
        message_id: The message that it answers, or what was to be said.
        answers: How many answers there are to that message.
        state: How far it has come.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    reference: _Id = Field(validation_alias="name")
    message_id: _Id
    answers: int = Field(ge=1, le=1000)
    state: DeliveryState


def delivery_of(event: RasaEvent) -> Delivery | None:
    """Gives what an event tells of a delivery, or None for an event of another kind."""
    if event.event != _EVENT:
        return None
    try:
        return Delivery.model_validate(event.model_dump())
    except ValidationError:
        # One of a later version; it is kept as it came.
        return None


def is_about_delivery(event: RasaEvent) -> bool:
    """Tells whether nobody said or did anything: a message only came further."""
    return event.event == _EVENT


def together(states: Iterable[DeliveryState], answers: int) -> DeliveryState | None:
    """How far the answers to a message have come, together; None while some are not even sent."""
    known = list(states)
    if DeliveryState.FAILED in known:
        return DeliveryState.FAILED
    if len(known) < answers:
        return None
    return DeliveryState.SENT if DeliveryState.SENT in known else DeliveryState.DELIVERED
