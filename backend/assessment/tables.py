"""How an assessment and its answers are stored."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, IdColumn


class AssessmentStatus(StrEnum):
    """Where an assessment stands; active and paused ones are open, an abandoned one was begun again."""

    ACTIVE = "active"
    PAUSED = "paused"
    FINISHED = "finished"
    ABANDONED = "abandoned"


OPEN = (AssessmentStatus.ACTIVE, AssessmentStatus.PAUSED)
_IS_OPEN = text("status IN ('active', 'paused')")


class Assessment(Base):
    """One self-assessment of a citizen."""

    __tablename__ = "assessments"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'paused', 'finished', 'abandoned')", name="status"),
        # A citizen has one open assessment at most.
        Index(
            "uq_assessments_open_citizen_id",
            "citizen_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    id: Mapped[IdColumn]
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    engine_version: Mapped[str] = mapped_column(String(100))
    bank_version: Mapped[str] = mapped_column(String(100))
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The outcome as it was when it finished, by the versions named here."""
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class AssessmentAnswer(Base):
    """One answer, stored the moment it was given. Undoing marks it withdrawn; nothing else changes it."""

    __tablename__ = "assessment_answers"
    __table_args__ = (
        UniqueConstraint("assessment_id", "sequence"),
        CheckConstraint("response BETWEEN 0 AND 3", name="response_on_scale"),
        CheckConstraint("NOT skipped OR response IS NULL", name="skipped_without_response"),
    )

    id: Mapped[IdColumn]
    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessments.id"))
    sequence: Mapped[int]
    """Counts every answer of the assessment from 1, withdrawn ones included."""
    item_id: Mapped[str] = mapped_column(String(50))
    response: Mapped[int | None]
    """0 to 3; None is missing: the citizen did not know, or skipped."""
    skipped: Mapped[bool]
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
