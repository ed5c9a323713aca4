"""Messages to citizens who have not just written.

Revision: 0008
Parent: 0007
"""

import sqlalchemy as sa
from alembic import op

from backend.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outreach_messages",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=True),
        sa.Column("phone", sa.String(50), nullable=True),
        sa.Column("recipient", sa.String(20), nullable=False),
        sa.Column("booking_id", sa.String(36), nullable=True),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("invited_by", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outreach_messages"),
        sa.UniqueConstraint("key", name="uq_outreach_messages_key"),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["bookings.id"],
            name="fk_outreach_messages_booking_id_bookings",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "kind IN ('reminder_day', 'reminder_hours', 'moved', 'unfinished', 'invitation')",
            name="ck_outreach_messages_kind",
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'handed_over', 'sent', 'delivered', 'failed', 'dropped')",
            name="ck_outreach_messages_state",
        ),
        sa.CheckConstraint(
            "conversation_id IS NOT NULL OR phone IS NOT NULL", name="ck_outreach_messages_addressed"
        ),
    )
    op.create_index("ix_outreach_messages_conversation_id", "outreach_messages", ["conversation_id"])
    op.create_index("ix_outreach_messages_state_due_at", "outreach_messages", ["state", "due_at"])


def downgrade() -> None:
    op.drop_table("outreach_messages")
