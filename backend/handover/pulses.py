"""By what an open page of the desk knows that there is something new, read once for all who listen.

With fifty conversations open, each change would otherwise be looked at fifty times.
"""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Unpack

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.db import Database
from backend.handover.colleague import Colleague
from backend.handover.overview import count_unanswered
from backend.handover.ownership import HandoverState
from backend.handover.tables import CallRequest, DeskMessage, Handover, HandoverEvent
from backend.live.changes import latest_change
from backend.problems import NotFound
from backend.transcripts.tables import Conversation, ConversationTurn

TYPING_LASTS = timedelta(seconds=6)
"""How long a citizen counts as writing after each sign of it, of which there is one every three seconds."""

Row = tuple[Any, ...]
Rows = Select[Unpack[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Pulses:
    """What the desk's pages go by, as it stood after a change.

    Attributes:
        number: Of the change.
        handovers: Those that are open, each as its team, id and version.
        calls: The numbers to call, each as its team and id.
        unanswered: How much waits for an answer, each as team, owner, conversation and count.
        conversations: Of some conversations: team, last turn, last event, and when the citizen was writing.
        messages: What caseworkers wrote in these: number and state of each.
    """

    number: int
    handovers: Sequence[Row]
    calls: Sequence[Row]
    unanswered: Sequence[Row]
    conversations: Mapping[str, Row]
    messages: Mapping[str, Sequence[Row]]

    def of(self, colleague: Colleague, conversation_id: str | None, now: datetime) -> dict[str, str]:
        """A mark of each part of a page; one that differs from an earlier one means news.

        Args:
            colleague: Whose page it is. What is of other teams than theirs does not exist for them.
            conversation_id: The conversation that is open on it, if any.
            now: The moment.

        Raises:
            NotFound: There is no such conversation.
        """
        covers = colleague.scope.covers
        lists = [
            [list(row) for row in self.handovers if covers(row[0])],
            [list(row) for row in self.calls if covers(row[0])],
            [list(row) for row in self.unanswered if covers(row[0]) and row[1] == colleague.login],
        ]
        marks = {"lists": token(lists)}
        if conversation_id is not None:
            found = self.conversations.get(conversation_id)
            if found is None or not covers(found[0]):
                raise NotFound("There is no such conversation")
            _, turn, event, typed_at = found
            messages = [list(row) for row in self.messages.get(conversation_id, ())]
            marks["conversation"] = token([turn, event, messages])
            if typed_at and now - typed_at < TYPING_LASTS:
                marks["typing"] = typed_at.isoformat()
        return marks


def token(*parts: object) -> str:
    """A short text that differs when the parts do."""
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:16]


async def read_pulses(session: AsyncSession, conversation_ids: Collection[str]) -> Pulses:
    """Reads them in one transaction, whatever their number."""

    async def rows(query: Rows) -> list[Row]:
        return [tuple(row) for row in await session.execute(query)]

    messages: dict[str, list[Row]] = {}
    for conversation_id, *message in await rows(_messages(conversation_ids)):
        messages.setdefault(conversation_id, []).append(tuple(message))
    return Pulses(
        await latest_change(session),
        await rows(_open_handovers()),
        await rows(_calls()),
        sorted(await rows(count_unanswered())),
        {row[0]: row[1:] for row in await rows(_conversations(conversation_ids))},
        messages,
    )


class SharedPulses:
    """Reads them for all who listen in this process, once after each change."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: Counter[str] = Counter()
        self._one_at_a_time = asyncio.Lock()
        self._latest: Pulses | None = None

    @contextmanager
    def listening(self, conversation_id: str | None) -> Iterator[None]:
        """Counts somebody who listens to a conversation, or to the lists alone, while it lasts."""
        followed = [conversation_id] if conversation_id is not None else []
        self._listeners.update(followed)
        try:
            yield
        finally:
            self._listeners.subtract(followed)
            self._listeners += Counter()

    async def read(self, at_least: int, conversation_id: str | None) -> Pulses:
        """What the pages go by, as it stands behind a change."""
        async with self._one_at_a_time:
            latest = self._latest
            is_known = conversation_id is None or (latest and conversation_id in latest.conversations)
            if latest is None or latest.number < at_least or not is_known:
                async with self._database.read() as work:
                    latest = self._latest = await read_pulses(work.session, set(self._listeners))
            return latest


def _open_handovers() -> Rows:
    return (
        select(Conversation.team_id, Handover.id, Handover.version)
        .join(Conversation, Conversation.id == Handover.conversation_id)
        .where(Handover.state != HandoverState.CLOSED)
        .order_by(Handover.id)
    )


def _calls() -> Rows:
    return (
        select(Conversation.team_id, CallRequest.id)
        .join(Conversation, Conversation.id == CallRequest.conversation_id)
        .where(CallRequest.called_at.is_(None))
        .order_by(CallRequest.id)
    )


def _conversations(ids: Collection[str]) -> Rows:
    turn = select(func.max(ConversationTurn.position)).where(
        ConversationTurn.conversation_id == Conversation.id
    )
    event = (
        select(func.max(HandoverEvent.position))
        .join(Handover, Handover.id == HandoverEvent.handover_id)
        .where(Handover.conversation_id == Conversation.id)
    )
    typed_at = select(Handover.citizen_typed_at).where(
        Handover.conversation_id == Conversation.id, Handover.state == HandoverState.TAKEN
    )
    parts = [one.correlate(Conversation).scalar_subquery() for one in (turn, event, typed_at)]
    return select(Conversation.id, Conversation.team_id, *parts).where(Conversation.id.in_(ids))


def _messages(conversation_ids: Collection[str]) -> Rows:
    return (
        select(DeskMessage.conversation_id, DeskMessage.number, DeskMessage.state)
        .where(DeskMessage.conversation_id.in_(conversation_ids))
        .order_by(DeskMessage.conversation_id, DeskMessage.number)
    )
