"""A password that somebody else has given runs out unless its owner chooses another.

Revision: 0026
Parent: 0025
"""

import sqlalchemy as sa
from alembic import op

from backend.db.base import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("console_users", sa.Column("password_given_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("console_users", "password_given_at")
