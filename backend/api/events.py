"""/events: Rasa's events on their way into the transcripts."""

from typing import Annotated

from pydantic import Field, StringConstraints

from backend.api.models import Name, RequestModel, ResponseModel
from backend.api.routes import Call, Routes
from backend.operations.instruments import EVENT_LAG_SECONDS
from backend.teams.scope import EVERY_TEAM
from backend.transcripts.rasa_events import RasaEvent
from backend.transcripts.repository import TranscriptRepository
from backend.transcripts.service import Arrival, TranscriptService

routes = Routes("events")

MAX_EVENTS = 500
MAX_BODY = 4_000_000

EventId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,100}$")]


class EventIn(RequestModel):
    """An event, the conversation it happened in, and an id that is the same each time it is sent."""

    event_id: EventId
    conversation_id: Name
    event: RasaEvent


class EventBatch(RequestModel):
    """Events in any order."""

    events: Annotated[list[EventIn], Field(min_length=1, max_length=MAX_EVENTS)]


class Receipt(ResponseModel):
    """How many of the events were new, and how many had come before."""

    accepted: int
    duplicates: int


@routes.post("/events", idempotency_key=False, max_body=MAX_BODY)
async def take_events(call: Call, body: EventBatch) -> Receipt:
    """Stores events. All or none: one that breaks the contract keeps the whole batch out."""
    arrivals = [Arrival(event.event_id, event.conversation_id, event.event) for event in body.events]
    accepted = await TranscriptService(TranscriptRepository(call.session, EVERY_TEAM), call.now).ingest(
        arrivals
    )
    newest = max(arrival.event.at for arrival in arrivals)
    EVENT_LAG_SECONDS.observe(max(0.0, (call.now - newest).total_seconds()))
    return Receipt(accepted=accepted, duplicates=len(arrivals) - accepted)
