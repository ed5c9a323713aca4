"""Conversations as Rasa would publish them, and what the backend would store of each event."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np

from backend.transcripts.rasa_events import UNSURE_BELOW
from backend.transcripts.service import fold
from benchmarks.console.language import Language, Saying

Row = dict[str, Any]

EVENTS_OF_AN_EXCHANGE = 5
EVENTS_AT_THE_START = 3
_BUTTONS = ("Kan ikke", "Med hjælp", "På egen hånd", "Sikkert", "Ja, lad os starte", "Spring over", "Nej")
_SHARE_OF_BUTTONS = 0.35
_SHARE_OF_PAUSES = 0.02
_SHARE_HARD_TO_READ = 0.02
_EASY, _HARD = (40, 2), (4, 6)
"""How sure the assistant is of what it reads, as parameters of a beta distribution."""
_GUESSES = 5


@dataclass(slots=True)
class Talk:
    """One conversation.

    Attributes:
        id: Its id.
        channel: "web" or "sms".
        begins: When it begins.
        exchanges: How often the citizen says something and the bot answers.
        says_goodbye: Whether the citizen ends it.
        is_handed_over: Whether a person takes over at the end.
        turns: How many turns it got.
        conversation: What is stored of the conversation itself.
    """

    id: str
    channel: str
    begins: datetime
    exchanges: int
    says_goodbye: bool
    is_handed_over: bool
    turns: int = 0
    conversation: Row = field(default_factory=dict)

    @property
    def ends(self) -> datetime:
        """When it was last active."""
        ends: datetime = self.conversation["last_activity_at"]
        return ends


class Talker:
    """Holds conversations.

    Args:
        language: What is said.
        rng: Where chance comes from.
    """

    def __init__(self, language: Language, rng: np.random.Generator) -> None:
        self._language = language
        self._rng = rng

    def hold(self, talk: Talk, latest: datetime) -> list[tuple[Row, Row | None]]:
        """The events of a conversation in their order, each with the turn that it is; no positions yet.

        Args:
            talk: The conversation; what is stored of it is filled in.
            latest: Nothing happens after it.
        """
        conversation = talk.conversation
        conversation.update(
            {
                "id": talk.id,
                "channel": talk.channel if talk.exchanges else None,
                "started_at": talk.begins,
                "last_citizen_turn_at": None,
                "last_citizen_turn": None,
                "was_unsure": False,
                "last_change": 0,
                "last_farewell_at": None,
                "last_paused_at": None,
                "last_resumed_at": None,
            }
        )
        said = self._said(talk, latest)
        happened = [*self._start(talk), *said]
        conversation["last_activity_at"] = happened[-1][0]["occurred_at"]
        talk.turns = sum(turn is not None for _, turn in happened)
        return happened

    def _start(self, talk: Talk) -> Iterator[tuple[Row, Row | None]]:
        at = talk.begins
        for kind, name in (
            ("action", "action_session_start"),
            ("session_started", None),
            ("action", "action_listen"),
        ):
            yield _event(talk, at, kind, name, _plain(kind, name)), None

    def _said(self, talk: Talk, latest: datetime) -> list[tuple[Row, Row | None]]:
        rng, count = self._rng, talk.exchanges
        typed = self._language.typed(rng, count) if count else []
        sayings = rng.integers(len(self._language.sayings), size=count)
        intents = rng.integers(len(self._language.intents), size=count)
        clicks = rng.random(count) < _SHARE_OF_BUTTONS
        happened: list[tuple[Row, Row | None]] = []
        for number, at in enumerate(_moments(talk, latest, rng)):
            is_last = number == count - 1
            intent = "goodbye" if is_last and talk.says_goodbye else self._language.intents[intents[number]]
            title = _BUTTONS[number % len(_BUTTONS)] if clicks[number] else None
            event, turn = self._citizen(talk, at, intent, typed[number], title)
            happened.append((event, turn))
            talk.conversation["last_citizen_turn_at"] = at
            talk.conversation["was_unsure"] |= not title and turn["confidence"] < UNSURE_BELOW
            if intent in ("goodbye", "opt_out"):
                talk.conversation["last_farewell_at"] = at
            happened += _answer(talk, at, self._language.sayings[sayings[number]])
        if happened and talk.is_handed_over:
            at = happened[-1][0]["occurred_at"] + timedelta(milliseconds=1)
            happened.append((_event(talk, at, "pause", None, _plain("pause")), None))
            talk.conversation["last_paused_at"] = at
        return happened

    def _citizen(
        self, talk: Talk, at: datetime, intent: str, typed: str, title: str | None
    ) -> tuple[Row, Row]:
        is_hard = self._rng.random() < _SHARE_HARD_TO_READ
        sure = round(float(self._rng.beta(*(_HARD if is_hard else _EASY))), 6)
        payload = f"/{intent}"
        intents = self._language.intents
        names = [intent, *(intents[(hash_of(typed) + step) % len(intents)] for step in range(1, _GUESSES))]
        ranking = [
            {"name": name, "confidence": round(sure / 4**place, 6)} for place, name in enumerate(names)
        ]
        text = payload if title else typed
        event = {
            "event": "user",
            "text": text,
            "input_channel": talk.channel,
            "metadata": {"button": title} if title else {},
            "parse_data": {
                "intent": {"name": intent, "confidence": sure},
                "intent_ranking": ranking,
                "entities": [],
                "text": text,
            },
        }
        stored = _event(talk, at, "user", None, json.dumps(event))
        turn = {
            "speaker": "citizen",
            "text": title or typed,
            "button": payload if title else None,
            "intent": intent,
            "confidence": sure,
            "ranking": ranking,
            "entities": [],
            "action": None,
            "author": None,
            "offered": [],
            "message_id": None,
        }
        return stored, _turn(stored, turn)


def hash_of(text: str) -> int:
    """A number that is the same for the same text, in every process."""
    return sum(map(ord, text))


def _moments(talk: Talk, latest: datetime, rng: np.random.Generator) -> Iterator[datetime]:
    """When the citizen says something: a few seconds or minutes apart, at times days."""
    pauses = rng.exponential(25, talk.exchanges) + 2
    days = rng.random(talk.exchanges) < _SHARE_OF_PAUSES
    pauses[days] += rng.exponential(4 * 86_400, int(days.sum()))
    at = np.cumsum(pauses)
    room = max((latest - talk.begins).total_seconds() - 2, 1)
    shrink = min(1.0, room / at[-1]) if len(at) else 1.0
    for seconds in at:
        yield talk.begins + timedelta(milliseconds=math.floor(1000 * seconds * shrink))


def _answer(talk: Talk, at: datetime, saying: Saying) -> Iterator[tuple[Row, Row | None]]:
    def later(milliseconds: int) -> datetime:
        return at + timedelta(milliseconds=milliseconds)

    name = saying.name
    yield _event(talk, later(100), "slot", "last_item", _plain("slot", "last_item", name)), None
    event = _event(talk, later(200), "bot", None, _uttered(saying))
    turn = {
        "speaker": "bot",
        "text": saying.text,
        "button": None,
        "intent": None,
        "confidence": None,
        "ranking": [],
        "entities": [],
        "action": name,
        "author": None,
        "offered": list(saying.buttons),
        "message_id": None,
    }
    yield event, _turn(event, turn)
    yield _event(talk, later(210), "action", name, _plain("action", name)), None
    yield _event(talk, later(220), "action", "action_listen", _plain("action", "action_listen")), None


def _event(talk: Talk, at: datetime, kind: str, name: str | None, rest: str) -> Row:
    """An event as it is stored; `rest` is a JSON object of what it holds besides time and sender."""
    begin = f'{{"timestamp": {(at - _EPOCH).total_seconds()!r}, "sender_id": "{talk.id}", '
    return {
        "conversation_id": talk.id,
        "occurred_at": at,
        "kind": kind,
        "name": name,
        "data": begin + rest[1:],
    }


@cache
def _plain(kind: str, name: str | None = None, value: str | None = None) -> str:
    """What an event holds that is nothing said."""
    held = {"event": kind, "name": name, "value": value}
    return json.dumps({key: held[key] for key in held if held[key] is not None})


@cache
def _uttered(saying: Saying) -> str:
    return json.dumps(
        {
            "event": "bot",
            "text": saying.text,
            "metadata": {"utter_action": saying.name},
            "data": {"buttons": [{"title": title} for title in saying.buttons], "custom": None},
        }
    )


def _turn(event: Row, turn: Row) -> Row:
    return {
        "conversation_id": event["conversation_id"],
        "occurred_at": event["occurred_at"],
        "folded_text": fold(turn["text"]),
        **turn,
    }


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
