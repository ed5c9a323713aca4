"""How handovers, what caseworkers write, and who is at the desk are stored."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, IdColumn, Sealed
from backend.handover.ownership import HandoverState, Outcome, Reason
from backend.teams.scope import TeamScope


class EventKind(StrEnum):
    """What happened in a handover."""

    ASKED = "asked"
    RESERVED = "reserved"
    RELEASED = "released"
    TAKEN = "taken"
    MESSAGE_SENT = "message_sent"
    WHISPERED = "whispered"
    TRANSFERRED = "transferred"
    BROWSER_LOST = "browser_lost"
    HANDED_BACK = "handed_back"
    ENDED = "ended"
    LEFT = "left"
    HELP_RATED = "help_rated"


class MessageState(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    SENT = "sent"
    """It stands in the conversation and was handed to the channel."""
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"
    """It was not said, because it was no longer true when its turn came."""


class Cause(StrEnum):
    """Why the assistant was not enough, as the caseworker says at the end."""

    NOT_UNDERSTOOD = "not_understood"
    WRONG_ANSWER = "wrong_answer"
    NOT_COVERED = "not_covered"
    WANTED_PERSON = "wanted_person"
    OTHER = "other"


_IS_OPEN = text("state != 'closed'")


class Handover(Base):
    """A time that a person was called on in a conversation. At most one is open."""

    __tablename__ = "handovers"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'taken', 'closed')", name="state"),
        CheckConstraint("(state = 'taken') = (owner IS NOT NULL)", name="owned"),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="ended"),
        Index(
            "uq_handovers_open",
            "conversation_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index(None, "conversation_id", "asked_at"),
        Index(None, "state", "asked_at"),
    )

    id: Mapped[IdColumn]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column()
    state: Mapped[HandoverState] = mapped_column(String(10))
    reason: Mapped[Reason] = mapped_column(String(20))
    asked_at: Mapped[datetime]
    owner: Mapped[str | None] = mapped_column(String(100), index=True)
    """Login of the caseworker."""
    owner_name: Mapped[str | None] = mapped_column(String(200))
    """The last caseworker who had it; stays when it has ended."""
    reserved_by: Mapped[str | None] = mapped_column(String(100))
    reserved_until: Mapped[datetime | None]
    lost_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(String(20))
    passed_on: Mapped[str] = mapped_column(Text)
    """What the assistant said that it has told the staff."""
    asked_position: Mapped[int]
    """The place in the queue when the citizen asked; 0 when there was no queue."""
    told_position: Mapped[int | None]
    """The place that was last told; None while none was, or while it was told that nobody is there."""
    told_at: Mapped[datetime | None]
    promised_until: Mapped[datetime | None]
    """When it has taken longer than was said."""
    cause: Mapped[Cause | None] = mapped_column(String(20))
    citizen_typed_at: Mapped[datetime | None]
    """When the citizen was last writing while a person had the conversation."""
    helped: Mapped[bool | None]
    """Whether the citizen got help, as they said when asked at the end."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as declared


class HandoverEvent(Base):
    """Something that happened in a handover. Rows are added and never changed."""

    __tablename__ = "handover_events"
    __table_args__ = (Index(None, "handover_id", "position"),)

    position: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[str] = mapped_column(ForeignKey("handovers.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    kind: Mapped[EventKind] = mapped_column(String(20))
    actor: Mapped[str | None] = mapped_column(String(100))
    """Login of the caseworker; None for the citizen and for what happens by itself."""
    note: Mapped[str | None] = mapped_column(Text)
    """The whisper, the line of context, the colleague's login or the citizen's reason."""
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    """Of the request, so that a repeated one changes nothing."""


class DeskMessage(Base):
    """Something to say in a conversation: a caseworker's words, or a response about the handover itself."""

    __tablename__ = "desk_messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "number"),
        CheckConstraint("state IN ('waiting', 'sent', 'delivered', 'failed', 'dropped')", name="state"),
        CheckConstraint("(text IS NULL) != (response IS NULL)", name="worded"),
        CheckConstraint("(text IS NULL) = (author IS NULL)", name="authored"),
        CheckConstraint("only_if IN ('always', 'waiting', 'not_taken', 'unanswered')", name="only_if"),
        Index(None, "state", "next_attempt_at"),
    )

    id: Mapped[IdColumn]
    handover_id: Mapped[str] = mapped_column(ForeignKey("handovers.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Its place among the conversation's messages, from 1: they are said in this order."""
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    author: Mapped[str | None] = mapped_column(String(100))
    """Login of the caseworker."""
    author_name: Mapped[str | None] = mapped_column(String(200))
    text: Mapped[str | None] = mapped_column(Text)
    response: Mapped[str | None] = mapped_column(String(100))
    """Name of the response in the assistant's domain."""
    values: Mapped[dict[str, str]] = mapped_column(JSON)
    only_if: Mapped[str] = mapped_column(String(20))
    """When it is still true: always, while the citizen waits, while no person has the conversation, or while
    the citizen's last words are unanswered."""
    state: Mapped[MessageState] = mapped_column(String(10))
    channel: Mapped[str | None] = mapped_column(String(50))
    """The channel it was handed to."""
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class DeskPresence(Base):
    """A caseworker at the desk: who has set themselves available, or has taken a conversation."""

    __tablename__ = "desk_presence"

    login: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    teams: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """Whose citizens they may see; None for every team."""
    available: Mapped[bool]
    """Whether they take new conversations."""
    ever_available: Mapped[bool]
    """Whether they have ever done so."""
    seen_at: Mapped[datetime]

    @property
    def scope(self) -> TeamScope:
        """Whose citizens they may see."""
        return TeamScope(None if self.teams is None else frozenset(self.teams))


class CallRequest(Base):
    """A number that a citizen wants to be called on instead of waiting."""

    __tablename__ = "call_requests"

    id: Mapped[IdColumn]
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    phone: Mapped[str] = mapped_column(Sealed("call_requests.phone"))
    """In E.164."""
    asked_at: Mapped[datetime]
    called_at: Mapped[datetime | None] = mapped_column(index=True)
    called_by: Mapped[str | None] = mapped_column(String(100))
