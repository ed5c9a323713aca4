"""Erases the conversations whose time is up, on both sides, as an erasure that nobody has asked for.

The assistant is asked too which those are: where every event of one was refused, nothing of it is here. The
assistant holds each while it goes (bot/channels/erasure.py), and asks once more before it begins: who has
written in the meantime keeps the conversation.
"""

import logging
from collections.abc import Sequence

from backend.clock import Clock
from backend.db import Database
from backend.db.cleaning import clean, flush
from backend.outreach.gateway import ChannelUnavailable
from backend.privacy.assistant import ConversationKept, ErasureChannel
from backend.privacy.tables import Erasure
from backend.problems import DatabaseUnavailable
from backend.retention.ledger import LeasedWriter
from backend.retention.policy import Kind, Policy
from backend.retention.repository import DueConversations, DueErasures

# So many in a row that cannot be erased mean that the assistant is away.
_MOST_FAILURES = 3
ASSISTANT_AWAY = "assistant"
FILES_IN_USE = "files"
_logger = logging.getLogger(__name__)


class ConversationEraser:
    """Erases them, a batch at a time.

    Args:
        database: Where they are stored.
        writer: Makes the transactions.
        policy: What is kept how long.
        assistant: Erases what the assistant has stored.
        clock: The present moment.
        batch: How many are begun at a time.
    """

    def __init__(
        self,
        database: Database,
        writer: LeasedWriter,
        policy: Policy,
        assistant: ErasureChannel,
        clock: Clock,
        batch: int,
    ) -> None:
        self._database = database
        self._writer = writer
        self._policy = policy
        self._assistant = assistant
        self._clock = clock
        self._batch = batch
        self._failures = self._in_a_row = 0

    async def erase_due(self) -> tuple[int, str | None]:
        """Erases what is due, and tells how many are gone and why it was not all of them."""
        self._failures = self._in_a_row = 0
        await self._erase(await self._take_up())
        await self._erase_all(await self._due())
        await self._erase_unheard_of()
        error = ASSISTANT_AWAY if self._failures else None
        if not await self._has_to_clean():
            return 0, error
        try:
            await clean(self._database)
        except DatabaseUnavailable:
            return 0, FILES_IN_USE
        async with self._writer.write() as work:
            ended = await DueErasures(work.session).end(self._clock())
        try:
            # That they are ended took their ids out of the rows.
            await flush(self._database)
        except DatabaseUnavailable:
            return ended, FILES_IN_USE
        return ended, error

    async def _take_up(self) -> Sequence[Erasure]:
        """What has begun and is still to be erased; where something has happened since, it is called off."""
        async with self._writer.write() as work:
            erasures = DueErasures(work.session)
            begun = {
                one.conversation_id: one
                for one in await erasures.unfinished()
                if one.conversation_id and one.rows_erased_at is None
            }
            cutoff, now = self._policy.cutoff(Kind.CONVERSATIONS, self._clock()), self._clock()
            still_due = set(await DueConversations(work.session, cutoff, now).due(list(begun)))
            await erasures.call_off([one.number for id, one in begun.items() if id not in still_due])
        return [one for id, one in begun.items() if id in still_due]

    async def _erase_unheard_of(self) -> None:
        """Erases what is due of all that the assistant has: of some of it, no event has ever come here."""
        cutoff = self._policy.cutoff(Kind.CONVERSATIONS, self._clock())
        try:
            async for silent in self._assistant.silent_since(cutoff):
                if self._in_a_row == _MOST_FAILURES:
                    return
                await self._writer.keep_lease()
                await self._erase_all(await self._due(silent))
        except ChannelUnavailable as reason:
            self._failures += 1
            _logger.warning("What only the assistant has waits for it (%s)", reason)

    async def _erase_all(self, due: Sequence[str]) -> None:
        for first in range(0, len(due), self._batch):
            if self._in_a_row < _MOST_FAILURES:
                await self._erase(await self._begin(due[first : first + self._batch]))

    async def _due(self, among: Sequence[str] | None = None) -> list[str]:
        now = self._clock()
        async with self._database.read() as work:
            begun = {one.conversation_id for one in await DueErasures(work.session).unfinished()}
            cutoff = self._policy.cutoff(Kind.CONVERSATIONS, now)
            due = await DueConversations(work.session, cutoff, now).due(among)
        return [id for id in due if id not in begun]

    async def _begin(self, ids: Sequence[str]) -> Sequence[Erasure]:
        now = self._clock()
        async with self._writer.write() as work:
            cutoff = self._policy.cutoff(Kind.CONVERSATIONS, now)
            still_due = await DueConversations(work.session, cutoff, now).due(ids)
            return await DueErasures(work.session).begin(still_due, now)

    async def _erase(self, erasures: Sequence[Erasure]) -> None:
        """Has some erased, unless the assistant is away."""
        for erasure in erasures:
            if self._in_a_row == _MOST_FAILURES:
                return
            await self._writer.keep_lease()
            self._in_a_row += 1
            try:
                await self._assistant.erase(erasure.conversation_id or "", erasure.number)
            except ConversationKept:
                _logger.info("What was due as %s is kept: something has happened", erasure.number)
                await self._call_off(erasure.number)
            except ChannelUnavailable as reason:
                self._failures += 1
                _logger.warning("What is due as %s waits for the assistant (%s)", erasure.number, reason)
                continue
            self._in_a_row = 0

    async def _call_off(self, number: str) -> None:
        async with self._writer.write() as work:
            await DueErasures(work.session).call_off([number])

    async def _has_to_clean(self) -> bool:
        async with self._database.read() as work:
            return any(one.rows_erased_at for one in await DueErasures(work.session).unfinished())
