"""What a citizen can do about their own data."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.booking.rules import BookingRules
from backend.booking.service import BookingService
from backend.booking.tables import Booking
from backend.citizens.repository import CitizenRepository
from backend.citizens.tables import SMS_CONVERSATION
from backend.handover.problems import NotWaiting
from backend.handover.service import HandoverService
from backend.privacy.erasing import RowEraser
from backend.privacy.identity import (
    Asker,
    CodeAnswer,
    IdentityService,
    phone_for_codes,
)
from backend.privacy.keys import receipt_number
from backend.privacy.problems import ErasureBegun, MeetingUndecided, PersonThere
from backend.privacy.repository import ErasureRepository, RightsRepository
from backend.privacy.tables import Erasure, ExportLink, Identity, RequestKind, RightsRequest
from backend.problems import NotFound

LINK_LASTS = timedelta(minutes=30)
NOTICE_WITHIN = timedelta(days=2)
"""For so long an erasure waits for a notice to be sent; no dead number puts it off for ever."""
CANCELLED = "Borgeren har bedt om at få sine oplysninger slettet og mødet aflyst."


class Obstacle(StrEnum):
    """What keeps an erasure from being carried out now."""

    PERSON = "person"
    """A person has or is to have the conversation."""
    CRISIS = "crisis"
    """Nobody has seen a sign of crisis in it: a cry for help is heard before it is erased."""
    NOTICE = "notice"
    """The citizen has not been told yet what the staff have done to their meeting."""
    NOT_DUE = "not_due"
    """Nobody has asked for it, and its time is not up after all."""


@dataclass(frozen=True, slots=True)
class MeetingAsked:
    """A coming meeting as a citizen was asked what is to become of it.

    Attributes:
        booking_id: The booking.
        version: Its version.
        can_cancel: Whether it could be cancelled; otherwise it is told that the citizen does not come.
    """

    booking_id: str
    version: int
    can_cancel: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, and what must be known to go on with it.

    Attributes:
        request: The request.
        is_identified: Whether it has been shown that it is the citizen.
        phone: The number that a code goes to, when the backend knows it.
        meeting: The citizen's coming meeting.
        asked_about: The same as the citizen is asked about it.
        erasure: The erasure that has begun.
    """

    request: RightsRequest
    is_identified: bool
    phone: str | None
    meeting: Booking | None
    asked_about: MeetingAsked | None
    erasure: Erasure | None


def a_month_after(moment: datetime) -> datetime:
    """The same day of the next month, or its last: the time that the law gives."""
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


