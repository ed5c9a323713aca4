"""Reviews of conversations, with tags and notes, and corrections of what was understood.

Revision: 0012
Parent: 0011
"""

import sqlalchemy as sa
from alembic import op

from backend.db import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _of_conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"],
        ["conversations.id"],
        name=f"fk_{table}_conversation_id_conversations",
        ondelete="CASCADE",
    )


def upgrade() -> None:
    op.create_table(
        "conversation_reviews",
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("reviewed_by", sa.String(200), nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("theme", sa.String(20), nullable=True),
        sa.Column("rated_by", sa.String(200), nullable=True),
        sa.Column("flagged_by", sa.String(200), nullable=True),
        sa.Column("flagged_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name="ck_conversation_reviews_rating"),
        sa.CheckConstraint(
            "theme IN ('not_understood', 'wrong_answer', 'too_long', "
            "'unfriendly', 'technical_fault', 'other')",
            name="ck_conversation_reviews_theme",
        ),
        sa.CheckConstraint(
            "(reviewed_by IS NULL) = (reviewed_at IS NULL)", name="ck_conversation_reviews_reviewed"
        ),
        sa.CheckConstraint("(rated_by IS NULL) = (rating IS NULL)", name="ck_conversation_reviews_rated"),
        sa.CheckConstraint(
            "(flagged_by IS NULL) = (flagged_at IS NULL)", name="ck_conversation_reviews_flagged"
        ),
        _of_conversation("conversation_reviews"),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_conversation_reviews"),
    )
    op.create_index("ix_conversation_reviews_reviewed_at", "conversation_reviews", ["reviewed_at"])
    op.create_table(
        "conversation_tags",
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("tag", sa.String(30), nullable=False),
        _of_conversation("conversation_tags"),
        sa.PrimaryKeyConstraint("conversation_id", "tag", name="pk_conversation_tags"),
    )
    op.create_table(
        "conversation_notes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(200), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        _of_conversation("conversation_notes"),
        sa.PrimaryKeyConstraint("id", name="pk_conversation_notes"),
    )
    op.create_index("ix_conversation_notes_conversation_id", "conversation_notes", ["conversation_id"])
    op.create_table(
        "corrections",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("intent", sa.String(200), nullable=False),
        sa.Column("understood_intent", sa.String(200), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('waiting', 'approved', 'rejected')", name="ck_corrections_status"),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="ck_corrections_decided"),
        _of_conversation("corrections"),
        sa.ForeignKeyConstraint(
            ["turn"],
            ["conversation_turns.position"],
            name="fk_corrections_turn_conversation_turns",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        sa.UniqueConstraint("turn", name="uq_corrections_turn"),
    )
    op.create_index("ix_corrections_conversation_id", "corrections", ["conversation_id"])
    op.create_index("ix_corrections_status_made_at", "corrections", ["status", "made_at"])


def downgrade() -> None:
    op.drop_table("corrections")
    for table in ("conversation_notes", "conversation_tags", "conversation_reviews"):
        op.drop_table(table)
