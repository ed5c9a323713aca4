"""How a placement and its history are stored."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.citizens.tables import Citizen
from backend.db import Base, IdColumn


class PlacementStatus(StrEnum):
    """Proposed by the assessment, until a caseworker confirms or changes it."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    CHANGED = "changed"


class PlacementEventKind(StrEnum):
    """What happened to a placement."""

    PROPOSED = "proposed"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    CHANGED = "changed"


class Placement(Base):
    """A citizen's placement as it stands now."""

    __tablename__ = "placements"
    __table_args__ = (
        CheckConstraint("status IN ('proposed', 'confirmed', 'changed')", name="status"),
        CheckConstraint("track IN ('foundation', 'employer_pilot')", name="track"),
        Index(None, "status", "borderline"),
        Index(None, "disputed"),
    )

    id: Mapped[IdColumn]
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id"), index=True)
    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessments.id"), unique=True)
    version: Mapped[int]
    """Counts its changes from 1."""
    track: Mapped[str | None] = mapped_column(String(20))
    """None when there were too few answers to propose one."""
    borderline: Mapped[bool]
    status: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[list[str]] = mapped_column(JSON)
    counterfactual: Mapped[str | None] = mapped_column(Text)
    disputed: Mapped[bool]
    dispute_reason: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)
    citizen: Mapped[Citizen] = relationship(lazy="selectin")

    @property
    def needs_occupation(self) -> bool:
        """Whether the track presupposes a wished occupation that the citizen has not told yet.

        The pilot closes the gap between a citizen and one concrete job; without a job there is no gap.
        """
        return self.track == "employer_pilot" and self.citizen.wished_occupation is None


class PlacementEvent(Base):
    """One step in a placement's history; rows are added and never changed."""

    __tablename__ = "placement_events"
    __table_args__ = (
        UniqueConstraint("placement_id", "sequence"),
        CheckConstraint("kind IN ('proposed', 'disputed', 'confirmed', 'changed')", name="kind"),
    )

    id: Mapped[IdColumn]
    placement_id: Mapped[str] = mapped_column(ForeignKey("placements.id"))
    sequence: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    track: Mapped[str | None] = mapped_column(String(20))
    """The track after this step."""
    actor: Mapped[str] = mapped_column(String(200))
    """The version of the engine, "citizen", or the caseworker's name."""
    reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
