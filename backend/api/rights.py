"""/rights-requests and /erasures: what citizens ask about their own data."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from backend.api.citizens import Channel
from backend.api.handovers import handover_service
from backend.api.models import WHOLE, Id, Name, NoFields, QueryModel, RequestModel, ResponseModel, Timestamp
from backend.api.routes import Call, Routes
from backend.api.slots import Moment, booking_service
from backend.booking.rules import BookingRules
from backend.booking.texts import booking_label
from backend.citizens.repository import CitizenRepository
from backend.keys import POLICY, PRIVACY
from backend.live.changes import next_change
from backend.privacy.erasing import Erased, Kept, RowEraser
from backend.privacy.identity import CodeAnswer, IdentityService
from backend.privacy.keys import unfinished_link
from backend.privacy.problems import (
    ErasureBegun,
    IdentityNotShown,
    MeetingUndecided,
    PersonThere,
    TooManyCodes,
)
from backend.privacy.repository import ErasureRepository, RightsRepository
from backend.privacy.service import Asked, MeetingAsked, Obstacle, RightsService
from backend.privacy.tables import Erasure, Identity, RequestKind
from backend.privacy.worker import receipt_url
from backend.retention.policy import Kind
from backend.retention.repository import DueConversations

routes = Routes("rights")

ReceiptNumber = Annotated[str, StringConstraints(pattern=r"^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$")]


class RightsRequestIn(RequestModel):
    """What a citizen asks for, and by which channel they say so."""

    kind: Literal["export", "erasure"]
    channel: Channel


class ChannelIn(RequestModel):
    """By which channel a citizen asks."""

    channel: Channel


class MeetingAhead(ResponseModel):
    """A coming meeting, in the words the citizen knows it by."""

    id: Id
    version: int
    label: str
    can_cancel: bool


class RightsRequestOut(ResponseModel):
    """A request, what is asked to go on with it, and the erasure that has begun."""

    id: Id
    kind: RequestKind
    identity: Identity
    is_identified: bool
    sent_to: str | None
    meeting: MeetingAhead | None
    receipt: ReceiptNumber | None
    receipt_url: str | None


class CodeIn(RequestModel):
    """What the channel has made of the code that a citizen gave: the code itself is kept nowhere."""

    proof: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class CodeOut(ResponseModel):
    """What the code is worth, and how many tries are left."""

    answer: CodeAnswer
    tries_left: int


class LinkOut(ResponseModel):
    """A link whose `[key]` the channel puts in, so that it stands in no transcript."""

    url: str
    expires_at: Timestamp


class MeetingChoiceIn(RequestModel):
    """What is to become of a coming meeting, as the citizen was asked about it."""

    id: Id
    version: Annotated[int, WHOLE]
    can_cancel: bool
    choice: Literal["cancel", "keep"]


class ErasureIn(RequestModel):
    """What is to become of a coming meeting; null where there is none."""

    meeting: MeetingChoiceIn | None = None


class LatestEventQuery(QueryModel):
    """When something last happened in the conversation, as the assistant knows it."""

    latest_at: Moment | None = None


class ObstacleOut(ResponseModel):
    """What keeps an erasure from being carried out now."""

    obstacle: Obstacle | None


class RowsIn(RequestModel):
    """Up to when things that happened in the conversation are erased."""

    until: Timestamp


class ErasureOut(ResponseModel):
    """How far an erasure has come, what is gone and what is kept."""

    number: ReceiptNumber
    receipt_url: str
    begun_at: Timestamp
    done_at: Timestamp | None
    erased: list[Erased]
    kept: list[Kept]


def _service(call: Call) -> RightsService:
    rights = RightsRepository(call.session)
    settings = call.settings
    return RightsService(
        rights,
        ErasureRepository(call.session),
        IdentityService(
            rights,
            settings.console_secret.newest,
            settings.signing_key.accepted,
            call.now,
            sends_sms=settings.sends_sms,
        ),
        CitizenRepository(call.session),
        booking_service(call),
        handover_service(call),
        BookingRules.of(call.settings, call.municipality),
        call.now,
    )


@routes.post("/conversations/{conversation_id}/rights-requests", status=201, problems=[TooManyCodes])
async def ask(call: Call, conversation_id: Name, body: RightsRequestIn) -> RightsRequestOut:
    """Takes a citizen's request, or takes up the one that is open; a code is sent where one is needed."""
    asked = await _service(call).ask(conversation_id, RequestKind(body.kind), body.channel)
    return _told(call, asked)


@routes.post("/rights-requests/{request_id}/codes", status=201, problems=[TooManyCodes, IdentityNotShown])
async def send_another_code(call: Call, request_id: Id, body: ChannelIn) -> RightsRequestOut:
    """Has another code sent; earlier ones are good no more."""
    return _told(call, await _service(call).send_code(request_id, body.channel))


