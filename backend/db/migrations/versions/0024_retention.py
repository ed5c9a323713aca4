"""Data is deleted when its time is up, and it is told what was.

Revision: 0024
Parent: 0022
"""

import sqlalchemy as sa
from alembic import op

from backend.db.base import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
    )
    op.create_index(op.f("ix_retention_runs_started_at"), "retention_runs", ["started_at"])
    op.create_table(
        "retention_reports",
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("oldest_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.String(50), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["retention_runs.id"],
            name=op.f("fk_retention_reports_run_id_retention_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "kind", name=op.f("pk_retention_reports")),
    )
    lease = op.create_table(
        "retention_lease",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(36), nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_retention_lease_only_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_lease")),
    )
    op.bulk_insert(lease, [{"id": 1, "holder": None, "until": None}])
    # An erasure that nobody has asked for has no request.
    with op.batch_alter_table("erasures") as batch:
        batch.alter_column("request_id", existing_type=sa.String(36), nullable=True)


def downgrade() -> None:
    unasked = "SELECT number FROM erasures WHERE request_id IS NULL"
    op.execute(f"DELETE FROM erased_conversations WHERE number IN ({unasked})")  # noqa: S608
    op.execute("DELETE FROM erasures WHERE request_id IS NULL")
    with op.batch_alter_table("erasures") as batch:
        batch.alter_column("request_id", existing_type=sa.String(36), nullable=False)
    op.drop_table("retention_lease")
    op.drop_table("retention_reports")
    op.drop_table("retention_runs")
