"""Live handover between the assistant and caseworkers.

Revision: 0020
Parent: 0019
"""

import sqlalchemy as sa
from alembic import op

from backend.db import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_open = sa.text("state != 'closed'")
    op.create_table(
        "desk_presence",
        sa.Column("login", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("teams", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("available", sa.Boolean(), nullable=False),
        sa.Column("ever_available", sa.Boolean(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("login", name="pk_desk_presence"),
    )
    op.create_table(
        "call_requests",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(50), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("called_at", UtcDateTime(), nullable=True),
        sa.Column("called_by", sa.String(100), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_call_requests_conversation_id_conversations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_call_requests"),
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("owner", sa.String(100), nullable=True),
        sa.Column("owner_name", sa.String(200), nullable=True),
        sa.Column("reserved_by", sa.String(100), nullable=True),
        sa.Column("reserved_until", UtcDateTime(), nullable=True),
        sa.Column("lost_at", UtcDateTime(), nullable=True),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.Column("passed_on", sa.Text(), nullable=False),
        sa.Column("asked_position", sa.Integer(), nullable=False),
        sa.Column("told_position", sa.Integer(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("promised_until", UtcDateTime(), nullable=True),
        sa.Column("cause", sa.String(20), nullable=True),
        sa.Column("citizen_typed_at", UtcDateTime(), nullable=True),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="ck_handovers_ended"),
        sa.CheckConstraint("(state = 'taken') = (owner IS NOT NULL)", name="ck_handovers_owned"),
        sa.CheckConstraint("state IN ('waiting', 'taken', 'closed')", name="ck_handovers_state"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_handovers_conversation_id_conversations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
    )
    op.create_index(
        "uq_handovers_open",
        "handovers",
        ["conversation_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "desk_messages",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("handover_id", sa.String(36), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(200), nullable=True),
        sa.Column("author", sa.String(100), nullable=True),
        sa.Column("author_name", sa.String(200), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("response", sa.String(100), nullable=True),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("only_if", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("channel", sa.String(50), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "only_if IN ('always', 'waiting', 'not_taken', 'unanswered')", name="ck_desk_messages_only_if"
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'delivered', 'failed', 'dropped')", name="ck_desk_messages_state"
        ),
        sa.CheckConstraint("(text IS NULL) != (response IS NULL)", name="ck_desk_messages_worded"),
        sa.CheckConstraint("(text IS NULL) = (author IS NULL)", name="ck_desk_messages_authored"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_desk_messages_conversation_id_conversations",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name="fk_desk_messages_handover_id_handovers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_desk_messages"),
        sa.UniqueConstraint("conversation_id", "number", name="uq_desk_messages_conversation_id_number"),
        sa.UniqueConstraint("key", name="uq_desk_messages_key"),
    )
    op.create_table(
        "handover_events",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.String(36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(100), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("key", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name="fk_handover_events_handover_id_handovers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position", name="pk_handover_events"),
        sa.UniqueConstraint("key", name="uq_handover_events_key"),
    )
    op.create_index("ix_call_requests_called_at", "call_requests", ["called_at"])
    op.create_index("ix_call_requests_conversation_id", "call_requests", ["conversation_id"])
    op.create_index("ix_desk_messages_handover_id", "desk_messages", ["handover_id"])
    op.create_index("ix_desk_messages_state_next_attempt_at", "desk_messages", ["state", "next_attempt_at"])
    op.create_index("ix_handover_events_handover_id_position", "handover_events", ["handover_id", "position"])
    op.create_index("ix_handovers_conversation_id_asked_at", "handovers", ["conversation_id", "asked_at"])
    op.create_index("ix_handovers_owner", "handovers", ["owner"])
    op.create_index("ix_handovers_state_asked_at", "handovers", ["state", "asked_at"])
    op.add_column("conversation_turns", sa.Column("author", sa.String(200), nullable=True))


def downgrade() -> None:
    op.drop_column("conversation_turns", "author")
    for table in ("handover_events", "desk_messages", "handovers", "call_requests", "desk_presence"):
        op.drop_table(table)
