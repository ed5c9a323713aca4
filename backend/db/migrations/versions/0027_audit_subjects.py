"""An entry of the audit log tells which account and role it was about.

Entries from before say nothing of it, and are hashed as they were. After a downgrade those that do no longer
fit their hashes: the log then verifies up to the first of them.

Revision: 0027
Parent: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_entries", sa.Column("about", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("audit_entries", "about")
