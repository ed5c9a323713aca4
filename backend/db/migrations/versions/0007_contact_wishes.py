"""Whether citizens want to be written to.

Revision: 0007
Parent: 0006
"""

import sqlalchemy as sa
from alembic import op

from backend.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_wishes",
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_contact_wishes"),
    )


def downgrade() -> None:
    op.drop_table("contact_wishes")
