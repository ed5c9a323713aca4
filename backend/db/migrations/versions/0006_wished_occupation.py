"""The job a citizen wishes.

Revision: 0006
Parent: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("citizens", sa.Column("wished_occupation", sa.String(200), nullable=True))


def downgrade() -> None:
    op.drop_column("citizens", "wished_occupation")
