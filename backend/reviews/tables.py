"""How reviews are stored."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, IdColumn


class Theme(StrEnum):
    """What a rating of the assistant's part in a conversation is about."""

    NOT_UNDERSTOOD = "not_understood"
    WRONG_ANSWER = "wrong_answer"
    TOO_LONG = "too_long"
    UNFRIENDLY = "unfriendly"
    TECHNICAL_FAULT = "technical_fault"
    OTHER = "other"


class ConversationReview(Base):
    """What staff have noted about a conversation."""

    __tablename__ = "conversation_reviews"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint(
            "theme IN ('not_understood', 'wrong_answer', 'too_long', "
            "'unfriendly', 'technical_fault', 'other')",
            name="theme",
        ),
        CheckConstraint("(reviewed_by IS NULL) = (reviewed_at IS NULL)", name="reviewed"),
        CheckConstraint("(rated_by IS NULL) = (rating IS NULL)", name="rated"),
        CheckConstraint("(flagged_by IS NULL) = (flagged_at IS NULL)", name="flagged"),
    )

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    reviewed_by: Mapped[str | None] = mapped_column(String(200))
    """The first who looked it through; a later rating does not change that."""
    reviewed_at: Mapped[datetime | None] = mapped_column(index=True)
    rating: Mapped[int | None]
    """How well the assistant did: 1 badly, 5 very well."""
    theme: Mapped[Theme | None] = mapped_column(String(20))
    rated_by: Mapped[str | None] = mapped_column(String(200))
    flagged_by: Mapped[str | None] = mapped_column(String(200))
    flagged_at: Mapped[datetime | None] = mapped_column(index=True)


class ConversationTag(Base):
    """A short word that staff have put on a conversation."""

    __tablename__ = "conversation_tags"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(String(30), primary_key=True)


class ConversationNote(Base):
    """A note from staff to staff. Its id comes with the form, so that sending it twice adds one note."""

    __tablename__ = "conversation_notes"

    id: Mapped[IdColumn]
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(200))
    written_at: Mapped[datetime]
