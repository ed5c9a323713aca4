"""Citizens ask for their data, or have it erased.

Revision: 0022
Parent: 0021
"""

import sqlalchemy as sa
from alembic import op

from backend.db.base import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_IS_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "rights_requests",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=True),
        sa.Column("identity", sa.String(20), nullable=False),
        sa.Column("identified_at", UtcDateTime(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('export', 'erasure')", name=op.f("ck_rights_requests_kind")),
        sa.CheckConstraint(
            "identity IN ('channel', 'code', 'session', 'staff')", name=op.f("ck_rights_requests_identity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_requests")),
    )
    op.create_index(
        "uq_rights_requests_open",
        "rights_requests",
        ["conversation_id", "kind"],
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )
    op.create_index(op.f("ix_rights_requests_closed_at_due_at"), "rights_requests", ["closed_at", "due_at"])
    op.create_table(
        "identity_codes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("request_id", sa.String(36), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["rights_requests.id"],
            name=op.f("fk_identity_codes_request_id_rights_requests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_codes")),
    )
    for column in ("request_id", "address", "made_at"):
        op.create_index(op.f(f"ix_identity_codes_{column}"), "identity_codes", [column])
    op.create_table(
        "export_links",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("request_id", sa.String(36), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("browser", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["rights_requests.id"],
            name=op.f("fk_export_links_request_id_rights_requests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_links")),
    )
    for column in ("request_id", "expires_at"):
        op.create_index(op.f(f"ix_export_links_{column}"), "export_links", [column])
    op.create_table(
        "erasures",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("request_id", sa.String(36), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=True),
        sa.Column("meeting", sa.String(10), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("rows_erased_at", UtcDateTime(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("erased", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.CheckConstraint("meeting IN ('none', 'cancel', 'keep')", name=op.f("ck_erasures_meeting")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["rights_requests.id"], name=op.f("fk_erasures_request_id_rights_requests")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_erasures")),
        sa.UniqueConstraint("request_id", name=op.f("uq_erasures_request_id")),
    )
    op.create_index(op.f("ix_erasures_told_at"), "erasures", ["told_at"])
    op.create_table(
        "erased_conversations",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["erasures.number"], name=op.f("fk_erased_conversations_number_erasures")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_erased_conversations")),
    )


def downgrade() -> None:
    for table in ("erased_conversations", "erasures", "export_links", "identity_codes", "rights_requests"):
        op.drop_table(table)
