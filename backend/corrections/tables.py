"""How corrections are stored."""

from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, IdColumn


class CorrectionStatus(StrEnum):
    """Whether it becomes training data."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


class Mark(TypedDict):
    """Words of a correction's text that are an entity: from `start` up to, not including, `end`."""

    entity: str
    start: int
    end: int


class Correction(Base):
    """What a citizen's turn should have been understood as. Goes when the conversation is deleted."""

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'approved', 'rejected')", name="status"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided"),
        Index(None, "status", "made_at"),
    )

    id: Mapped[IdColumn]
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    turn: Mapped[int] = mapped_column(
        ForeignKey("conversation_turns.position", ondelete="CASCADE"), unique=True
    )
    text: Mapped[str] = mapped_column(Text)
    """What the citizen wrote, without personal data."""
    intent: Mapped[str] = mapped_column(String(200))
    understood_intent: Mapped[str | None] = mapped_column(String(200))
    """What the assistant took it to mean."""
    marks: Mapped[list[Mark]] = mapped_column(JSON)
    """The entities in the text, in their order; they do not overlap."""
    status: Mapped[CorrectionStatus] = mapped_column(String(20))
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as declared
