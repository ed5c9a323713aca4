"""Indexes for the figures: which conversations began when, and what citizens' turns were taken for.

Revision: 0011
Parent: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_conversations_started_at", "conversations", ["started_at"])
    op.create_index(
        "ix_conversation_turns_conversation_id_speaker_intent",
        "conversation_turns",
        ["conversation_id", "speaker", "intent"],
    )


def downgrade() -> None:
    op.drop_index("ix_conversation_turns_conversation_id_speaker_intent", "conversation_turns")
    op.drop_index("ix_conversations_started_at", "conversations")
