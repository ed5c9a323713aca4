"""What can be done with conversations: take events in, find, read, flag."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.problems import DatabaseUnavailable, NotFound
from backend.transcripts.deliveries import DeliveryState, delivery_of, is_about_delivery, together
from backend.transcripts.listing import ConversationFilter, Place, Summary
from backend.transcripts.passages import LED_BY, SHOWN, FoundTurns, Passage, SpokenTurn, spoken
from backend.transcripts.rasa_events import RasaEvent, Turn, turn_of
from backend.transcripts.repository import Row, TranscriptRepository
from backend.transcripts.tables import (
    Conversation,
    ConversationFlag,
    ConversationRating,
    ConversationTurn,
    FlagKind,
    SmsDelivery,
)

_ALIKE = 20


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
class Transcript:
    """What there is to read about a conversation, turns and flags oldest first.

    Attributes:
        summary: What is known of it and its citizen.
        turns: All of its turns, or those of a passage.
        flags: Its flags.
        rating: How content the citizen was, once they have told.
        earlier: The turn before which there are more, None when there are none.
        later: The turn after which there are more, None when there are none.
    """

    summary: Summary
    turns: list[SpokenTurn]
    flags: list[ConversationFlag]
    rating: ConversationRating | None
    earlier: int | None = None
    later: int | None = None


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
        """Takes events in, in any order; one that came before is left out. Gives how many were new.

        What happened before the citizen had the conversation erased stays out, however late it comes.

        Raises:
            DatabaseUnavailable: A conversation is being erased right now.
        """
        arrivals = await self._not_erased(arrivals)
        if not arrivals:
            return 0
        # Each conversation is given the time of one of its events; `absorb` finds the first and the latest.
        begun = {arrival.conversation_id: arrival.event.at for arrival in arrivals}
        for conversation_id in sorted(begun):
            await self._transcripts.ensure_conversation(conversation_id, begun[conversation_id])
        conversations = await self._transcripts.conversations_for_change(list(begun))
        if await self._not_erased(arrivals) != arrivals:
            # Erased while this waited for it. Taken again, its events are known to be too late.
            raise DatabaseUnavailable("A conversation is being erased; nothing was stored")
        once = {arrival.event_id: arrival for arrival in reversed(arrivals)}
        positions = await self._transcripts.add_new_events([_event_row(once[id]) for id in reversed(once)])
        turns: list[Row] = []
        spoken_in: set[str] = set()
        for event_id, position in positions.items():
            arrival = once[event_id]
            if is_about_delivery(arrival.event):
                await self._note_delivery(arrival)
                continue
            turn = turn_of(arrival.event)
            conversations[arrival.conversation_id].absorb(arrival.event, turn, position)
            if turn:
                turns.append(_turn_row(arrival, turn, position))
                spoken_in.add(arrival.conversation_id)
        await self._transcripts.add_turns(turns)
        await self._transcripts.number_change([conversations[id] for id in spoken_in])
        return len(positions)

    async def _not_erased(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        until = await self._transcripts.erased_until({one.conversation_id for one in arrivals})
        return [
            one
            for one in arrivals
            if one.conversation_id not in until or one.event.at > until[one.conversation_id]
        ]

    async def _note_delivery(self, arrival: Arrival) -> None:
        delivery = delivery_of(arrival.event)
        if delivery:
            await self._transcripts.note_delivery(arrival.conversation_id, delivery)

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

    async def unread_among(self, conversations: Sequence[Conversation], reader_id: str) -> set[str]:
        """Ids of the conversations in which the citizen has said something that somebody was not shown."""
        readings = await self._transcripts.readings(reader_id, [one.id for one in conversations])
        return {one.id for one in conversations if readings.get(one.id, 0) < (one.last_citizen_turn or 0)}

    async def note_reading(self, conversation: Conversation, reader_id: str) -> None:
        """Notes that somebody was shown the latest that there was in a conversation as it stood then."""
        if conversation.last_citizen_turn is not None:
            await self._transcripts.note_reading(reader_id, conversation.id, conversation.last_citizen_turn)

    async def with_same_phone(self, summary: Summary) -> list[Summary]:
        """Other conversations whose citizens told the same phone number, latest activity first."""
        phone = summary.citizen.phone if summary.citizen else None
        return await self._transcripts.with_phone(phone, summary.conversation.id, _ALIKE) if phone else []

    async def read(self, conversation_id: str) -> Transcript:
        """One conversation, whole.

        Raises:
            NotFound: There is no such conversation.
        """
        summary = await self.summary(conversation_id)
        turns = await self._transcripts.turns(conversation_id)
        actions = await self._transcripts.actions(conversation_id)
        return await self._transcript(summary, spoken(turns, actions))

    async def read_passage(self, conversation_id: str, passage: Passage) -> Transcript:
        """One conversation with some of its turns, however many it has.

        Raises:
            NotFound: There is no such conversation, or it has no such turn.
        """
        summary = await self.summary(conversation_id)
        found = await self._find_turns(conversation_id, passage)
        turns = await self._spoken(conversation_id, found.turns)
        return await self._transcript(summary, turns, found.earlier, found.later)

    async def news(self, conversation_id: str, position: int) -> list[SpokenTurn]:
        """What was said in a conversation and arrived behind a position, oldest first.

        Raises:
            NotFound: There is no such conversation.
        """
        await self.summary(conversation_id)
        return await self._spoken(conversation_id, await self._transcripts.turns(conversation_id, position))

    async def count_news(self, conversation_id: str, position: int) -> int:
        """How much was said in a conversation and arrived behind a position.

        Raises:
            NotFound: There is no such conversation.
        """
        await self.summary(conversation_id)
        return await self._transcripts.count_turns(conversation_id, position)

    async def _spoken(self, conversation_id: str, turns: Sequence[ConversationTurn]) -> list[SpokenTurn]:
        """Turns that follow one another, with what became of them."""
        if not turns:
            return []
        until = await self._transcripts.next_citizen_turn_at(conversation_id, turns[-1].occurred_at)
        actions = await self._transcripts.actions(conversation_id, turns[0].occurred_at, until)
        return spoken(turns, actions, await self._deliveries(conversation_id, turns))

    async def _deliveries(
        self, conversation_id: str, turns: Sequence[ConversationTurn]
    ) -> dict[str, DeliveryState]:
        message_ids = [turn.message_id for turn in turns if turn.message_id]
        answers: dict[str, list[SmsDelivery]] = {}
        for delivery in await self._transcripts.deliveries(conversation_id, message_ids):
            answers.setdefault(delivery.message_id, []).append(delivery)
        states = {
            message_id: together([one.state for one in given], given[0].answers)
            for message_id, given in answers.items()
        }
        return {message_id: state for message_id, state in states.items() if state}

    async def _find_turns(self, conversation_id: str, passage: Passage) -> FoundTurns:
        if passage.after is not None:
            after = await self._turn(conversation_id, passage.after)
            found = await self._transcripts.turns_after(conversation_id, after, SHOWN + 1)
            return FoundTurns(found[:SHOWN], has_earlier=True, has_later=len(found) > SHOWN)
        before = None if passage.before is None else await self._turn(conversation_id, passage.before)
        found = await self._transcripts.turns_before(conversation_id, before, SHOWN + 1)
        latest = FoundTurns(
            found[-SHOWN:], has_earlier=len(found) > SHOWN, has_later=passage.before is not None
        )
        if passage.around is None or any(turn.position == passage.around for turn in latest.turns):
            return latest
        asked_for = await self._turn(conversation_id, passage.around)
        lead = await self._transcripts.turns_before(conversation_id, asked_for, LED_BY + 1)
        rest = await self._transcripts.turns_after(conversation_id, asked_for, SHOWN)
        turns = [*lead[-LED_BY:], asked_for, *rest]
        return FoundTurns(turns[:SHOWN], has_earlier=len(lead) > LED_BY, has_later=len(turns) > SHOWN)

    async def _turn(self, conversation_id: str, position: int) -> ConversationTurn:
        turn = await self._transcripts.turn(conversation_id, position)
        if turn is None:
            raise NotFound("There is no such turn")
        return turn

    async def _transcript(
        self,
        summary: Summary,
        turns: list[SpokenTurn],
        earlier: int | None = None,
        later: int | None = None,
    ) -> Transcript:
        flags = await self._transcripts.flags([summary.conversation.id])
        rating = await self._transcripts.rating(summary.conversation.id)
        return Transcript(summary, turns, flags, rating, earlier, later)


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
        "message_id": turn.message_id,
    }
