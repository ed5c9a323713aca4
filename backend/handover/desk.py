"""What the desk's pages call: each caseworker's doings, each in a transaction of its own.

A conversation is taken in two steps. It is reserved; then the assistant is asked to be silent, which waits
for a turn under way to end; only then is it the caseworker's. So no message of the assistant's can come while
a person has the conversation. If the backend dies in between, the reservation lapses, and the assistant finds
at its next turn that it may speak.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from backend.booking.opening_hours import OpeningHours
from backend.clock import Clock
from backend.db import Database
from backend.handover.colleague import Colleague
from backend.handover.desk_reading import DeskReading
from backend.handover.desk_service import DeskService
from backend.handover.door import BotDoor, BotUnavailable
from backend.handover.problems import AssistantUnreachable
from backend.handover.repository import HandoverRepository
from backend.handover.tables import DeskMessage
from backend.live.changes import next_change


class Desk:
    """The desk of all caseworkers."""

    def __init__(self, database: Database, bot: BotDoor, hours: OpeningHours, clock: Clock) -> None:
        """Opens the desk.

        Args:
            database: Where everything is kept.
            bot: The way to the assistant.
            hours: When somebody may be there.
            clock: Where the time comes from.
        """
        self._database = database
        self._bot = bot
        self._hours = hours
        self._clock = clock
        self.something_to_say = asyncio.Event()
        """Set when a message waits, so that it need not wait for the next round."""

    @asynccontextmanager
    async def reading(self, colleague: Colleague) -> AsyncIterator[DeskReading]:
        """What a caseworker can look at: the queue, their conversations, messages, whispers."""
        async with self._database.read() as work:
            handovers = HandoverRepository(work.session, colleague.scope)
            yield DeskReading(handovers, self._hours, colleague, self._clock())

    @asynccontextmanager
    async def changing(self, colleague: Colleague) -> AsyncIterator[DeskService]:
        """What a caseworker can change in one transaction; committed at the end, unless something is refused.

        Raises:
            Problem: What the service refuses.
        """
        async with self._database.write() as work:
            handovers = HandoverRepository(work.session, colleague.scope)
            yield DeskService(handovers, self._hours, colleague, self._clock())
            await next_change(work.session)
            await work.commit()
        self.something_to_say.set()

    async def take(self, colleague: Colleague, conversation_id: str, *, key: str) -> None:
        """Takes a conversation, asked for or not; the citizen is told who is here.

        Raises:
            NotFound: There is no such conversation.
            OwnedByAnother: Another has it or is about to.
            AssistantUnreachable: The assistant is not known to be silent; the conversation is as before.
        """
        await self._take(colleague, conversation_id, key=key, announced=True)

    async def write(self, colleague: Colleague, conversation_id: str, text: str, *, key: str) -> DeskMessage:
        """Writes to the citizen, and takes the conversation by that where it is not the caseworker's.

        Raises:
            NotFound: There is no such conversation.
            OwnedByAnother: Another has it or is about to.
            AssistantUnreachable: The assistant is not known to be silent; nothing is written.
        """
        async with self.reading(colleague) as service:
            written = await service.written(key)
        if written is not None:
            return written
        await self._take(colleague, conversation_id, key=f"{key}:take", announced=False)
        async with self.changing(colleague) as service:
            return await service.write(conversation_id, text, key=key)

    async def show_typing(self, colleague: Colleague, conversation_id: str) -> None:
        """Shows the citizen that the caseworker who has the conversation is writing."""
        async with self.reading(colleague) as service:
            if not await service.has(conversation_id):
                return
        # It is of no more use a moment later, so nothing is tried again.
        with suppress(BotUnavailable):
            await self._bot.show_typing(conversation_id, colleague.first_name)

    async def _take(self, colleague: Colleague, conversation_id: str, *, key: str, announced: bool) -> None:
        async with self.changing(colleague) as service:
            # A repeated form must not take a conversation again that has been ended since.
            if await service.was_taken(key) or await service.has(conversation_id):
                return
            await service.reserve(conversation_id)
        try:
            await self._bot.silence(conversation_id)
        except BotUnavailable as reason:
            async with self.changing(colleague) as service:
                await service.release(conversation_id)
            raise AssistantUnreachable from reason
        async with self.changing(colleague) as service:
            await service.take(conversation_id, key=key, announced=announced)
