"""What citizens want to be sent, and what they are."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.booking.contact import parse_phone
from backend.outreach.occasions import (
    NOTICES,
    STALE_AFTER,
    UNFINISHED_AFTER,
    OutreachKind,
    reminders,
    unfinished,
)
from backend.outreach.repository import ContactWishRepository, OutreachRepository
from backend.outreach.tables import ContactWish, OutreachChannel, OutreachMessage, OutreachState
from backend.teams.scope import TeamScope

# The longest time before a meeting at which a reminder of it is due, with a day to spare for the hours.
_REMINDED_WITHIN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Invited:
    """What came of a list of numbers.

    Attributes:
        new: How many are invited by it.
        known: How many had been invited before.
        unreadable: What could not be read as a number, as it was written.
    """

    new: int
    known: int
    unreadable: list[str]


class ContactWishService:
    """Keeps what citizens say about being written to."""

    def __init__(self, wishes: ContactWishRepository) -> None:
        self._wishes = wishes

    async def wants_contact(self, conversation_id: str) -> bool:
        """Whether a citizen may be written to who has not just written."""
        wish = await self._wishes.get(conversation_id)
        return wish is None or wish.wanted

    async def say(self, conversation_id: str, *, wanted: bool, said_at: datetime) -> tuple[ContactWish, bool]:
        """Stores a citizen's word, unless they have said something newer.

        Returns:
            The word that stands, and whether it is another than before.
        """
        wanted_before = await self.wants_contact(conversation_id)
        wish = await self._wishes.for_change(conversation_id, wanted, said_at)
        if said_at >= wish.said_at:
            wish.wanted, wish.said_at = wanted, said_at
        return wish, wish.wanted != wanted_before


class OutreachService:
    """Finds the occasions to write to citizens and keeps how far each message has come."""

    def __init__(self, outreach: OutreachRepository, wishes: ContactWishService, now: datetime) -> None:
        self._outreach = outreach
        self._wishes = wishes
        self._now = now

    async def plan(self) -> None:
        """Notes a message for each occasion whose time is now. An occasion that has one gets no other."""
        now = self._now
        for booking, conversation_id in await self._outreach.coming_bookings(now, now + _REMINDED_WITHIN):
            for occasion in reminders(booking, conversation_id, now):
                await self._outreach.add_if_absent(occasion, now)
        left_since, left_before = now - timedelta(days=2), now - UNFINISHED_AFTER
        for assessment_id, conversation_id, at in await self._outreach.left_assessments(
            left_since, left_before
        ):
            occasion = unfinished(assessment_id, conversation_id, at)
            if occasion.is_due(now):
                await self._outreach.add_if_absent(occasion, now)

    async def waiting(self, channel: OutreachChannel, limit: int) -> Sequence[OutreachMessage]:
        """Messages to hand over to a channel, oldest first."""
        return await self._outreach.waiting(channel, self._now, limit)

    async def on_the_way(self, limit: int) -> Sequence[OutreachMessage]:
        """Messages to ask about."""
        return await self._outreach.on_the_way(self._now - timedelta(days=3), limit)

    async def should_go(self, message: OutreachMessage) -> bool:
        """Whether a message is wanted, true and news at this moment."""
        conversation_id = message.conversation_id
        if conversation_id is None or not await self._is_wanted(message, conversation_id):
            return False
        if message.kind == OutreachKind.UNFINISHED:
            return await self._outreach.assessment_is_open(conversation_id)
        if message.booking_id is None:
            return True
        booking = await self._outreach.booking(message.booking_id)
        if booking is None:
            return False
        has_begun = booking.slot.starts_at <= self._now
        if message.kind in NOTICES:
            # Who waits for a meeting that is cancelled must hear of it, however late.
            is_of_use = not has_begun or message.kind == OutreachKind.CANCELLED_BY_STAFF
            return is_of_use and message.key.endswith(f":{booking.version}")
        if booking.status != "booked" or has_begun:
            return False
        of_this_slot = message.key.endswith(booking.slot_id)
        return of_this_slot and not booking.absence_reported_at and self._now < message.due_at + STALE_AFTER

    async def _is_wanted(self, message: OutreachMessage, conversation_id: str) -> bool:
        # Who has asked not to be written to is still told, in the chat that they open themselves.
        return message.channel == OutreachChannel.WEB or await self._wishes.wants_contact(conversation_id)

    async def newest(self, limit: int, scope: TeamScope) -> Sequence[OutreachMessage]:
        """The latest SMS to citizens of some teams, and to those who have not written yet."""
        return await self._outreach.newest(limit, scope)

    async def to_citizen(self, conversation_id: str) -> Sequence[OutreachMessage]:
        """The messages to one citizen, newest first."""
        return await self._outreach.of_conversation(conversation_id)

    async def address(self, message_id: str, conversation_id: str) -> None:
        """Notes whose conversation an invited number is; the number is forgotten."""
        message = await self._outreach.get_for_change(message_id)
        if message is not None:
            message.conversation_id, message.phone = conversation_id, None

    async def note(self, message_id: str, state: OutreachState) -> None:
        """Notes how far a message has come."""
        message = await self._outreach.get_for_change(message_id)
        if message is not None and message.state != state:
            message.state, message.changed_at = state, self._now

    async def invite(self, numbers: Sequence[str], *, keys: Sequence[str], invited_by: str) -> Invited:
        """Notes an invitation for each number that has had none.

        Args:
            numbers: As they were written; one without country code is Danish.
            keys: Hide the numbers in the messages' keys; with older ones they were hidden before.
            invited_by: The caseworker's name.
        """
        invited, known, unreadable = 0, 0, []
        for written in numbers:
            try:
                phone = parse_phone(written)
            except ValueError:
                unreadable.append(written)
                continue
            newest, *older = (_invitation_key(key, phone) for key in keys)
            is_new = not await self._outreach.is_there(older) and await self._outreach.invite_if_absent(
                newest, phone, f"***{phone[-2:]}", invited_by, self._now
            )
            invited, known = invited + is_new, known + (not is_new)
        return Invited(invited, known, unreadable)


def _invitation_key(key: str, phone: str) -> str:
    hidden = hmac.new(key.encode(), phone.encode(), hashlib.sha256).hexdigest()
    return f"{OutreachKind.INVITATION}:{hidden}"
