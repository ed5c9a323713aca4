"""Consultants, slots, holds, bookings and their history.

Revision: 0002
Parent: 0001
"""

import sqlalchemy as sa
from alembic import op

from backend.db import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "consultants",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(50), nullable=False),
        sa.Column("email", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consultants"),
    )
    op.create_table(
        "slots",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("consultant_id", sa.String(36), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("meeting_form", sa.String(20), nullable=False),
        sa.Column("place", sa.String(500), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_slots_ends_after_start")),
        sa.CheckConstraint(
            "meeting_form IN ('in_person', 'phone', 'video')", name=op.f("ck_slots_meeting_form")
        ),
        sa.CheckConstraint(
            "(meeting_form = 'phone') = (place IS NULL)", name=op.f("ck_slots_place_unless_phone")
        ),
        sa.ForeignKeyConstraint(
            ["consultant_id"], ["consultants.id"], name="fk_slots_consultant_id_consultants"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_slots"),
        sa.UniqueConstraint("consultant_id", "starts_at", name="uq_slots_consultant_id_starts_at"),
    )
    op.create_index("ix_slots_starts_at", "slots", ["starts_at"])
    op.create_table(
        "holds",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("citizen_id", sa.String(36), nullable=False),
        sa.Column("slot_id", sa.String(36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name="fk_holds_citizen_id_citizens"),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name="fk_holds_slot_id_slots"),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
    )
    op.create_index("ix_holds_citizen_id", "holds", ["citizen_id"])
    op.create_index(
        "uq_holds_open_citizen_id",
        "holds",
        ["citizen_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_table(
        "bookings",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("citizen_id", sa.String(36), nullable=False),
        sa.Column("slot_id", sa.String(36), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("citizen_name", sa.String(200), nullable=False),
        sa.Column("citizen_phone", sa.String(50), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("absence_reported_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("status IN ('booked', 'cancelled')", name=op.f("ck_bookings_status")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name="fk_bookings_citizen_id_citizens"),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name="fk_bookings_slot_id_slots"),
        sa.PrimaryKeyConstraint("id", name="pk_bookings"),
    )
    op.create_index("ix_bookings_citizen_id", "bookings", ["citizen_id"])
    op.create_table(
        "booking_changes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("booking_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("slot_id", sa.String(36), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=True),
        sa.CheckConstraint(
            "kind IN ('booked', 'moved', 'cancelled', 'absence')", name=op.f("ck_booking_changes_kind")
        ),
        sa.CheckConstraint("actor IN ('citizen', 'caseworker')", name=op.f("ck_booking_changes_actor")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name="fk_booking_changes_booking_id_bookings"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name="fk_booking_changes_slot_id_slots"),
        sa.PrimaryKeyConstraint("id", name="pk_booking_changes"),
        sa.UniqueConstraint("booking_id", "version", name="uq_booking_changes_booking_id_version"),
    )
    op.create_table(
        "slot_claims",
        sa.Column("slot_id", sa.String(36), nullable=False),
        sa.Column("hold_id", sa.String(36), nullable=True),
        sa.Column("booking_id", sa.String(36), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(hold_id IS NULL) <> (booking_id IS NULL)", name=op.f("ck_slot_claims_one_claimant")
        ),
        sa.CheckConstraint(
            "(hold_id IS NULL) = (expires_at IS NULL)", name=op.f("ck_slot_claims_holds_expire")
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name="fk_slot_claims_slot_id_slots"),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name="fk_slot_claims_hold_id_holds"),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name="fk_slot_claims_booking_id_bookings"),
        sa.PrimaryKeyConstraint("slot_id", name="pk_slot_claims"),
        sa.UniqueConstraint("hold_id", name="uq_slot_claims_hold_id"),
        sa.UniqueConstraint("booking_id", name="uq_slot_claims_booking_id"),
    )


def downgrade() -> None:
    op.drop_table("slot_claims")
    op.drop_table("booking_changes")
    op.drop_table("bookings")
    op.drop_table("holds")
    op.drop_table("slots")
    op.drop_table("consultants")
