"""Rasa's events: what we read in them, and which of them are turns of a conversation."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from identifiers import mask


def _masked(value: Any) -> Any:
    return mask(value) if isinstance(value, str) else value


def _with_masked_value(entity: dict[str, Any]) -> dict[str, Any]:
    return {**entity, "value": _masked(entity["value"])} if "value" in entity else entity


_NO_NUL = r"^[^\x00]*$"
# The channels mask before Rasa hears anything. What they missed stops here; ids are never looked into.
_Words = Annotated[str, StringConstraints(pattern=_NO_NUL, max_length=20_000), AfterValidator(_masked)]
_Entity = Annotated[dict[str, Any], AfterValidator(_with_masked_value)]
_Name = Annotated[str, StringConstraints(pattern=_NO_NUL, max_length=200)]
_YEAR_2100 = 4_102_444_800

# Sent by the channel itself so that the assistant speaks first.
_NOT_SAID_BY_ANYONE = frozenset({"open_chat"})
_FAREWELLS = frozenset({"goodbye", "opt_out"})
UNSURE_BELOW = 0.5
"""A turn that Rasa is less sure of than this was hard to understand."""
NOT_UNDERSTOOD = "nlu_fallback"
"""What Rasa calls a message that it takes for nothing it knows."""


class _Part(BaseModel):
    """A part of an event. Rasa may add to its events; what we do not read is kept and left alone."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True, hide_input_in_errors=True)


class Guess(_Part):
    """An intent, and how sure Rasa is of it."""

    name: _Name | None = None
    confidence: float | None = None


class Clause(_Part):
    """A part of a message that was read by itself."""

    text: _Words | None = None


class ParseData(_Part):
    """What Rasa understood."""

    text: _Words | None = None
    clauses: list[Clause] = Field(default=[], max_length=100)
    intent: Guess = Guess()
    intent_ranking: list[Guess] = Field(default=[], max_length=1000)
    entities: list[_Entity] = Field(default=[], max_length=1000)


class Button(_Part):
    """A button that was offered."""

    title: _Words


class BotData(_Part):
    """What a bot's message holds besides text."""

    buttons: list[Button] | None = None
    custom: Any = None

    @property
    def words(self) -> str:
        """What the channel shows beside the text, in words; "" when it shows nothing that has words."""
        words = self.custom.get("text") if isinstance(self.custom, dict) else None
        return words if isinstance(words, str) else ""


class Metadata(_Part):
    """What the channel or the assistant noted beside the message."""

    button: _Words | None = None
    notice_id: _Name | None = None
    utter_action: _Name | None = None
    author: _Name | None = None
    is_external: bool = False


class RasaEvent(_Part):
    """An event as Rasa publishes it, of any kind."""

    event: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,50}$")]
    timestamp: Annotated[float, Field(ge=0, le=_YEAR_2100)]
    name: _Name | None = None
    text: _Words | None = None
    input_channel: _Name | None = None
    message_id: _Name | None = None
    metadata: Metadata | None = None
    parse_data: ParseData | None = None
    data: BotData | None = None
    value: Annotated[Any, AfterValidator(_masked)] = None

    @property
    def at(self) -> datetime:
        """When it happened."""
        return datetime.fromtimestamp(self.timestamp, UTC)

    def as_json(self) -> str:
        """The event as it came, but masked. Only ASCII, so that every database can keep it."""
        return json.dumps(self.model_dump(exclude_unset=True))


class Speaker(StrEnum):
    """Who said it."""

    CITIZEN = "citizen"
    BOT = "bot"


@dataclass(frozen=True)
class Turn:
    """Something that was said.

    Attributes:
        speaker: Who said it.
        text: The words; of a click, the button's title. Empty when an empty message was sent.
        button: What the clicked button stood for. None for typed text.
        intent: What Rasa took it to mean.
        confidence: How sure Rasa was, 0 to 1.
        ranking: What else it might have meant, most likely first.
        entities: What Rasa found in it.
        action: What the bot did to say it, where the message itself tells.
        author: The caseworker who wrote it in the bot's place.
        offered: Titles of the buttons that the bot offered.
        message_id: The channel's id of the citizen's message, or of what the bot said unasked.
    """

    speaker: Speaker
    text: str
    button: str | None = None
    intent: str | None = None
    confidence: float | None = None
    ranking: list[dict[str, Any]] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)
    action: str | None = None
    author: str | None = None
    offered: list[str] = field(default_factory=list)
    message_id: str | None = None


def turn_of(event: RasaEvent) -> Turn | None:
    """Gives the turn that an event is, or None for an event that is nothing said."""
    metadata = event.metadata or Metadata()
    if event.event == "bot":
        data = event.data or BotData()
        return Turn(
            Speaker.BOT,
            _together(event.text or "", data.words),
            action=metadata.utter_action,
            author=metadata.author,
            offered=[button.title for button in data.buttons or ()],
            message_id=metadata.notice_id,
        )
    understood = event.parse_data or ParseData()
    intent = understood.intent.name
    if event.event != "user" or intent in _NOT_SAID_BY_ANYONE or metadata.is_external:
        return None
    # Typed text never starts with a slash: the channels see to it.
    typed = None if (event.text or "").startswith("/") else event.text
    return Turn(
        Speaker.CITIZEN,
        metadata.button or typed or "",
        button=event.text if metadata.button else None,
        intent=intent,
        confidence=understood.intent.confidence,
        ranking=[{"name": guess.name, "confidence": guess.confidence} for guess in understood.intent_ranking],
        entities=[_entity(entity) for entity in understood.entities],
        message_id=event.message_id,
    )


def is_unsure(turn: Turn) -> bool:
    """Tells whether the citizen wrote it and it was hard to understand, or not understood."""
    if turn.speaker is not Speaker.CITIZEN or turn.button:
        return False
    is_unlikely = turn.confidence is not None and turn.confidence < UNSURE_BELOW
    return is_unlikely or turn.intent in (None, NOT_UNDERSTOOD)


def is_farewell(turn: Turn) -> bool:
    """Tells whether the citizen ended the conversation with it."""
    return turn.speaker is Speaker.CITIZEN and turn.intent in _FAREWELLS


def _together(text: str, words: str) -> str:
    return text if words in text else f"{text}\n{words}".strip()


def _entity(found: dict[str, Any]) -> dict[str, Any]:
    return {"entity": str(found.get("entity", "")), "value": found.get("value")}
