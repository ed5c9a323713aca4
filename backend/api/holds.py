"""/holds: a slot kept for a citizen while they give their name and number."""

from backend.api.models import Id, RequestModel, ResponseModel, Timestamp
from backend.api.routes import Call, Routes
from backend.api.slots import SlotOut, booking_service
from backend.booking.problems import SlotTaken
from backend.problems import NotFound

routes = Routes("holds")


class HoldIn(RequestModel):
    """Which slot, for whom."""

    citizen_id: Id
    slot_id: Id


class HoldOut(ResponseModel):
    """A slot kept for a citizen until a moment."""

    id: Id
    slot: SlotOut
    citizen_id: Id
    expires_at: Timestamp


@routes.post("/holds", status=201, problems=[NotFound, SlotTaken])
async def hold_slot(call: Call, body: HoldIn) -> HoldOut:
    """Keeps a slot for some minutes, in place of one that the citizen held before."""
    hold = await booking_service(call).hold(body.citizen_id, body.slot_id)
    return HoldOut(
        id=hold.id, slot=SlotOut.of(hold.slot), citizen_id=hold.citizen_id, expires_at=hold.expires_at
    )


@routes.delete("/holds/{hold_id}", status=204)
async def release_hold(call: Call, hold_id: Id) -> None:
    """Gives a held slot back."""
    await booking_service(call).release(hold_id)
