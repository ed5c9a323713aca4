"""Accounts of an OpenID provider, what a session keeps of it, and the second factor of the console's own.

Revision: 0017
Parent: 0014
"""

import sqlalchemy as sa
from alembic import op

from backend.db import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("console_users") as users:
        users.alter_column("password_hash", existing_type=sa.String(200), nullable=True)
        users.add_column(sa.Column("issuer", sa.String(255), nullable=True))
        users.add_column(sa.Column("subject", sa.String(255), nullable=True))
        users.create_unique_constraint("uq_console_users_issuer_subject", ["issuer", "subject"])
        users.create_check_constraint(
            "ck_console_users_way_in",
            "(issuer IS NULL) = (subject IS NULL) AND (issuer IS NULL) = (password_hash IS NOT NULL)",
        )
    op.add_column("console_sessions", sa.Column("provider_session", sa.String(255), nullable=True))
    op.add_column("console_sessions", sa.Column("id_token", sa.Text(), nullable=True))
    op.create_table(
        "console_second_factors",
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["console_users.id"],
            name="fk_console_second_factors_user_id_console_users",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_console_second_factors"),
    )
    op.create_table(
        "console_recovery_codes",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["console_second_factors.user_id"],
            name="fk_console_recovery_codes_user_id_console_second_factors",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_console_recovery_codes"),
    )
    op.create_index("ix_console_recovery_codes_user_id", "console_recovery_codes", ["user_id"])


def downgrade() -> None:
    op.drop_table("console_recovery_codes")
    op.drop_table("console_second_factors")
    for column in ("id_token", "provider_session"):
        op.drop_column("console_sessions", column)
    # Who signs in at a provider has no password to go back to.
    for table, owner in (
        ("console_roles", "user_id"),
        ("console_sessions", "user_id"),
        ("console_users", "id"),
    ):
        op.execute(
            f"DELETE FROM {table} WHERE {owner} IN (SELECT id FROM console_users WHERE password_hash IS NULL)"  # noqa: S608
        )
    with op.batch_alter_table("console_users") as users:
        users.drop_constraint("ck_console_users_way_in", type_="check")
        users.drop_constraint("uq_console_users_issuer_subject", type_="unique")
        users.drop_column("subject")
        users.drop_column("issuer")
        users.alter_column("password_hash", existing_type=sa.String(200), nullable=False)
