"""How it is stored what citizens are sent, and whether they want to be."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, IdColumn, Sealed
from backend.outreach.occasions import OutreachKind


class OutreachChannel(StrEnum):
    """The channels of the assistant that a citizen can be written to by."""

    SMS = "sms"
    WEB = "web"


class OutreachState(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    HANDED_OVER = "handed_over"
    SENT = "sent"
    DELIVERED = "delivered"
    IN_CHAT = "in_chat"
    """It stands in the chat. The citizen sees it there now, or when they open it the next time."""
    FAILED = "failed"
    DROPPED = "dropped"
    """It was not sent: there is no way, or the citizen does not want it, or it was no longer true or news."""


ON_THE_WAY = (OutreachState.HANDED_OVER, OutreachState.SENT)


class ContactWish(Base):
    """The newest word of a citizen on whether they want to be written to. Without one they do."""

    __tablename__ = "contact_wishes"

    conversation_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    wanted: Mapped[bool]
    said_at: Mapped[datetime]


class OutreachMessage(Base):
    """A message to a citizen who has not just written. Its key lets each occasion have one."""

    __tablename__ = "outreach_messages"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('reminder_day', 'reminder_hours', 'unfinished', 'invitation', "
            "'booked_by_staff', 'moved_by_staff', 'cancelled_by_staff')",
            name="kind",
        ),
        CheckConstraint(
            "state IN ('waiting', 'handed_over', 'sent', 'delivered', 'in_chat', 'failed', 'dropped')",
            name="state",
        ),
        CheckConstraint("conversation_id IS NOT NULL OR phone IS NOT NULL", name="addressed"),
        Index(None, "state", "due_at"),
    )

    id: Mapped[IdColumn]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[OutreachKind] = mapped_column(String(20))
    channel: Mapped[OutreachChannel] = mapped_column(
        String(20), default=OutreachChannel.SMS, server_default="sms"
    )
    conversation_id: Mapped[str | None] = mapped_column(String(200), index=True)
    phone: Mapped[str | None] = mapped_column(Sealed("outreach_messages.phone"))
    """In E.164, of somebody who is invited, until their conversation is known."""
    recipient: Mapped[str] = mapped_column(String(20))
    """What staff see of the number."""
    booking_id: Mapped[str | None] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"))
    values: Mapped[dict[str, str]] = mapped_column(JSON)
    state: Mapped[OutreachState] = mapped_column(String(20))
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    invited_by: Mapped[str | None] = mapped_column(String(200))
