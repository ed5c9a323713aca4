"""What a citizen is told when the staff have booked, moved or cancelled their meeting, and by which way."""

from datetime import datetime
from enum import StrEnum

from backend.booking.tables import Booking, Slot
from backend.booking.texts import booking_label
from backend.citizens.tables import Citizen
from backend.outreach.occasions import Occasion, OutreachKind
from backend.outreach.repository import OutreachRepository
from backend.outreach.service import ContactWishService
from backend.outreach.tables import OutreachChannel, OutreachState

LONGEST_WORDS = 90
"""Of what the staff add in their own words: with it, a notice with an address fits in two parts of an SMS."""
TEXT = "notice"
"""The value of a message that holds the whole notice, as it was shown before it was sent."""
_CHANGE = 'Passer den ikke, så skriv "flyt min tid" eller AFBUD her.'
_NEW = 'Skriv "book en tid" her, når du vil have en ny.'


class Way(StrEnum):
    """How a citizen can be told."""

    SMS = "sms"
    WEB = "web"
    """In the chat: now if it is open, else when the citizen opens it the next time."""
    UNWANTED = "unwanted"
    """Not at all: the citizen has asked not to be sent any SMS."""
    NONE = "none"
    """Not at all: nobody carries SMS, or the citizen writes by a system that is not ours."""


def notice(kind: OutreachKind, slot: Slot, words: str) -> str:
    """The text of a notice.

    Args:
        kind: Which one.
        slot: The meeting as it is from now on, or as it was until it was cancelled.
        words: What the staff want to say besides; may be empty.
    """
    time = booking_label(slot)
    with_whom = f"hos {slot.consultant.name}"
    match kind:
        case OutreachKind.BOOKED_BY_STAFF:
            said = (f"Vi har booket en tid til dig: {time}, {with_whom}.", words, _CHANGE)
        case OutreachKind.MOVED_BY_STAFF:
            said = (f"Vi har flyttet din tid. Den er nu {time}, {with_whom}.", words, _CHANGE)
        case _:
            said = (f"Vi har desværre måttet aflyse din tid {time}.", words, _NEW)
    return " ".join(part for part in said if part)


class NoticeService:
    """Stores a citizen's notice together with the change that it is about.

    Args:
        outreach: Where it is stored.
        wishes: Whether the citizen wants to be written to.
        now: The present moment.
        sends_sms: Whether anybody carries SMS.
    """

    def __init__(
        self, outreach: OutreachRepository, wishes: ContactWishService, now: datetime, *, sends_sms: bool
    ) -> None:
        self._outreach = outreach
        self._wishes = wishes
        self._now = now
        self._sends_sms = sends_sms

    async def way_to(self, conversation_id: str, channel: str | None) -> Way:
        """How the citizen of a conversation can be told."""
        if channel == OutreachChannel.WEB:
            return Way.WEB
        if channel != OutreachChannel.SMS or not self._sends_sms:
            return Way.NONE
        return Way.SMS if await self._wishes.wants_contact(conversation_id) else Way.UNWANTED

    async def give(self, kind: OutreachKind, citizen: Citizen, booking: Booking, words: str) -> None:
        """Notes what a citizen is to be told of a booking as it is now, in this transaction."""
        conversation_id = citizen.conversation_id
        way = await self.way_to(conversation_id, citizen.channel)
        # The version is part of the key: the same change is told once.
        occasion = Occasion(
            f"{kind}:{booking.id}:{booking.version}",
            kind,
            self._now,
            conversation_id,
            booking.id,
            {TEXT: notice(kind, booking.slot, words)},
        )
        await self._outreach.add_if_absent(
            occasion,
            self._now,
            channel=OutreachChannel.WEB if way is Way.WEB else OutreachChannel.SMS,
            state=OutreachState.WAITING if way in (Way.SMS, Way.WEB) else OutreachState.DROPPED,
        )
