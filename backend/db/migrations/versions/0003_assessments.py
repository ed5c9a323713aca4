"""Assessments, placements and tracks.

Revision: 0003
Parent: 0002
"""

import sqlalchemy as sa
from alembic import op

from backend.db import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tracks",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("short_name", sa.String(100), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("for_whom", sa.Text(), nullable=False),
        sa.Column("leads_to", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tracks"),
    )
    op.create_table(
        "assessments",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("citizen_id", sa.String(36), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("engine_version", sa.String(100), nullable=False),
        sa.Column("bank_version", sa.String(100), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('active', 'paused', 'finished', 'abandoned')", name=op.f("ck_assessments_status")
        ),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name="fk_assessments_citizen_id_citizens"),
        sa.PrimaryKeyConstraint("id", name="pk_assessments"),
    )
    op.create_index("ix_assessments_citizen_id", "assessments", ["citizen_id"])
    op.create_index("ix_assessments_created_at", "assessments", ["created_at"])
    is_open = sa.text("status IN ('active', 'paused')")
    op.create_index(
        "uq_assessments_open_citizen_id",
        "assessments",
        ["citizen_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "assessment_answers",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("assessment_id", sa.String(36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(50), nullable=False),
        sa.Column("response", sa.Integer(), nullable=True),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("response BETWEEN 0 AND 3", name=op.f("ck_assessment_answers_response_on_scale")),
        sa.CheckConstraint(
            "NOT skipped OR response IS NULL", name=op.f("ck_assessment_answers_skipped_without_response")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name="fk_assessment_answers_assessment_id_assessments"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_assessment_answers"),
        sa.UniqueConstraint("assessment_id", "sequence", name="uq_assessment_answers_assessment_id_sequence"),
    )
    op.create_table(
        "placements",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("citizen_id", sa.String(36), nullable=False),
        sa.Column("assessment_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("track", sa.String(20), nullable=True),
        sa.Column("borderline", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("counterfactual", sa.Text(), nullable=True),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.Column("dispute_reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.String(200), nullable=True),
        sa.Column("decided_reason", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('proposed', 'confirmed', 'changed')", name=op.f("ck_placements_status")
        ),
        sa.CheckConstraint("track IN ('foundation', 'employer_pilot')", name=op.f("ck_placements_track")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name="fk_placements_citizen_id_citizens"),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name="fk_placements_assessment_id_assessments"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_placements"),
        sa.UniqueConstraint("assessment_id", name="uq_placements_assessment_id"),
    )
    op.create_index("ix_placements_citizen_id", "placements", ["citizen_id"])
    op.create_index("ix_placements_created_at", "placements", ["created_at"])
    op.create_table(
        "placement_events",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("placement_id", sa.String(36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("track", sa.String(20), nullable=True),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('proposed', 'disputed', 'confirmed', 'changed')", name=op.f("ck_placement_events_kind")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name="fk_placement_events_placement_id_placements"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_placement_events"),
        sa.UniqueConstraint("placement_id", "sequence", name="uq_placement_events_placement_id_sequence"),
    )


def downgrade() -> None:
    op.drop_table("placement_events")
    op.drop_table("placements")
    op.drop_table("assessment_answers")
    op.drop_table("assessments")
    op.drop_table("tracks")