class RightsService:
    """Takes requests, one at a time of each kind in a conversation, and begins what was asked.

    Args:
        rights: Where requests are stored.
        erasures: Where erasures are stored.
        identity: Makes sure who asks.
        citizens: What citizens have told.
        bookings: Their meetings, changed in their own name.
        handovers: Who has, or is waited for in, their conversations.
        rules: When a meeting can still be cancelled.
        now: The present moment.
    """

    def __init__(
        self,
        rights: RightsRepository,
        erasures: ErasureRepository,
        identity: IdentityService,
        citizens: CitizenRepository,
        bookings: BookingService,
        handovers: HandoverService,
        rules: BookingRules,
        now: datetime,
    ) -> None:
        self._rights = rights
        self._erasures = erasures
        self._identity = identity
        self._citizens = citizens
        self._bookings = bookings
        self._handovers = handovers
        self._rules = rules
        self._now = now

    async def ask(self, conversation_id: str, kind: RequestKind, channel: str) -> Asked:
        """Takes a request, or takes up the one that is open.

        Raises:
            TooManyCodes: No more codes are sent for a while; nothing was stored.
        """
        request = await self._rights.open_request(conversation_id, kind, self._now, a_month_after(self._now))
        if await self._erasures.of_request(request.id) is None:
            await self._identity.begin(request, await self._asker(conversation_id, channel))
        return await self._told(request)

    async def send_code(self, request_id: str, channel: str) -> Asked:
        """Has another code sent.

        Raises:
            NotFound: There is no such open request.
            TooManyCodes: No more are sent for a while.
            IdentityNotShown: There is no number that a code can be sent to.
        """
        request, conversation_id = await self._open(request_id)
        await self._identity.send_code(request, await self._asker(conversation_id, channel))
        return await self._told(request)

    async def check_code(self, request_id: str, proof: str) -> tuple[CodeAnswer, int]:
        """Takes the proof of a code; gives what it is worth, and how many tries are left.

        Raises:
            NotFound: There is no such open request.
        """
        request, _ = await self._open(request_id)
        return await self._identity.check(request, proof)

    async def withdraw(self, request_id: str) -> None:
        """Closes a request that the citizen does not want any more; one that is closed stays so.

        Raises:
            NotFound: There is no such request.
            ErasureBegun: It cannot be taken back.
        """
        request = await self._rights.request(request_id)
        if request is None:
            raise NotFound("There is no such request")
        if await self._erasures.of_request(request_id):
            raise ErasureBegun
        request.closed_at = request.closed_at or self._now

    async def give_link(self, request_id: str) -> ExportLink:
        """A link to everything there is; with it the request is met.

        Raises:
            NotFound: There is no such open request for an export.
            IdentityNotShown: It may be somebody else who asks.
        """
        request, _ = await self._open(request_id, RequestKind.EXPORT)
        self._identity.demand(request)
        link = ExportLink(request_id=request.id, expires_at=self._now + LINK_LASTS)
        await self._rights.add(link)
        request.closed_at = self._now
        return link

    async def begin_erasure(
        self, request_id: str, meeting: str, asked_about: MeetingAsked | None = None
    ) -> Erasure:
        """Decides that everything is erased. It is done beside, and told when it is.

        Whoever waits for a person waits no longer.

        Args:
            request_id: The request.
            meeting: "cancel" or "keep" for the citizen's coming meeting, "none" where there is none.
            asked_about: That meeting as the citizen was asked about it.

        Raises:
            NotFound: There is no such open request for an erasure.
            IdentityNotShown: It may be somebody else who asks.
            MeetingUndecided: There is a coming meeting, or it is not as the citizen was asked about it.
            PersonThere: A caseworker has the conversation, or is about to.
        """
        request, conversation_id = await self._open(request_id, RequestKind.ERASURE)
        begun = await self._erasures.of_request(request_id)
        if begun:
            return begun
        self._identity.demand(request)
        coming = await self._coming(conversation_id)
        if asked_about != self._as_asked(coming):
            raise MeetingUndecided
        try:
            await self._handovers.leave(conversation_id)
        except NotWaiting as reason:
            raise PersonThere from reason
        if coming and meeting == "cancel":
            await self._call_off(coming)
        erasure = Erasure(
            number=receipt_number(),
            request_id=request.id,
            conversation_id=conversation_id,
            meeting=meeting,
            begun_at=self._now,
            erased=[],
            kept=[],
        )
        await self._rights.add(erasure)
        return erasure

    async def erase_rows(self, number: str, until: datetime, eraser: RowEraser) -> Erasure:
        """Erases the rows of an erasure's conversation; the caller holds the conversation meanwhile.

        Raises:
            NotFound: There is no such erasure.
        """
        erasure = await self.erasure(number)
        if erasure.conversation_id is not None:
            await eraser.erase(erasure, erasure.conversation_id, until)
        return erasure

    async def obstacle(self, number: str) -> Obstacle | None:
        """What keeps an erasure from being carried out now.

        Raises:
            NotFound: There is no such erasure.
        """
        conversation_id = (await self.erasure(number)).conversation_id
        if conversation_id is None:
            return None
        if await self._handovers.is_under_way(conversation_id):
            return Obstacle.PERSON
        if await self._erasures.is_crisis_unseen(conversation_id):
            return Obstacle.CRISIS
        if await self._erasures.is_notice_unsaid(conversation_id, self._now - NOTICE_WITHIN):
            return Obstacle.NOTICE
        return None

    async def erasure(self, number: str) -> Erasure:
        """The erasure with a number.

        Raises:
            NotFound: There is none.
        """
        erasure = await self._erasures.get(number)
        if erasure is None:
            raise NotFound("There is no such erasure")
        return erasure

    async def erasure_of(self, conversation_id: str) -> Erasure:
        """The latest erasure of a conversation, by the id it had: what was in it before is gone.

        Raises:
            NotFound: It was not erased, or not because its citizen had asked.
        """
        erasure = await self._erasures.of_conversation(conversation_id)
        if erasure is None or erasure.request_id is None:
            raise NotFound("Nobody has had this conversation erased")
        return erasure

    def _as_asked(self, booking: Booking | None) -> MeetingAsked | None:
        if booking is None:
            return None
        can_cancel = self._rules.may_change(booking.slot.starts_at, self._now)
        return MeetingAsked(booking.id, booking.version, can_cancel)

    async def _call_off(self, booking: Booking) -> None:
        if self._rules.may_change(booking.slot.starts_at, self._now):
            await self._bookings.cancel(booking.id, version=booking.version, reason=CANCELLED)
        elif booking.absence_reported_at is None:
            await self._bookings.report_absence(booking.id, version=booking.version, reason=CANCELLED)

    async def _told(self, request: RightsRequest) -> Asked:
        conversation_id = request.conversation_id
        gets_code = request.identity == Identity.CODE
        coming = await self._coming(conversation_id) if conversation_id else None
        return Asked(
            request,
            self._identity.is_shown(request),
            await self._phone(conversation_id) if conversation_id and gets_code else None,
            coming,
            self._as_asked(coming),
            await self._erasures.of_request(request.id),
        )

    async def _open(self, request_id: str, kind: RequestKind | None = None) -> tuple[RightsRequest, str]:
        request = await self._rights.request(request_id)
        if (
            request is None
            or request.closed_at is not None
            or request.conversation_id is None
            or (kind is not None and request.kind != kind)
        ):
            raise NotFound("There is no such open request")
        return request, request.conversation_id

    async def _asker(self, conversation_id: str, channel: str) -> Asker:
        return Asker(conversation_id, channel, await self._rights.numbers_told(conversation_id))

    async def _phone(self, conversation_id: str) -> str | None:
        if conversation_id.startswith(SMS_CONVERSATION):
            # A code goes to the number of the conversation, whatever number was told for a meeting.
            return None
        return phone_for_codes(await self._rights.numbers_told(conversation_id))

    async def _coming(self, conversation_id: str) -> Booking | None:
        citizen = await self._citizens.by_conversation(conversation_id)
        if citizen is None:
            return None
        await self._bookings.lock(citizen.id)
        return next(iter(await self._bookings.coming(citizen.id)), None)
