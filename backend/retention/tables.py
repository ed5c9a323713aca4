"""How it is stored what was deleted when, and which backend deletes now."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, IdColumn

ONLY_ROW = 1


class RetentionRun(Base):
    """One time that everything was gone through, and in the end what came of each kind."""

    __tablename__ = "retention_runs"

    id: Mapped[IdColumn]
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    """None while it is under way, and for one that was stopped in the middle."""


class RetentionReport(Base):
    """What a run has done to one kind of data. There is nothing in it about anybody."""

    __tablename__ = "retention_reports"

    run_id: Mapped[str] = mapped_column(ForeignKey(RetentionRun.id, ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    deleted: Mapped[int]
    """How many were deleted."""
    held: Mapped[int]
    """How many are due and held back for a reason."""
    oldest_at: Mapped[datetime | None]
    """What the oldest of those that are left is counted from."""
    error: Mapped[str | None] = mapped_column(String(50))
    """Why it was not done to the end; None when it was."""


class RetentionLease(Base):
    """Which process may delete, until when. There is one row."""

    __tablename__ = "retention_lease"
    __table_args__ = (CheckConstraint("id = 1", name="only_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder: Mapped[str | None] = mapped_column(String(36))
    until: Mapped[datetime | None]
