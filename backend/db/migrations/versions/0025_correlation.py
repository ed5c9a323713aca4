"""A write tells under which id it stands in the logs.

Revision: 0025
Parent: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("idempotency_keys", sa.Column("correlation_id", sa.String(36), nullable=True))


def downgrade() -> None:
    op.drop_column("idempotency_keys", "correlation_id")
