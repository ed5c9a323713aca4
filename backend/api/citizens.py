"""/citizens: who talks to Digispor."""

from typing import Annotated

from pydantic import StringConstraints

from backend.api.bookings import PhoneNumber
from backend.api.models import Id, Line, Name, RequestModel, ResponseModel, Timestamp
from backend.api.routes import Call, Reply, Routes
from backend.citizens.repository import CitizenRepository
from backend.citizens.service import CitizenService

routes = Routes("citizens")
Channel = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,49}$")]


class CitizenIn(RequestModel):
    """Which conversation, on which channel."""

    conversation_id: Name
    channel: Channel


class CitizenChange(RequestModel):
    """What the citizen has told; a field left out or null stays as it is."""

    name: Line | None = None
    phone: PhoneNumber | None = None
    wished_occupation: Line | None = None


class CitizenOut(ResponseModel):
    """A citizen."""

    id: Id
    conversation_id: str
    channel: str
    name: str | None
    phone: str | None
    wished_occupation: str | None
    created_at: Timestamp


def _service(call: Call) -> CitizenService:
    return CitizenService(CitizenRepository(call.session), call.now)


@routes.post("/citizens", status=(201, 200))
async def create_citizen(call: Call, body: CitizenIn) -> Reply[CitizenOut]:
    """The citizen of a conversation: 201 when new, 200 when known."""
    citizen, created = await _service(call).get_or_create(body.conversation_id, body.channel)
    return Reply(201 if created else 200, CitizenOut.model_validate(citizen))


@routes.get("/citizens/{citizen_id}")
async def get_citizen(call: Call, citizen_id: Id) -> CitizenOut:
    """One citizen."""
    return CitizenOut.model_validate(await _service(call).get(citizen_id))


@routes.patch("/citizens/{citizen_id}")
async def change_citizen(call: Call, citizen_id: Id, body: CitizenChange) -> CitizenOut:
    """Stores a citizen's name, phone number or the job they wish."""
    citizen = await _service(call).update(
        citizen_id, name=body.name, phone=body.phone, wished_occupation=body.wished_occupation
    )
    return CitizenOut.model_validate(citizen)
