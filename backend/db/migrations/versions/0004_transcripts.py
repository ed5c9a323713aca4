"""Conversations, their events, turns and flags.

Revision: 0004
Parent: 0003
"""

import sqlalchemy as sa
from alembic import op

from backend.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("channel", sa.String(200), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("last_activity_at", UtcDateTime(), nullable=False),
        sa.Column("last_citizen_turn_at", UtcDateTime(), nullable=True),
        sa.Column("last_farewell_at", UtcDateTime(), nullable=True),
        sa.Column("last_paused_at", UtcDateTime(), nullable=True),
        sa.Column("last_resumed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_index("ix_conversations_last_activity_at_id", "conversations", ["last_activity_at", "id"])
    op.create_table(
        "conversation_events",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(100), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(50), nullable=False),
        sa.Column("name", sa.String(200), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        _of_conversation("conversation_events"),
        sa.PrimaryKeyConstraint("position", name="pk_conversation_events"),
        sa.UniqueConstraint("event_id", name="uq_conversation_events_event_id"),
    )
    op.create_index(
        "ix_conversation_events_conversation_id_occurred_at",
        "conversation_events",
        ["conversation_id", "occurred_at"],
    )
    op.create_table(
        "conversation_turns",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("speaker", sa.String(10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded_text", sa.Text(), nullable=False),
        sa.Column("button", sa.Text(), nullable=True),
        sa.Column("intent", sa.String(200), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("ranking", sa.JSON(), nullable=False),
        sa.Column("entities", sa.JSON(), nullable=False),
        sa.Column("action", sa.String(200), nullable=True),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.CheckConstraint("speaker IN ('citizen', 'bot')", name=op.f("ck_conversation_turns_speaker")),
        _of_conversation("conversation_turns"),
        sa.ForeignKeyConstraint(
            ["position"],
            ["conversation_events.position"],
            name="fk_conversation_turns_position_conversation_events",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position", name="pk_conversation_turns"),
    )
    op.create_index(
        "ix_conversation_turns_conversation_id_occurred_at",
        "conversation_turns",
        ["conversation_id", "occurred_at"],
    )
    op.create_table(
        "conversation_flags",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("acknowledged_by", sa.String(200), nullable=True),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('crisis', 'human_requested', 'low_understanding', 'negative_feedback')",
            name=op.f("ck_conversation_flags_kind"),
        ),
        sa.CheckConstraint(
            "(acknowledged_by IS NULL) = (acknowledged_at IS NULL)",
            name=op.f("ck_conversation_flags_acknowledged"),
        ),
        _of_conversation("conversation_flags"),
        sa.PrimaryKeyConstraint("id", name="pk_conversation_flags"),
    )
    op.create_index(
        "ix_conversation_flags_conversation_id_kind", "conversation_flags", ["conversation_id", "kind"]
    )


def downgrade() -> None:
    op.drop_table("conversation_flags")
    op.drop_table("conversation_turns")
    op.drop_table("conversation_events")
    op.drop_table("conversations")


def _of_conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"],
        ["conversations.id"],
        name=f"fk_{table}_conversation_id_conversations",
        ondelete="CASCADE",
    )