@routes.post("/rights-requests/{request_id}/identity")
async def check_code(call: Call, request_id: Id, body: CodeIn) -> CodeOut:
    """Takes the code that a citizen has been sent. A wrong one is an answer too, for it is counted."""
    answer, tries_left = await _service(call).check_code(request_id, body.proof)
    return CodeOut(answer=answer, tries_left=tries_left)


@routes.post("/rights-requests/{request_id}/withdrawal", status=204, problems=[ErasureBegun])
async def withdraw(call: Call, request_id: Id, body: NoFields) -> None:
    """Closes a request that the citizen does not want any more."""
    await _service(call).withdraw(request_id)


@routes.post("/rights-requests/{request_id}/link", status=201, problems=[IdentityNotShown])
async def give_link(call: Call, request_id: Id, body: NoFields) -> LinkOut:
    """A link to everything that is stored, for one browser and half an hour."""
    link = await _service(call).give_link(request_id)
    url = unfinished_link(call.settings.public_url, link.id)
    return LinkOut(url=url, expires_at=link.expires_at)


@routes.post(
    "/rights-requests/{request_id}/erasure",
    status=201,
    problems=[IdentityNotShown, MeetingUndecided, PersonThere],
)
async def begin_erasure(call: Call, request_id: Id, body: ErasureIn) -> ErasureOut:
    """Decides that everything is erased; the citizen is told when it is."""
    meeting = body.meeting
    asked_about = MeetingAsked(meeting.id, meeting.version, meeting.can_cancel) if meeting else None
    choice = meeting.choice if meeting else "none"
    erasure = await _service(call).begin_erasure(request_id, choice, asked_about)
    call.app[PRIVACY].wake()
    await next_change(call.session)
    return _receipt(call, erasure)


@routes.get("/conversations/{conversation_id}/erasure")
async def get_erasure_of(call: Call, conversation_id: Name) -> ErasureOut:
    """What has become of a conversation that its citizen has had erased."""
    return _receipt(call, await _service(call).erasure_of(conversation_id))


@routes.get("/erasures/{number}")
async def get_erasure(call: Call, number: ReceiptNumber) -> ErasureOut:
    """How far an erasure has come."""
    return _receipt(call, await _service(call).erasure(number))


@routes.get("/erasures/{number}/obstacle")
async def find_obstacle(call: Call, number: ReceiptNumber, query: LatestEventQuery) -> ObstacleOut:
    """What an erasure waits for. The assistant asks while it holds the conversation."""
    service = _service(call)
    obstacle = await service.obstacle(number)
    erasure = await service.erasure(number)
    if obstacle is None and erasure.request_id is None and not await _is_due(call, erasure, query.latest_at):
        obstacle = Obstacle.NOT_DUE
    return ObstacleOut(obstacle=obstacle)


@routes.post("/erasures/{number}/rows", idempotency_key=False)
async def erase_rows(call: Call, number: ReceiptNumber, body: RowsIn) -> ErasureOut:
    """Erases the database's rows. The assistant asks for it while it holds the conversation."""
    eraser = RowEraser(call.session, call.now)
    return _receipt(call, await _service(call).erase_rows(number, body.until, eraser))


async def _is_due(call: Call, erasure: Erasure, latest_at: datetime | None) -> bool:
    """Whether the time of a conversation is still up, also by what has not arrived here yet."""
    cutoff = call.app[POLICY].cutoff(Kind.CONVERSATIONS, call.now)
    if erasure.conversation_id is None or (latest_at is not None and latest_at >= cutoff):
        return erasure.conversation_id is None
    return bool(await DueConversations(call.session, cutoff, call.now).due([erasure.conversation_id]))


def _told(call: Call, asked: Asked) -> RightsRequestOut:
    if asked.request.identity == Identity.CODE and not asked.is_identified:
        call.app[PRIVACY].wake()
    meeting, about = asked.meeting, asked.asked_about
    return RightsRequestOut(
        id=asked.request.id,
        kind=asked.request.kind,
        identity=asked.request.identity,
        is_identified=asked.is_identified,
        sent_to=f"***{asked.phone[-2:]}" if asked.phone else None,
        meeting=MeetingAhead(
            id=about.booking_id,
            version=about.version,
            label=booking_label(meeting.slot),
            can_cancel=about.can_cancel,
        )
        if meeting and about
        else None,
        receipt=asked.erasure.number if asked.erasure else None,
        receipt_url=receipt_url(call.settings.public_url, asked.erasure.number) if asked.erasure else None,
    )


def _receipt(call: Call, erasure: Erasure) -> ErasureOut:
    return ErasureOut(
        number=erasure.number,
        receipt_url=receipt_url(call.settings.public_url, erasure.number),
        begun_at=erasure.begun_at,
        done_at=erasure.done_at,
        erased=[Erased(kind) for kind in erasure.erased],
        kept=[Kept(kind) for kind in erasure.kept],
    )
