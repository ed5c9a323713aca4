"""What can be done with conversations: take events in, find, read, flag."""

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.problems import NotFound
from backend.transcripts.rasa_events import RasaEvent, Speaker, Turn, turn_of
from backend.transcripts.repository import (
    ConversationFilter,
    Place,
    Row,
    Summary,
    TranscriptRepository,
)
from backend.transcripts.tables import ConversationFlag, ConversationRating, ConversationTurn, FlagKind


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event that has arrived.

    Attributes:
        event_id: The same each time the same event arrives.
        conversation_id: The conversation it happened in.
        event: The event.
    """

    event_id: str
    conversation_id: str
    event: RasaEvent


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """A turn of a transcript, and the action the bot said it by, if it was the bot."""

    turn: ConversationTurn
    action: str | None


@dataclass(frozen=True, slots=True)
class Transcript:
    """Everything there is to read about a conversation, turns and flags oldest first."""

    summary: Summary
    turns: list[SpokenTurn]
    flags: list[ConversationFlag]
    rating: ConversationRating | None


@dataclass(frozen=True, slots=True)
class ListedConversation:
    """A conversation in a list, with the flags that nobody has acknowledged."""

    summary: Summary
    open_flags: list[FlagKind]


def fold(text: str) -> str:
    """Text as it is searched in: without case, and the same however its letters were composed."""
    return unicodedata.normalize("NFC", text).casefold()


class TranscriptService:
    """Keeps the conversations and lets caseworkers read them."""

    def __init__(self, transcripts: TranscriptRepository, now: datetime) -> None:
        self._transcripts = transcripts
        self._now = now

    async def ingest(self, arrivals: Sequence[Arrival]) -> int:
        """Takes events in, in any order; one that came before is left out. Gives how many were new."""
        # Each conversation is given the time of one of its events; `absorb` finds the first and the latest.
        begun = {arrival.conversation_id: arrival.event.at for arrival in arrivals}
        for conversation_id in sorted(begun):
            await self._transcripts.ensure_conversation(conversation_id, begun[conversation_id])
        conversations = await self._transcripts.conversations_for_change(list(begun))
        once = {arrival.event_id: arrival for arrival in reversed(arrivals)}
        positions = await self._transcripts.add_new_events([_event_row(once[id]) for id in reversed(once)])
        turns: list[Row] = []
        spoken_in: set[str] = set()
        for event_id, position in positions.items():
            arrival = once[event_id]
            turn = turn_of(arrival.event)
            conversations[arrival.conversation_id].absorb(arrival.event, turn)
            if turn:
                turns.append(_turn_row(arrival, turn, position))
                spoken_in.add(arrival.conversation_id)
        await self._transcripts.add_turns(turns)
        await self._transcripts.number_change([conversations[id] for id in spoken_in])
        return len(positions)

    async def flag(self, conversation_id: str, kind: FlagKind, note: str | None) -> ConversationFlag:
        """Flags a conversation, which may be ahead of its events."""
        await self._transcripts.ensure_conversation(conversation_id, self._now)
        flag = ConversationFlag(conversation_id=conversation_id, kind=kind, note=note, raised_at=self._now)
        conversations = await self._transcripts.conversations_for_change([conversation_id])
        await self._transcripts.add_flag(flag)
        await self._transcripts.number_change(conversations.values())
        return flag

    async def rate(self, conversation_id: str, rating: int) -> ConversationRating:
        """Stores how content the citizen was, and gives what is stored: the first to be told stands."""
        await self._transcripts.ensure_conversation(conversation_id, self._now)
        return await self._transcripts.ensure_rating(conversation_id, rating, self._now)

    async def acknowledge(self, flag_id: str, caseworker: str) -> ConversationFlag:
        """Notes that a caseworker has seen to a flag. The first to do so stands.

        Raises:
            NotFound: There is no such flag.
        """
        flag = await self._transcripts.flag_for_change(flag_id)
        if flag is None:
            raise NotFound("There is no such flag")
        if flag.acknowledged_at is None:
            flag.acknowledged_by, flag.acknowledged_at = caseworker, self._now
        return flag

    async def find(
        self, wanted: ConversationFilter, after: Place | None, limit: int
    ) -> tuple[list[ListedConversation], Place | None]:
        """Conversations with something to read, latest activity first.

        Returns:
            One page, and the place to go on from, None on the last page.
        """
        found = await self._transcripts.page(wanted, after, limit + 1)
        page = found[:limit]
        flags = await self._transcripts.flags([summary.conversation.id for summary in page])
        listed = [ListedConversation(summary, _open_kinds(summary, flags)) for summary in page]
        if len(found) <= limit:
            return listed, None
        last = page[-1].conversation
        return listed, Place(last.last_activity_at, last.id)

    async def summary(self, conversation_id: str) -> Summary:
        """What is known of one conversation and its citizen.

        Raises:
            NotFound: There is no such conversation.
        """
        summary = await self._transcripts.summary(conversation_id)
        if summary is None:
            raise NotFound("There is no such conversation")
        return summary

    async def turns_after(self, conversation_id: str, position: int) -> list[SpokenTurn]:
        """What was said in a conversation and arrived behind a position, oldest first.

        Raises:
            NotFound: There is no such conversation.
        """
        await self.summary(conversation_id)
        turns = await self._transcripts.turns(conversation_id, position)
        actions = await self._transcripts.actions(conversation_id)
        return [SpokenTurn(turn, _action(turn, actions)) for turn in turns]

    async def read(self, conversation_id: str) -> Transcript:
        """One conversation, whole.

        Raises:
            NotFound: There is no such conversation.
        """
        summary = await self.summary(conversation_id)
        turns = await self._transcripts.turns(conversation_id)
        actions = await self._transcripts.actions(conversation_id)
        flags = await self._transcripts.flags([conversation_id])
        rating = await self._transcripts.rating(conversation_id)
        return Transcript(
            summary, [SpokenTurn(turn, _action(turn, actions)) for turn in turns], flags, rating
        )


def _action(turn: ConversationTurn, actions: Sequence[tuple[datetime, str]]) -> str | None:
    """The action a bot's turn came from: Rasa notes it right after what it said."""
    if turn.speaker != Speaker.BOT or turn.action or turn.author:
        return turn.action
    next_one = bisect_left(actions, turn.occurred_at, key=lambda action: action[0])
    return actions[next_one][1] if next_one < len(actions) else None


def _open_kinds(summary: Summary, flags: Sequence[ConversationFlag]) -> list[FlagKind]:
    kinds = {
        flag.kind
        for flag in flags
        if flag.conversation_id == summary.conversation.id and flag.acknowledged_at is None
    }
    return [kind for kind in FlagKind if kind in kinds]


def _event_row(arrival: Arrival) -> Row:
    event = arrival.event
    return {
        "event_id": arrival.event_id,
        "conversation_id": arrival.conversation_id,
        "occurred_at": event.at,
        "kind": event.event,
        "name": event.name,
        "data": event.as_json(),
    }


def _turn_row(arrival: Arrival, turn: Turn, position: int) -> Row:
    return {
        "position": position,
        "conversation_id": arrival.conversation_id,
        "occurred_at": arrival.event.at,
        "speaker": turn.speaker,
        "text": turn.text,
        "folded_text": fold(turn.text),
        "button": turn.button,
        "intent": turn.intent,
        "confidence": turn.confidence,
        "ranking": turn.ranking,
        "entities": turn.entities,
        "action": turn.action,
        "author": turn.author,
        "offered": turn.offered,
    }
