"""How the audit log is stored.

The database refuses to change an entry, and to remove one that is not old and covered by a cut (migration
0021). A migration that rebuilds the table on SQLite has to make those triggers again.
"""

from dataclasses import fields
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.audit.chain import Content
from backend.db import Base

_IS_CUT = text("removed IS NOT NULL")


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
        Index(None, "removed", sqlite_where=_IS_CUT, postgresql_where=_IS_CUT),
    )

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Its number in the log, from 1 and without gaps, so that two can never follow upon the same entry."""
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
    about: Mapped[str | None] = mapped_column(Text)
    """What else it was about, in the words of the page: an account, and the role that was given or taken."""
    removed: Mapped[int | None]
    """On an entry that tells of a cut: the position of the newest entry that is gone. As positions have no
    gaps, it is also how many are gone."""
    removed_hash: Mapped[str | None] = mapped_column(String(64))
    """The hash of that entry, which the oldest one that is left follows upon."""
    previous_hash: Mapped[str] = mapped_column(String(64))
    """The hash of the entry before it."""
    signature: Mapped[str] = mapped_column(String(80))
    """Empty on entries from before entries were signed."""
    hash: Mapped[str] = mapped_column(String(64))
    """Over all of the above."""

    def content(self) -> Content:
        """What its hash and its signature are made of."""
        return Content(**{field.name: getattr(self, field.name) for field in fields(Content)})
