"""Teams, the roles of caseworkers, and the audit log.

Revision: 0010
Parent: 0009
"""

import sqlalchemy as sa
from alembic import op

from backend.db import UtcDateTime, new_id

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INTAKE = "intake"


def upgrade() -> None:
    teams = op.create_table(
        "teams",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("organisation", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
        sa.UniqueConstraint("name", name="uq_teams_name"),
        sa.UniqueConstraint("organisation", name="uq_teams_organisation"),
    )
    op.bulk_insert(teams, [{"id": _INTAKE, "name": "Modtagelsen", "organisation": None}])
    for table in ("conversations", "consultants"):
        op.add_column(table, sa.Column("team_id", sa.String(36), nullable=False, server_default=_INTAKE))
    op.create_index(
        "ix_conversations_team_id_last_activity_at_id",
        "conversations",
        ["team_id", "last_activity_at", "id"],
    )
    roles = op.create_table(
        "console_roles",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("team_id", sa.String(36), nullable=True),
        sa.CheckConstraint(
            "role IN ('caseworker', 'team_leader', 'bot_trainer', 'administrator')",
            name="ck_console_roles_role",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["console_users.id"],
            name="fk_console_roles_user_id_console_users",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_console_roles_team_id_teams"),
        sa.PrimaryKeyConstraint("id", name="pk_console_roles"),
        sa.UniqueConstraint("user_id", "role", "team_id", name="uq_console_roles_user_id_role_team_id"),
    )
    op.create_index("ix_console_roles_user_id", "console_roles", ["user_id"])
    # Whoever could sign in before saw every conversation, and all of them are with the team that receives.
    known = op.get_bind().execute(sa.text("SELECT id FROM console_users")).scalars().all()
    op.bulk_insert(
        roles,
        [{"id": new_id(), "user_id": user, "role": "caseworker", "team_id": _INTAKE} for user in known],
    )
    op.create_table(
        "audit_entries",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=True),
        sa.Column("listed", sa.JSON(), nullable=False),
        sa.CheckConstraint("outcome IN ('shown', 'attempted', 'refused')", name="ck_audit_entries_outcome"),
        sa.PrimaryKeyConstraint("position", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"])
    op.create_index("ix_audit_entries_actor", "audit_entries", ["actor"])
    op.create_index("ix_audit_entries_conversation_id_at", "audit_entries", ["conversation_id", "at"])


def downgrade() -> None:
    op.drop_table("audit_entries")
    op.drop_table("console_roles")
    op.drop_index("ix_conversations_team_id_last_activity_at_id", "conversations")
    for table in ("conversations", "consultants"):
        op.drop_column(table, "team_id")
    op.drop_table("teams")
