"""How consultants, their slots and the bookings are stored."""

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.db import Base, IdColumn, Sealed
from backend.teams.tables import INTAKE

MeetingForm = Literal["in_person", "phone", "video"]
BookingStatus = Literal["booked", "cancelled"]
ChangeKind = Literal["booked", "moved", "cancelled", "absence", "met", "not_met"]
Actor = Literal["citizen", "caseworker"]
_OPEN = text("ended_at IS NULL")


class Consultant(Base):
    """Someone citizens can meet."""

    __tablename__ = "consultants"

    id: Mapped[IdColumn]
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(50))
    email: Mapped[str] = mapped_column(String(200))
    team_id: Mapped[str] = mapped_column(String(36), default=INTAKE, server_default=INTAKE)
    """The team that a citizen who books a meeting belongs to from then on."""


class Slot(Base):
    """A time at which a consultant can meet one citizen. It is free unless a claim names it."""

    __tablename__ = "slots"
    __table_args__ = (
        UniqueConstraint("consultant_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("meeting_form IN ('in_person', 'phone', 'video')", name="meeting_form"),
        CheckConstraint("(meeting_form = 'phone') = (place IS NULL)", name="place_unless_phone"),
    )

    id: Mapped[IdColumn]
    consultant_id: Mapped[str] = mapped_column(ForeignKey("consultants.id"))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    meeting_form: Mapped[MeetingForm] = mapped_column(String(20))
    place: Mapped[str | None] = mapped_column(String(500))
    """Where: an address, or the link of a video meeting; nothing for a phone call."""

    consultant: Mapped[Consultant] = relationship(lazy="joined", innerjoin=True)


class Hold(Base):
    """A slot kept for a citizen for some minutes. It ends when it is booked, given back or replaced.

    One that has only run out stays open: while nobody else took the slot, it can still be booked.
    """

    __tablename__ = "holds"
    __table_args__ = (
        # A citizen has one open hold at most.
        Index(
            "uq_holds_open_citizen_id", "citizen_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )

    id: Mapped[IdColumn]
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id"), index=True)
    slot_id: Mapped[str] = mapped_column(ForeignKey("slots.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    slot: Mapped[Slot] = relationship(lazy="joined", innerjoin=True)


class Booking(Base):
    """A citizen's appointment."""

    __tablename__ = "bookings"
    __table_args__ = (CheckConstraint("status IN ('booked', 'cancelled')", name="status"),)

    id: Mapped[IdColumn]
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id"), index=True)
    slot_id: Mapped[str] = mapped_column(ForeignKey("slots.id"))
    status: Mapped[BookingStatus] = mapped_column(String(20))
    version: Mapped[int]
    """Counts from 1 with every change; also the SEQUENCE of the calendar file."""
    citizen_name: Mapped[str] = mapped_column(Sealed("bookings.citizen_name"))
    citizen_phone: Mapped[str] = mapped_column(Sealed("bookings.citizen_phone"))
    """In E.164."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    absence_reported_at: Mapped[datetime | None]
    """When the citizen first said that they cannot come, after it was too late to cancel."""
    attended: Mapped[bool | None]
    """Whether the citizen came, as the staff have marked it last; None while nobody has."""
    seen_version: Mapped[int] = mapped_column(default=0, server_default="0")
    """The version up to which the staff have seen what the citizen cancelled or reported."""
    seen_by: Mapped[str | None] = mapped_column(String(200))
    seen_at: Mapped[datetime | None]

    slot: Mapped[Slot] = relationship(lazy="joined", innerjoin=True)
    changes: Mapped[list["BookingChange"]] = relationship(order_by="BookingChange.version", lazy="raise")


class BookingChange(Base):
    """One entry of a booking's history: what happened, when, by whom and why."""

    __tablename__ = "booking_changes"
    __table_args__ = (
        UniqueConstraint("booking_id", "version"),
        Index(None, "kind", "actor", "booking_id", "version"),
        CheckConstraint("kind IN ('booked', 'moved', 'cancelled', 'absence', 'met', 'not_met')", name="kind"),
        CheckConstraint("actor IN ('citizen', 'caseworker')", name="actor"),
    )

    id: Mapped[IdColumn]
    booking_id: Mapped[str] = mapped_column(ForeignKey("bookings.id"))
    version: Mapped[int]
    """The version that the booking got by it."""
    kind: Mapped[ChangeKind] = mapped_column(String(20))
    actor: Mapped[Actor] = mapped_column(String(20))
    at: Mapped[datetime]
    slot_id: Mapped[str] = mapped_column(ForeignKey("slots.id"))
    """The booking's slot afterwards."""
    reason: Mapped[str | None] = mapped_column(String(1000))
    by: Mapped[str | None] = mapped_column(String(200))
    """The name of the caseworker who did it; None when the citizen did."""

    slot: Mapped[Slot] = relationship(lazy="joined", innerjoin=True)


class SlotClaim(Base):
    """Who has a slot: a hold until it expires, or a booking. Its primary key is what keeps a slot single."""

    __tablename__ = "slot_claims"
    __table_args__ = (
        CheckConstraint("(hold_id IS NULL) <> (booking_id IS NULL)", name="one_claimant"),
        CheckConstraint("(hold_id IS NULL) = (expires_at IS NULL)", name="holds_expire"),
    )

    slot_id: Mapped[str] = mapped_column(ForeignKey("slots.id"), primary_key=True)
    hold_id: Mapped[str | None] = mapped_column(ForeignKey("holds.id"), unique=True)
    booking_id: Mapped[str | None] = mapped_column(ForeignKey("bookings.id"), unique=True)
    expires_at: Mapped[datetime | None]
