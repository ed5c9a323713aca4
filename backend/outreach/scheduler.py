"""Writes to citizens when there is occasion to, as long as the backend runs. Two of them do no harm.

The database lets an occasion have one message, and the channel takes a message with the same id once, so it
makes no difference how many schedulers find it.
"""

import asyncio
import logging
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import Clock
from backend.db import Database
from backend.outreach.gateway import AssistantChannel, ChannelUnavailable, SmsChannel, WebChannel
from backend.outreach.hours import is_open
from backend.outreach.occasions import OutreachKind
from backend.outreach.repository import ContactWishRepository, OutreachRepository
from backend.outreach.service import ContactWishService, OutreachService
from backend.outreach.tables import OutreachChannel, OutreachMessage, OutreachState
from backend.problems import DatabaseUnavailable
from observability.metrics import worked

ROUND_SECONDS = 30.0
BATCH = 50

_RESPONSES = {
    OutreachKind.REMINDER_DAY: "utter_reminder_day",
    OutreachKind.REMINDER_HOURS: "utter_reminder_hours",
    OutreachKind.UNFINISHED: "utter_unfinished",
    OutreachKind.INVITATION: "utter_invitation",
    OutreachKind.BOOKED_BY_STAFF: "utter_staff_notice",
    OutreachKind.MOVED_BY_STAFF: "utter_staff_notice",
    OutreachKind.CANCELLED_BY_STAFF: "utter_staff_notice",
}
# What the channel says of a message, and what that means here.
_STATES = {
    "waiting": OutreachState.HANDED_OVER,
    "sent": OutreachState.SENT,
    "delivered": OutreachState.DELIVERED,
    "failed": OutreachState.FAILED,
}
_logger = logging.getLogger(__name__)


class OutreachScheduler:
    """Plans, hands over, and asks what came of it.

    Args:
        database: Where messages are stored.
        web: The chat, which a citizen may be told something in at any time of day.
        sms: The SMS channel; None while nobody carries SMS.
        clock: The present moment.
    """

    def __init__(self, database: Database, web: WebChannel, sms: SmsChannel | None, clock: Clock) -> None:
        self._database = database
        self._web = web
        self._sms = sms
        self._clock = clock

    async def run(self) -> None:
        """Goes round until cancelled; a round that fails is logged and the next one comes."""
        while True:
            await asyncio.sleep(ROUND_SECONDS)
            try:
                await self.go_round()
                worked("outreach")
            except DatabaseUnavailable:
                _logger.warning("Outreach waits for the database")
            except Exception:
                _logger.exception("A round of outreach failed")

    async def go_round(self) -> None:
        """Does once what there is to do."""
        for message in await self._waiting(OutreachChannel.WEB):
            await self._put_into_chat(message)
        if self._sms is None:
            return
        if is_open(self._clock()):
            await self._plan()
            for message in await self._waiting(OutreachChannel.SMS):
                await self._hand_over(message, self._sms)
        for message in await self._on_the_way():
            await self._ask_about(message, self._sms)

    async def _plan(self) -> None:
        async with self._database.write() as work:
            await self._service(work.session).plan()
            await work.commit()

    async def _waiting(self, channel: OutreachChannel) -> Sequence[OutreachMessage]:
        async with self._database.read() as work:
            return await self._service(work.session).waiting(channel, BATCH)

    async def _on_the_way(self) -> Sequence[OutreachMessage]:
        async with self._database.read() as work:
            return await self._service(work.session).on_the_way(BATCH)

    async def _put_into_chat(self, message: OutreachMessage) -> None:
        try:
            await self._announce(message, self._web, OutreachState.IN_CHAT)
        except ChannelUnavailable as reason:
            _logger.warning("Message %s waits for the chat (%s)", message.id, reason)

    async def _hand_over(self, message: OutreachMessage, sms: SmsChannel) -> None:
        try:
            if message.conversation_id is None and message.phone is not None:
                message.conversation_id = await sms.conversation_with(message.phone)
                await self._address(message.id, message.conversation_id)
            await self._announce(message, sms, OutreachState.HANDED_OVER)
        except ChannelUnavailable as reason:
            _logger.warning("Message %s waits for the SMS channel (%s)", message.id, reason)

    async def _announce(
        self, message: OutreachMessage, channel: AssistantChannel, taken: OutreachState
    ) -> None:
        if await self._should_go(message) and message.conversation_id is not None:
            response = _RESPONSES[message.kind]
            await channel.announce(message.id, message.conversation_id, response, message.values)
            await self._note(message.id, taken)
        else:
            await self._note(message.id, OutreachState.DROPPED)

    async def _ask_about(self, message: OutreachMessage, sms: SmsChannel) -> None:
        try:
            state = _STATES.get(await sms.state(message.id))
        except ChannelUnavailable as reason:
            _logger.warning("The SMS channel cannot tell of message %s (%s)", message.id, reason)
            return
        if state is not None and state is not OutreachState.HANDED_OVER:
            await self._note(message.id, state)

    async def _should_go(self, message: OutreachMessage) -> bool:
        async with self._database.read() as work:
            return await self._service(work.session).should_go(message)

    async def _address(self, message_id: str, conversation_id: str) -> None:
        async with self._database.write() as work:
            await self._service(work.session).address(message_id, conversation_id)
            await work.commit()

    async def _note(self, message_id: str, state: OutreachState) -> None:
        async with self._database.write() as work:
            await self._service(work.session).note(message_id, state)
            await work.commit()

    def _service(self, session: AsyncSession) -> OutreachService:
        wishes = ContactWishService(ContactWishRepository(session))
        return OutreachService(OutreachRepository(session), wishes, self._clock())
