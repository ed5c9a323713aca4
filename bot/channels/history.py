"""What has been said in a conversation, as Rasa remembers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import (
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    SlotSet,
    UserUttered,
)

from bot.channels.citizen_message import CitizenMessage

OPEN_CHAT = "/open_chat"
NOTICE_ID = "notice_id"
"""The id of what was said without being asked for; in the metadata of a bot's utterance."""
AUTHOR = "author"
"""Who has written a message in the assistant's place; in the metadata of a bot's utterance."""


class History:
    """The events of a conversation. `events` are those stored when it was taken, oldest first."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = tuple(events)

    @property
    def has_begun(self) -> bool:
        """Whether the citizen has met the assistant in this conversation."""
        return any(isinstance(event, UserUttered) for event in self.events)

    def has_heard(self, message: CitizenMessage) -> bool:
        """Tells whether this very message was handled before."""
        return message.id is not None and any(_is_message(event, message.id) for event in self.events)

    @property
    def last_said(self) -> list[dict[str, Any]]:
        """What the assistant has said since the citizen last wrote."""
        return _said_last(self.events)

    @property
    def offered_at(self) -> float | None:
        """When a choice was offered that the citizen has not answered, in seconds since 1970."""
        offered = None
        for event in self.events:
            if isinstance(event, UserUttered):
                offered = None
            elif isinstance(event, BotUttered) and event.message().get("buttons"):
                offered = event.timestamp
        return offered

    @property
    def opening(self) -> list[dict[str, Any]]:
        """The introduction, while the citizen has not written after it; else nothing."""
        last = next((event for event in reversed(self.events) if isinstance(event, UserUttered)), None)
        return self.last_said if last is not None and last.text == OPEN_CHAT else []

    def answers_to(self, message: CitizenMessage) -> list[dict[str, Any]]:
        """What the assistant said to a message it has heard, in the form output channels take.

        An introduction that was given because of it is part of that.
        """
        turns = _turns(self.events)
        heard = next((n for n, turn in enumerate(turns) if _is_message(turn[0], message.id)), None)
        if heard is None:
            return []
        opened = heard > 0 and turns[heard - 1][0].text == OPEN_CHAT
        return [
            said for turn in turns[heard - 1 if opened else heard : heard + 1] for said in _said_last(turn)
        ]

    def asked_before(self, message: CitizenMessage) -> str | None:
        """The slot that the form under way waited for when a message came, heard by now or not."""
        asked = None
        for event in self.events:
            if message.id is not None and _is_message(event, message.id):
                break
            if isinstance(event, SlotSet) and event.key == REQUESTED_SLOT:
                asked = event.value
        return asked

    @property
    def was_paused(self) -> bool:
        """Whether the assistant was silent."""
        changes = [e for e in self.events if isinstance(e, (ConversationPaused, ConversationResumed))]
        return bool(changes) and isinstance(changes[-1], ConversationPaused)

    @property
    def channel(self) -> str | None:
        """Name of the channel that the citizen wrote on last; None before they have written."""
        written = (event.input_channel for event in reversed(self.events) if isinstance(event, UserUttered))
        return next((str(channel) for channel in written if channel), None)

    @property
    def is_unanswered(self) -> bool:
        """Whether nothing has been said since the citizen last wrote."""
        return self.has_begun and not self.last_said

    def has_said(self, notice_id: str) -> bool:
        """Whether what has this id was announced or relayed before."""
        return self.said_under(notice_id) is not None

    def said_under(self, notice_id: str) -> BotUttered | None:
        """What was announced or relayed under an id."""
        said = (event for event in self.events if isinstance(event, BotUttered))
        return next((event for event in said if event.metadata.get(NOTICE_ID) == notice_id), None)


def _is_message(event: Event, message_id: str | None) -> bool:
    return isinstance(event, UserUttered) and event.message_id == message_id


def _turns(events: Sequence[Event]) -> list[list[Any]]:
    """Groups events by the message they follow, which comes first."""
    turns: list[list[Any]] = []
    for event in events:
        if isinstance(event, UserUttered):
            turns.append([event])
        elif turns:
            turns[-1].append(event)
    return turns


def _said_last(events: Sequence[Event]) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    for event in events:
        if isinstance(event, UserUttered):
            said.clear()
        elif isinstance(event, BotUttered):
            said.append(event.message())
    return said
