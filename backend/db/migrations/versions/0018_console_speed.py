"""Indexes for what the console shows first, so that it need not look at all that is stored.

Revision: 0018
Parent: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_INDEXES = (
    ("conversation_flags", "kind", "acknowledged_at", "conversation_id"),
    ("placements", "status", "borderline"),
    ("placements", "disputed"),
    ("booking_changes", "kind", "actor", "booking_id", "version"),
)
_PAUSED = "ix_conversations_paused"


def _name(table: str, *columns: str) -> str:
    return f"ix_{table}_{'_'.join(columns)}"


def upgrade() -> None:
    for table, *columns in _INDEXES:
        op.create_index(_name(table, *columns), table, columns)
    is_paused = sa.text("last_paused_at IS NOT NULL")
    op.create_index(
        _PAUSED,
        "conversations",
        ["last_activity_at", "id"],
        sqlite_where=is_paused,
        postgresql_where=is_paused,
    )


def downgrade() -> None:
    op.drop_index(_PAUSED, "conversations")
    for table, *columns in _INDEXES:
        op.drop_index(_name(table, *columns), table)
