"""How the audit log is stored."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base


class AuditOutcome(StrEnum):
    """What came of it."""

    SHOWN = "shown"
    """It was read."""
    ATTEMPTED = "attempted"
    """A change was asked for; noted before it is made, so that none is made unnoticed."""
    REFUSED = "refused"
    """It was not shown: it does not exist, or not for this person."""


class AuditEntry(Base):
    """Somebody saw something, or asked for a change."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint("outcome IN ('shown', 'attempted', 'refused')", name="outcome"),
        Index(None, "conversation_id", "at"),
    )

    position: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(200), index=True)
    """The login of who did it. Not a reference: the entry outlives the account."""
    action: Mapped[str] = mapped_column(String(100))
    """The name of the page or form."""
    outcome: Mapped[AuditOutcome] = mapped_column(String(20))
    conversation_id: Mapped[str | None] = mapped_column(String(200))
    """The conversation it was about, when it was about one."""
    listed: Mapped[list[str]] = mapped_column(JSON)
    """Ids of the conversations that a list or search showed something of."""
