"""Has everything said that waits to be, in order in each conversation, as long as the backend runs.

Two of them do no harm: the assistant says a message with the same id once, and the next one of a conversation
waits until the one before it is settled.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from backend.booking.opening_hours import OpeningHours
from backend.clock import Clock
from backend.db import Database
from backend.handover.door import BotDoor, BotUnavailable, CannotBeSaid
from backend.handover.ownership import OPEN
from backend.handover.repository import HandoverRepository
from backend.handover.tables import DeskMessage, MessageState
from backend.handover.upkeep import QueueUpkeep
from backend.live.changes import next_change
from backend.problems import DatabaseUnavailable
from backend.teams.scope import EVERY_TEAM
from observability.metrics import worked

LOOK_AGAIN_SECONDS = 1.0
"""Messages that another backend has stored do not wake this one."""
UPKEEP_SECONDS = 5.0
REPORT_SECONDS = 10.0
AT_ONCE = 10
BATCH = 100
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(seconds=30)
MOST_ATTEMPTS = 25
"""With the pauses between them, some ten minutes; then the caseworker decides."""
_SMS = "sms"
_REPORTED_WITHIN = timedelta(days=3)
_logger = logging.getLogger(__name__)


class DeskDelivery:
    """Delivers messages, keeps the queue true and asks what became of SMS."""

    def __init__(
        self, database: Database, bot: BotDoor, hours: OpeningHours, clock: Clock, woken: asyncio.Event
    ) -> None:
        self._database = database
        self._bot = bot
        self._hours = hours
        self._clock = clock
        self._woken = woken
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Goes on until stopped; what fails is logged and tried again."""
        await asyncio.gather(
            self._forever("desk_messages", self.say_all, LOOK_AGAIN_SECONDS, self._woken),
            self._forever("desk_queue", self.keep_true, UPKEEP_SECONDS, self._stopped),
            self._forever("desk_reports", self.ask_for_reports, REPORT_SECONDS, self._stopped),
        )

    def stop(self) -> None:
        """Lets it end what is under way and no more; cancelled within it, a connection may never close."""
        self._stopped.set()
        self._woken.set()

    async def say_all(self) -> None:
        """Has said what waits, up to what fails in each conversation."""
        self._woken.clear()
        while not self._stopped.is_set() and (messages := await self._waiting()):
            limit = asyncio.Semaphore(AT_ONCE)
            await asyncio.gather(*(self._say(message, limit) for message in messages))

    async def keep_true(self) -> None:
        """Does one round of the queue's upkeep."""
        async with self._database.read() as work:
            # Most of the time there is nothing to keep, and no need to wait for a turn to write.
            if not await HandoverRepository(work.session, EVERY_TEAM).with_teams(*OPEN):
                return
        async with self._database.write() as work:
            handovers = HandoverRepository(work.session, EVERY_TEAM)
            await QueueUpkeep(handovers, self._hours, self._clock()).go_round()
            await work.commit()
        self._woken.set()

    async def ask_for_reports(self) -> None:
        """Asks what became of the messages by SMS."""
        async with self._database.read() as work:
            since = self._clock() - _REPORTED_WITHIN
            unreported = await HandoverRepository(work.session, EVERY_TEAM).unreported(_SMS, since, BATCH)
        for message in unreported:
            if self._stopped.is_set():
                return
            try:
                state = await self._bot.report(message.id)
            except BotUnavailable:
                continue
            if state in (MessageState.DELIVERED, MessageState.FAILED):
                await self._note(message.id, MessageState(state))

    async def _waiting(self) -> Sequence[DeskMessage]:
        async with self._database.read() as work:
            return await HandoverRepository(work.session, EVERY_TEAM).next_to_say(self._clock(), BATCH)

    async def _say(self, message: DeskMessage, limit: asyncio.Semaphore) -> None:
        async with limit:
            try:
                said = await self._bot.say(message)
            except BotUnavailable as reason:
                _logger.warning("Message %s waits for the assistant (%s)", message.id, reason)
                await self._try_later(message.id)
            except CannotBeSaid as reason:
                _logger.error("Message %s cannot be said (%s)", message.id, reason)
                await self._note(message.id, MessageState.FAILED)
            else:
                await self._note(message.id, MessageState(said.state), said.channel)

    async def _try_later(self, message_id: str) -> None:
        async with self._database.write() as work:
            message = await HandoverRepository(work.session, EVERY_TEAM).message_for_change(message_id)
            if message is None or message.state != MessageState.WAITING:
                return
            message.attempts += 1
            pause = min(FIRST_PAUSE * 2 ** min(message.attempts - 1, 10), LONGEST_PAUSE)
            message.next_attempt_at = self._clock() + pause
            if message.attempts >= MOST_ATTEMPTS:
                message.state, message.changed_at = MessageState.FAILED, self._clock()
                await next_change(work.session)
            await work.commit()

    async def _note(self, message_id: str, state: MessageState, channel: str | None = None) -> None:
        async with self._database.write() as work:
            message = await HandoverRepository(work.session, EVERY_TEAM).message_for_change(message_id)
            if message is not None:
                note_state(message, state)
                message.channel = channel or message.channel
                message.changed_at = self._clock()
                await next_change(work.session)
                await work.commit()

    async def _forever(
        self, name: str, step: Callable[[], Awaitable[None]], seconds: float, woken: asyncio.Event
    ) -> None:
        while not self._stopped.is_set():
            try:
                await step()
                worked(name)
            except DatabaseUnavailable:
                _logger.warning("The desk waits for the database")
            except Exception:
                _logger.exception("A round of the desk failed")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await woken.wait()


def note_state(message: DeskMessage, state: MessageState) -> None:
    """Notes how far a message has come; what has been delivered does not become less."""
    if message.state != MessageState.DELIVERED:
        message.state = state
