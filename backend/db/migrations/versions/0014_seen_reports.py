"""Which of a citizen's cancellations and absences the staff have seen to.

Revision: 0014
Parent: 0013
"""

import sqlalchemy as sa
from alembic import op

from backend.db import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bookings", sa.Column("seen_version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("bookings", sa.Column("seen_by", sa.String(200), nullable=True))
    op.add_column("bookings", sa.Column("seen_at", UtcDateTime(), nullable=True))
    # What was cancelled before anybody could say that they had seen it is not news any more.
    op.execute("UPDATE bookings SET seen_version = version WHERE status = 'cancelled'")


def downgrade() -> None:
    for column in ("seen_at", "seen_by", "seen_version"):
        op.drop_column("bookings", column)
