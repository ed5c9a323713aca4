"""Changes are numbered, so that what is new can be told while it happens.

Revision: 0019
Parent: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    counter = op.create_table(
        "change_counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_change_counter_only_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_counter")),
    )
    op.bulk_insert(counter, [{"id": 1, "number": 0}])
    op.add_column("conversations", sa.Column("last_change", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_conversations_last_change"), "conversations", ["last_change"])


def downgrade() -> None:
    op.drop_index(op.f("ix_conversations_last_change"), table_name="conversations")
    op.drop_column("conversations", "last_change")
    op.drop_table("change_counter")
