"""How conversations are stored: the events as they came, and what is read from them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, IdColumn
from backend.teams.tables import INTAKE
from backend.transcripts.deliveries import DeliveryState
from backend.transcripts.rasa_events import RasaEvent, Speaker, Turn, is_farewell, is_unsure

_IS_PAUSED = text("last_paused_at IS NOT NULL")


class FlagKind(StrEnum):
    """Why somebody should look at a conversation."""

    CRISIS = "crisis"
    HUMAN_REQUESTED = "human_requested"
    LOW_UNDERSTANDING = "low_understanding"
    NEGATIVE_FEEDBACK = "negative_feedback"


class Conversation(Base):
    """A conversation, known by the id that Rasa has for it."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index(None, "started_at"),
        Index(None, "last_activity_at", "id"),
        Index(None, "team_id", "last_activity_at", "id"),
        Index(None, "channel", "last_activity_at", "id"),
        Index(None, "was_unsure", "last_activity_at", "id"),
        Index(None, "last_change"),
        Index(
            "ix_conversations_paused",
            "last_activity_at",
            "id",
            sqlite_where=_IS_PAUSED,
            postgresql_where=_IS_PAUSED,
        ),
    )

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    team_id: Mapped[str] = mapped_column(String(36), default=INTAKE, server_default=INTAKE)
    """Whose caseworkers may see it. Not a reference: SQLite cannot add one that has a default."""
    channel: Mapped[str | None] = mapped_column(String(200))
    started_at: Mapped[datetime]
    last_activity_at: Mapped[datetime]
    last_citizen_turn_at: Mapped[datetime | None]
    """None while the citizen has only been greeted."""
    last_citizen_turn: Mapped[int | None]
    """Position of the citizen's turn that arrived last, however late it was."""
    was_unsure: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether something the citizen wrote was hard to understand."""
    last_farewell_at: Mapped[datetime | None]
    last_paused_at: Mapped[datetime | None]
    """When a person last took over from the bot."""
    last_resumed_at: Mapped[datetime | None]
    last_change: Mapped[int] = mapped_column(default=0, server_default="0")
    """Number of the latest change in which something was said or flagged."""

    def absorb(self, event: RasaEvent, turn: Turn | None, position: int) -> None:
        """Takes an event into account. The order in which events are absorbed makes no difference.

        Args:
            event: The event.
            turn: The turn that it is, if it is one.
            position: Of the event.
        """
        self.started_at = min(self.started_at, event.at)
        self.last_activity_at = max(self.last_activity_at, event.at)
        self.channel = self.channel or event.input_channel
        if turn and turn.speaker is Speaker.CITIZEN:
            self.last_citizen_turn_at = _later(self.last_citizen_turn_at, event.at)
            self.last_citizen_turn = max(self.last_citizen_turn or 0, position)
            self.was_unsure = self.was_unsure or is_unsure(turn)
            if is_farewell(turn):
                self.last_farewell_at = _later(self.last_farewell_at, event.at)
        elif event.event == "pause":
            self.last_paused_at = _later(self.last_paused_at, event.at)
        elif event.event == "resume":
            self.last_resumed_at = _later(self.last_resumed_at, event.at)


class ConversationEvent(Base):
    """One of Rasa's events, whole and unchanged. `position` is the order of arrival."""

    __tablename__ = "conversation_events"
    __table_args__ = (Index(None, "conversation_id", "occurred_at"),)

    position: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(100), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    occurred_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(50))
    name: Mapped[str | None] = mapped_column(String(200))
    """Of an action or a slot."""
    data: Mapped[str] = mapped_column(Text)


class ConversationTurn(Base):
    """Something that was said, by the citizen or the bot."""

    __tablename__ = "conversation_turns"
    __table_args__ = (
        Index(None, "conversation_id", "occurred_at"),
        Index(None, "conversation_id", "speaker", "intent"),
        CheckConstraint("speaker IN ('citizen', 'bot')", name="speaker"),
    )

    position: Mapped[int] = mapped_column(
        ForeignKey("conversation_events.position", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    """Of the event it was read from."""
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    occurred_at: Mapped[datetime]
    speaker: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    folded_text: Mapped[str] = mapped_column(Text)
    """The text without case, to search in: databases differ in which letters they know the case of."""
    button: Mapped[str | None] = mapped_column(Text)
    intent: Mapped[str | None] = mapped_column(String(200))
    confidence: Mapped[float | None]
    ranking: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    entities: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    action: Mapped[str | None] = mapped_column(String(200))
    author: Mapped[str | None] = mapped_column(String(200))
    """The caseworker who wrote it in the assistant's place."""
    offered: Mapped[list[str]] = mapped_column(JSON)
    message_id: Mapped[str | None] = mapped_column(String(200))
    """The channel's id of the citizen's message, or of what the bot said unasked."""


class ConversationFlag(Base):
    """A sign that somebody should look at a conversation, until somebody has."""

    __tablename__ = "conversation_flags"
    __table_args__ = (
        Index(None, "conversation_id", "kind"),
        Index(None, "kind", "acknowledged_at", "conversation_id"),
        CheckConstraint(
            "kind IN ('crisis', 'human_requested', 'low_understanding', 'negative_feedback')", name="kind"
        ),
        CheckConstraint("(acknowledged_by IS NULL) = (acknowledged_at IS NULL)", name="acknowledged"),
    )

    id: Mapped[IdColumn]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    kind: Mapped[FlagKind] = mapped_column(String(30))
    note: Mapped[str | None] = mapped_column(Text)
    raised_at: Mapped[datetime]
    acknowledged_by: Mapped[str | None] = mapped_column(String(200))
    acknowledged_at: Mapped[datetime | None]


class ConversationRating(Base):
    """How content a citizen was with a conversation, which they are asked once."""

    __tablename__ = "conversation_ratings"
    __table_args__ = (CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),)

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    rating: Mapped[int]
    """1 very discontent, 5 very content."""
    rated_at: Mapped[datetime]


class SmsDelivery(Base):
    """How far an answer by SMS has come."""

    __tablename__ = "sms_deliveries"
    __table_args__ = (
        Index(None, "conversation_id", "message_id"),
        CheckConstraint("state IN ('sent', 'delivered', 'failed')", name="state"),
    )

    reference: Mapped[str] = mapped_column(String(200), primary_key=True)
    """The channel's id of the answer."""
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(String(200))
    """The message that it answers, or what was to be said."""
    answers: Mapped[int]
    """How many answers there are to that message."""
    state: Mapped[DeliveryState] = mapped_column(String(20))


class ConversationReading(Base):
    """How much of a conversation somebody at the console has had before them."""

    __tablename__ = "conversation_readings"

    reader_id: Mapped[str] = mapped_column(
        ForeignKey("console_users.id", ondelete="CASCADE"), primary_key=True
    )
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    citizen_turn: Mapped[int]
    """The conversation's `last_citizen_turn` when it was shown."""


def _later(known: datetime | None, new: datetime) -> datetime:
    return new if known is None else max(known, new)
