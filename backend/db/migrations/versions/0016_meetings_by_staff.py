"""Meetings that the staff book, move, cancel and mark as met, and the notices that citizens get of it.

Revision: 0016
Parent: 0014
"""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_CHANGES = {
    "ck_booking_changes_kind": "kind IN ('booked', 'moved', 'cancelled', 'absence', 'met', 'not_met')",
    "ck_booking_changes_actor": "actor IN ('citizen', 'caseworker')",
}
_CHANGES_BEFORE = _CHANGES | {
    "ck_booking_changes_kind": "kind IN ('booked', 'moved', 'cancelled', 'absence')"
}
# As migration 0008 has named them.
_KIND, _STATE, _ADDRESSED = (
    f"ck_outreach_messages_ck_outreach_messages_{name}" for name in ("kind", "state", "addressed")
)
_MESSAGES = {
    _ADDRESSED: "conversation_id IS NOT NULL OR phone IS NOT NULL",
    _KIND: "kind IN ('reminder_day', 'reminder_hours', 'unfinished', 'invitation', "
    "'booked_by_staff', 'moved_by_staff', 'cancelled_by_staff')",
    _STATE: "state IN ('waiting', 'handed_over', 'sent', 'delivered', 'in_chat', 'failed', 'dropped')",
}
_MESSAGES_BEFORE = _MESSAGES | {
    _KIND: "kind IN ('reminder_day', 'reminder_hours', 'moved', 'unfinished', 'invitation')",
    _STATE: "state IN ('waiting', 'handed_over', 'sent', 'delivered', 'failed', 'dropped')",
}


def upgrade() -> None:
    op.add_column("bookings", sa.Column("attended", sa.Boolean(), nullable=True))
    op.add_column("booking_changes", sa.Column("by", sa.String(200), nullable=True))
    _drop_checks("booking_changes", _CHANGES)
    _add_checks("booking_changes", _CHANGES)
    op.add_column(
        "outreach_messages", sa.Column("channel", sa.String(20), nullable=False, server_default="sms")
    )
    _drop_checks("outreach_messages", _MESSAGES)
    op.execute("UPDATE outreach_messages SET kind = 'moved_by_staff' WHERE kind = 'moved'")
    _add_checks("outreach_messages", _MESSAGES)


def downgrade() -> None:
    op.execute("DELETE FROM outreach_messages WHERE kind IN ('booked_by_staff', 'cancelled_by_staff')")
    op.execute("DELETE FROM outreach_messages WHERE channel <> 'sms'")
    _drop_checks("outreach_messages", _MESSAGES)
    op.execute("UPDATE outreach_messages SET kind = 'moved' WHERE kind = 'moved_by_staff'")
    op.drop_column("outreach_messages", "channel")
    _add_checks("outreach_messages", _MESSAGES_BEFORE)
    op.execute("DELETE FROM booking_changes WHERE kind IN ('met', 'not_met')")
    op.drop_column("booking_changes", "by")
    _drop_checks("booking_changes", _CHANGES)
    _add_checks("booking_changes", _CHANGES_BEFORE)
    op.drop_column("bookings", "attended")


def _drop_checks(table: str, names: Iterable[str]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        # A rebuilt table has no other checks than those it is given.
        with op.batch_alter_table(table, recreate="always"):
            return
    for name in names:
        op.drop_constraint(op.f(name), table, type_="check")


def _add_checks(table: str, checks: Mapping[str, str]) -> None:
    with op.batch_alter_table(table) as batch:
        for name, rule in checks.items():
            batch.create_check_constraint(op.f(name), rule)
