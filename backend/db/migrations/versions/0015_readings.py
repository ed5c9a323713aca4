"""Who has read which conversation, what the list is filtered by, and how far answers by SMS have come.

Revision: 0015
Parent: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_conversations_channel_last_activity_at_id", "conversations", ["channel", "last_activity_at", "id"]),
    (
        "ix_conversations_was_unsure_last_activity_at_id",
        "conversations",
        ["was_unsure", "last_activity_at", "id"],
    ),
    ("ix_citizens_phone", "citizens", ["phone"]),
    ("ix_conversation_reviews_flagged_at", "conversation_reviews", ["flagged_at"]),
)


def upgrade() -> None:
    op.add_column("conversations", sa.Column("last_citizen_turn", sa.Integer(), nullable=True))
    op.add_column(
        "conversations", sa.Column("was_unsure", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(
        """
        UPDATE conversations SET last_citizen_turn = (
            SELECT MAX(position) FROM conversation_turns
            WHERE conversation_id = conversations.id AND speaker = 'citizen'
        )
        """
    )
    op.execute(
        """
        UPDATE conversations SET was_unsure = true WHERE id IN (
            SELECT conversation_id FROM conversation_turns
            WHERE speaker = 'citizen' AND (button IS NULL OR button = '')
            AND (confidence < 0.5 OR intent IS NULL OR intent = 'nlu_fallback')
        )
        """
    )
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
    op.create_table(
        "conversation_readings",
        sa.Column("reader_id", sa.String(36), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("citizen_turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reader_id"],
            ["console_users.id"],
            name="fk_conversation_readings_reader_id_console_users",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_conversation_readings_conversation_id_conversations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("reader_id", "conversation_id", name="pk_conversation_readings"),
    )
    op.create_index("ix_conversation_readings_conversation_id", "conversation_readings", ["conversation_id"])
    op.add_column("conversation_turns", sa.Column("message_id", sa.String(200), nullable=True))
    op.create_table(
        "sms_deliveries",
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.CheckConstraint("state IN ('sent', 'delivered', 'failed')", name="ck_sms_deliveries_state"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_sms_deliveries_conversation_id_conversations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("reference", name="pk_sms_deliveries"),
    )
    op.create_index(
        "ix_sms_deliveries_conversation_id_message_id", "sms_deliveries", ["conversation_id", "message_id"]
    )
    # The audit log knows who was shown a conversation, which until now was shown whole.
    op.execute(
        """
        INSERT INTO conversation_readings (reader_id, conversation_id, citizen_turn)
        SELECT console_users.id, audit_entries.conversation_id, MAX(conversation_turns.position)
        FROM audit_entries
        JOIN console_users ON console_users.login = audit_entries.actor
        JOIN conversation_turns ON conversation_turns.conversation_id = audit_entries.conversation_id
            AND conversation_turns.occurred_at <= audit_entries.at AND conversation_turns.speaker = 'citizen'
        WHERE audit_entries.action = 'conversation' AND audit_entries.outcome = 'shown'
        GROUP BY console_users.id, audit_entries.conversation_id
        """
    )


def downgrade() -> None:
    op.drop_table("sms_deliveries")
    op.drop_column("conversation_turns", "message_id")
    op.drop_table("conversation_readings")
    for name, table, _ in reversed(_INDEXES):
        op.drop_index(name, table)
    for column in ("was_unsure", "last_citizen_turn"):
        op.drop_column("conversations", column)
