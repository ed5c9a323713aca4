"""Fills a database with what gathers in two years, and notes of what, so that it can be used again."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from random import Random

import numpy as np

from benchmarks.console.cases import Cases, TableRow
from benchmarks.console.language import Language
from benchmarks.console.stores import Store
from benchmarks.console.talk import EVENTS_AT_THE_START, EVENTS_OF_AN_EXCHANGE, Row, Talk, Talker

RECIPE = 3
"""Is raised when other rows come of it, so that what was filled before is not taken for it."""
_SEED = 2026
_DAYS = 730
# Conversations go on at the same time, so the events of one do not lie together.
_AT_ONCE = 2000
_SHARE_OF_SMS = 0.3
_SHARE_ONLY_OPENED = 0.03
_SPREAD = 0.8
# A table after those that it refers to.
_ORDER = (
    "teams consultants conversations conversation_events conversation_turns conversation_flags "
    "conversation_ratings conversation_reviews conversation_tags citizens assessments assessment_answers "
    "placements placement_events slots bookings booking_changes slot_claims"
).split()


@dataclass(frozen=True, slots=True)
class Scale:
    """How much.

    Attributes:
        conversations: How many conversations.
        events: How many events in all, about.
        long_turns: How many turns each of the long conversations has.
        long_conversations: How many of those there are.
    """

    conversations: int = 100_000
    events: int = 5_000_000
    long_turns: int = 1000
    long_conversations: int = 10


async def fill(
    store: Store, scale: Scale, language: Language, now: datetime, progress: Callable[[int], object]
) -> None:
    """Fills an empty database at the newest revision.

    Args:
        store: The database.
        scale: How much.
        language: What is said.
        now: When the newest conversation ends, about.
        progress: Is told how many more events are stored.
    """
    rng, random = np.random.default_rng(_SEED), Random(_SEED)
    cases, talker = Cases(random, now), Talker(language, rng)
    await _store(store, cases.staff())
    position = 0
    talks = list(_talks(scale, rng, random, now))
    for first in range(0, len(talks), _AT_ONCE):
        block = talks[first : first + _AT_ONCE]
        happened = [event for talk in block for event in talker.hold(talk, now)]
        happened.sort(key=lambda pair: pair[0]["occurred_at"])
        _note_positions(block, happened, position)
        grown = (row for talk in block for row in cases.of(talk))
        await _store(store, chain(grown, _arrived(happened, position, random)))
        position += len(happened)
        progress(len(happened))
    await store.finish()


def _talks(scale: Scale, rng: np.random.Generator, random: Random, now: datetime) -> Iterator[Talk]:
    """The conversations to hold, in the order in which they begin."""
    count = scale.conversations
    begins = np.sort(rng.random(count)) * _DAYS * 86_400
    exchanges = _exchanges(scale, rng)
    for seconds, number in zip(begins, exchanges, strict=True):
        is_sms = random.random() < _SHARE_OF_SMS
        chance = random.random()
        yield Talk(
            id=f"sms-{random.getrandbits(160):040x}" if is_sms else f"{random.getrandbits(128):032x}",
            channel="sms" if is_sms else "web",
            begins=now - timedelta(days=_DAYS) + timedelta(seconds=math.floor(seconds)),
            exchanges=int(number),
            says_goodbye=chance < 0.45,
            is_handed_over=chance > 0.99,
        )


def _exchanges(scale: Scale, rng: np.random.Generator) -> np.ndarray:
    """How long each conversation is: most are short, a few very long."""
    count = scale.conversations
    lengths = rng.lognormal(0, _SPREAD, count)
    lengths[rng.random(count) < _SHARE_ONLY_OPENED] = 0
    wanted = max((scale.events - EVENTS_AT_THE_START * count) / EVENTS_OF_AN_EXCHANGE, count)
    exchanges = np.rint(lengths * wanted / lengths.sum()).astype(int)
    long_ones = rng.choice(count, min(scale.long_conversations, count), replace=False)
    exchanges[long_ones] = scale.long_turns // 2
    return exchanges


async def _store(store: Store, rows: Iterable[TableRow]) -> None:
    by_table: defaultdict[str, list[Row]] = defaultdict(list)
    for table, row in rows:
        by_table[table].append(row)
    for table in _ORDER:
        if by_table[table]:
            await store.add(table, by_table[table])


def _note_positions(talks: Iterable[Talk], happened: Iterable[tuple[Row, Row | None]], after: int) -> None:
    """Notes in each conversation where the citizen's last turn stands among all events."""
    conversations = {talk.id: talk.conversation for talk in talks}
    for position, (event, turn) in enumerate(happened, after + 1):
        if turn and turn["speaker"] == "citizen":
            conversations[event["conversation_id"]]["last_citizen_turn"] = position


def _arrived(happened: Iterable[tuple[Row, Row | None]], after: int, random: Random) -> Iterator[TableRow]:
    """Events in the order in which they came, numbered from behind a position, and the turns they are."""
    for position, (event, turn) in enumerate(happened, after + 1):
        event_id = f"{random.getrandbits(256):064x}"
        yield "conversation_events", {"position": position, "event_id": event_id, **event}
        if turn:
            yield "conversation_turns", {"position": position, **turn}
