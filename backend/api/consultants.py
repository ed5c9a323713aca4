"""/consultants: whom citizens can meet."""

from backend.api.models import Id, ResponseModel
from backend.api.routes import Call, Routes
from backend.booking.repository import BookingRepository

routes = Routes("consultants")


class ConsultantOut(ResponseModel):
    """A consultant."""

    id: Id
    name: str
    title: str
    phone: str
    email: str


class ConsultantList(ResponseModel):
    """Every consultant, by name."""

    consultants: list[ConsultantOut]


@routes.get("/consultants")
async def list_consultants(call: Call) -> ConsultantList:
    """Every consultant, by name."""
    return ConsultantList.model_validate({"consultants": await BookingRepository(call.session).consultants()})
