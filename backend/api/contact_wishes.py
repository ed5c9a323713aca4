"""/conversations/.../contact-wish: whether a citizen wants to be written to."""

from backend.api.handovers import handover_service
from backend.api.models import Name, RequestModel, ResponseModel, Timestamp
from backend.api.routes import Call, Routes
from backend.live.changes import next_change
from backend.outreach.repository import ContactWishRepository
from backend.outreach.service import ContactWishService

routes = Routes("contact-wishes")


class ContactWishIn(RequestModel):
    """What a citizen has said, and when: a word that arrives late does not undo a newer one."""

    wanted: bool
    said_at: Timestamp


class ContactWishOut(ResponseModel):
    """The word that stands; `changed` tells whether this request made it another than before."""

    wanted: bool
    said_at: Timestamp
    changed: bool


@routes.post("/conversations/{conversation_id}/contact-wish")
async def say_contact_wish(call: Call, conversation_id: Name, body: ContactWishIn) -> ContactWishOut:
    """Stores whether a citizen wants reminders and other messages that they did not ask for.

    Who does not want any waits for no person either, whose place in the queue they would be told.
    """
    service = ContactWishService(ContactWishRepository(call.session))
    wish, changed = await service.say(conversation_id, wanted=body.wanted, said_at=body.said_at)
    if not wish.wanted:
        await handover_service(call).leave_by_stop(conversation_id, wish.said_at)
        await next_change(call.session)
    return ContactWishOut(wanted=wish.wanted, said_at=wish.said_at, changed=changed)
