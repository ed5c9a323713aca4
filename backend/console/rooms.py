"""The other rooms' services, within one transaction."""

from collections.abc import Sequence
from datetime import datetime

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.service import AppointmentService
from backend.assessment.repository import AssessmentRepository
from backend.assessment.service import AssessmentService
from backend.booking.attendance import AttendanceService
from backend.booking.free_days import FreeDayReader
from backend.booking.repository import BookingRepository
from backend.booking.rules import BookingRules
from backend.booking.service import BookingService
from backend.citizens.repository import CitizenRepository
from backend.citizens.service import CitizenService
from backend.console.browser import CASEWORKER
from backend.console.meeting_cards import MeetingCards
from backend.console.rights import needed_right
from backend.corrections.repository import CorrectionRepository, TrainingRepository
from backend.corrections.service import CorrectionService, TrainingService
from backend.handover.overview import DeskOverview
from backend.handover.pulses import Pulses, read_pulses
from backend.handover.repository import HandoverRepository, ownership_of
from backend.handover.texts import history_line
from backend.keys import CLOCK, ENGINE, ITEM_BANK, MUNICIPALITY, POLICY, SETTINGS
from backend.outreach.notices import NoticeService
from backend.outreach.repository import ContactWishRepository, OutreachRepository
from backend.outreach.service import ContactWishService, OutreachService
from backend.outreach.tables import OutreachMessage
from backend.oversight.repository import OversightRepository
from backend.oversight.service import OversightService
from backend.placements.repository import PlacementRepository
from backend.placements.service import PlacementService
from backend.placements.tables import Placement
from backend.privacy.desk import RightsDesk
from backend.privacy.repository import ErasureRepository, RightsRepository
from backend.privacy.tombstones import is_stub
from backend.problems import NotFound
from backend.retention.departure import Departure, departure
from backend.reviews.repository import ReviewRepository
from backend.reviews.service import ReviewService
from backend.tracks.repository import TrackRepository
from backend.transcripts.repository import TranscriptRepository
from backend.transcripts.service import TranscriptService


class Rooms:
    """What a page asks.

    Args:
        request: The request that the page answers.
        session: The transaction.
    """

    def __init__(self, request: web.Request, session: AsyncSession) -> None:
        shared = request.config_dict
        now = shared[CLOCK]()
        self.scope = request[CASEWORKER].citizens(needed_right(request))
        """The teams whose citizens the page may show."""
        self.transcripts = TranscriptService(TranscriptRepository(session, self.scope), now)
        self.placements = PlacementService(PlacementRepository(session), now)
        self.citizens = CitizenService(CitizenRepository(session), now)
        self.assessments = AssessmentService(
            AssessmentRepository(session),
            self.citizens,
            self.placements,
            shared[ENGINE],
            shared[ITEM_BANK],
            now,
        )
        caseworker = request[CASEWORKER].name
        bookings = BookingRepository(session)
        rules = BookingRules.of(shared[SETTINGS], shared[MUNICIPALITY]).for_staff()
        self.bookings = BookingService(bookings, rules, now, caseworker)
        self.attendance = AttendanceService(bookings, now, caseworker)
        self.free_days = FreeDayReader(bookings, rules, now)
        outreach = OutreachRepository(session)
        wishes = ContactWishService(ContactWishRepository(session))
        self.outreach = OutreachService(outreach, wishes, now)
        self.notices = NoticeService(outreach, wishes, now, sends_sms=shared[SETTINGS].sends_sms)
        self.appointments = AppointmentService(self.bookings, self.citizens, self.notices)
        self.oversight = OversightService(OversightRepository(session, self.scope), now)
        self.reviews = ReviewService(ReviewRepository(session, self.scope), now)
        self.corrections = CorrectionService(CorrectionRepository(session, self.scope), now)
        self.training = TrainingService(TrainingRepository(session), now)
        self.rights = RightsDesk(RightsRepository(session), ErasureRepository(session), self.scope, now)
        self.handovers = HandoverRepository(session, self.scope)
        self.desk_overview = DeskOverview(session, self.scope)
        self._session = session
        self._tracks = TrackRepository(session)
        self._rules, self._now = rules, now
        self._policy = shared[POLICY]

    async def placement(self, conversation_id: str, placement_id: str) -> Placement:
        """A placement of the citizen of a conversation.

        Raises:
            NotFound: There is no such conversation, or not for this caseworker, or it has no such placement.
        """
        summary = await self.transcripts.summary(conversation_id)
        placements = await self.placements.of_citizen(summary.citizen.id) if summary.citizen else []
        for placement in placements:
            if placement.id == placement_id:
                return placement
        raise NotFound("There is no such placement in this conversation")

    async def handover_lines(self, conversation_id: str) -> list[str]:
        """What happened when a person was called on in a conversation, a line each, oldest first."""
        handovers = await self.handovers.of_conversation(conversation_id)
        return [history_line(ownership_of(one), one.owner_name) for one in handovers]

    def meeting_cards(
        self, outreach: Sequence[OutreachMessage] = (), wrote_at: datetime | None = None
    ) -> MeetingCards:
        """What makes cards of meetings, given what their citizen has been sent and when they last wrote."""
        return MeetingCards(self._rules, self._now, outreach, wrote_at)

    async def track_names(self) -> dict[str, str]:
        """What the municipality calls the tracks, by id."""
        return {track.id: track.name for track in await self._tracks.all()}

    async def departure(self, conversation_id: str) -> Departure | None:
        """When a conversation is deleted; None for what is left of one that is."""
        if is_stub(conversation_id):
            return None
        return await departure(self._session, self._policy, self._now, conversation_id)

    async def pulses(self, conversation_id: str | None) -> Pulses:
        """What the desk's pages go by, with a conversation among it if one is open."""
        return await read_pulses(self._session, [conversation_id] if conversation_id else [])
