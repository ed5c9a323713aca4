"""/conversations/.../handover: who owns a conversation, and a citizen's way to a person."""

from datetime import timedelta
from typing import Literal

from backend.api.bookings import PhoneNumber
from backend.api.models import Id, Name, NoFields, RequestModel, ResponseModel, Timestamp
from backend.api.routes import Call, Routes
from backend.booking.opening_hours import OpeningHours
from backend.handover import texts
from backend.handover.delivery import note_state
from backend.handover.ownership import Owner, Reason
from backend.handover.problems import NotWaiting
from backend.handover.repository import HandoverRepository
from backend.handover.service import HandoverService, Standing, StandingKind
from backend.handover.tables import MessageState
from backend.live.changes import next_change
from backend.problems import NotFound
from backend.teams.scope import EVERY_TEAM
from backend.transcripts.repository import TranscriptRepository

routes = Routes("handovers")


class OwnerOut(ResponseModel):
    """Who owns a conversation. The bot is silent unless it may speak."""

    owner: Owner
    bot_may_speak: bool


class HandoverIn(RequestModel):
    """Why a person is called on, and since when; without a time, since now."""

    # A caseworker steps in at the desk, not here.
    reason: Literal["asked", "not_understood", "annoyed", "crisis"]
    asked_at: Timestamp | None = None


class StandingOut(ResponseModel):
    """What a citizen who wants a person can be told; Danish where it is text.

    `wait`: how long it may take; `passed_on`: what the staff have been told, going on after "at"; `opens`:
    when there may be somebody again; `person`: who has the conversation. Empty where it does not apply.
    """

    kind: StandingKind
    position: int | None
    wait: str
    passed_on: str
    opens: str
    person: str


class CallRequestIn(RequestModel):
    """A number to be called on."""

    phone: PhoneNumber


class CallRequestOut(ResponseModel):
    """The number that is stored, in E.164."""

    id: Id
    conversation_id: str
    phone: str
    asked_at: Timestamp


class HelpIn(RequestModel):
    """Whether the citizen got help from a person."""

    helped: bool


class HelpOut(ResponseModel):
    """What is stored; the first word stands."""

    helped: bool


def handover_service(call: Call) -> HandoverService:
    """What the assistant can ask about handovers."""
    return HandoverService(
        HandoverRepository(call.session, EVERY_TEAM),
        TranscriptRepository(call.session, EVERY_TEAM),
        OpeningHours.of(call.municipality),
        call.now,
    )


@routes.get("/conversations/{conversation_id}/owner")
async def read_owner(call: Call, conversation_id: Name) -> OwnerOut:
    """Who owns a conversation; the bot does where nothing is known of it."""
    owner, bot_may_speak = await handover_service(call).owner(conversation_id)
    return OwnerOut(owner=owner, bot_may_speak=bot_may_speak)


@routes.post("/conversations/{conversation_id}/typing", status=204, idempotency_key=False)
async def note_typing(call: Call, conversation_id: Name, body: NoFields) -> None:
    """The citizen is writing. Where a person has the conversation, the desk shows it for some seconds."""
    await handover_service(call).note_typing(conversation_id)
    await next_change(call.session)


@routes.post("/conversations/{conversation_id}/handover")
async def ask_for_person(call: Call, conversation_id: Name, body: HandoverIn) -> StandingOut:
    """Asks for a person; whoever waits already keeps their place. A request may come late."""
    asked_at = max(body.asked_at or call.now, call.now - timedelta(days=1))
    standing = await handover_service(call).ask(conversation_id, Reason(body.reason), asked_at)
    await next_change(call.session)
    return _out(standing)


@routes.post("/conversations/{conversation_id}/handover/standing")
async def tell_standing(call: Call, conversation_id: Name, body: NoFields) -> StandingOut:
    """What the citizen can be told now. It counts as told: only what differs from it is news."""
    return _out(await handover_service(call).standing(conversation_id))


@routes.post("/conversations/{conversation_id}/handover/leave", problems=[NotWaiting])
async def leave_queue(call: Call, conversation_id: Name, body: NoFields) -> StandingOut:
    """The citizen does not wait any longer."""
    standing = await handover_service(call).leave(conversation_id)
    await next_change(call.session)
    return _out(standing)


@routes.post("/conversations/{conversation_id}/call-request", status=201, problems=[NotWaiting])
async def ask_for_call(call: Call, conversation_id: Name, body: CallRequestIn) -> CallRequestOut:
    """The citizen leaves a number to be called on, and does not wait any longer."""
    request = await handover_service(call).call_instead(conversation_id, body.phone)
    await next_change(call.session)
    return CallRequestOut.model_validate(request)


@routes.post("/conversations/{conversation_id}/handover/help", problems=[NotFound])
async def rate_help(call: Call, conversation_id: Name, body: HelpIn) -> HelpOut:
    """Stores whether a person has helped the citizen."""
    return HelpOut(helped=await handover_service(call).rate_help(conversation_id, helped=body.helped))


@routes.post("/desk-messages/{message_id}/delivered", status=204)
async def note_delivered(call: Call, message_id: Id, body: NoFields) -> None:
    """The citizen's device has a message."""
    message = await HandoverRepository(call.session, EVERY_TEAM).message_for_change(message_id)
    if message is None:
        raise NotFound("There is no such message")
    note_state(message, MessageState.DELIVERED)
    message.changed_at = call.now
    await next_change(call.session)


def _out(standing: Standing) -> StandingOut:
    return StandingOut(
        kind=standing.kind,
        position=standing.position,
        wait=texts.wait_label(standing.wait) if standing.kind is StandingKind.QUEUED else "",
        passed_on=standing.passed_on,
        opens=standing.opens,
        person=standing.person,
    )
