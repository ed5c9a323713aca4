"""Names and numbers of citizens are sealed.

Revision: 0023
Parent: 0022
"""

from collections.abc import Callable, Mapping

import sqlalchemy as sa
from alembic import op

from backend.api.idempotency import ids_in
from backend.db.sealed import ContactKeys, keys_of

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_AT_ONCE = 500
# By table: its key, and its columns with the lengths they had; None is text.
_SEALED: dict[str, tuple[str, dict[str, int | None]]] = {
    "citizens": ("id", {"name": 200, "phone": 50}),
    "bookings": ("id", {"citizen_name": 200, "citizen_phone": 50}),
    "call_requests": ("id", {"phone": 50}),
    "outreach_messages": ("id", {"phone": 50}),
    "idempotency_keys": ("key", {"request": 64, "body": None}),
}
_NULLABLE = {
    ("citizens", "name"),
    ("citizens", "phone"),
    ("outreach_messages", "phone"),
    ("idempotency_keys", "body"),
}
# SQLite rebuilds the table, with no other checks than those it is given here.
_CHECKS = {
    "bookings": {"ck_bookings_status": "status IN ('booked', 'cancelled')"},
    "outreach_messages": {
        # As migration 0008 has named them.
        "ck_outreach_messages_ck_outreach_messages_kind": (
            "kind IN ('reminder_day', 'reminder_hours', 'unfinished', 'invitation', "
            "'booked_by_staff', 'moved_by_staff', 'cancelled_by_staff')"
        ),
        "ck_outreach_messages_ck_outreach_messages_state": (
            "state IN ('waiting', 'handed_over', 'sent', 'delivered', 'in_chat', 'failed', 'dropped')"
        ),
        "ck_outreach_messages_ck_outreach_messages_addressed": (
            "conversation_id IS NOT NULL OR phone IS NOT NULL"
        ),
    },
}
_ADDED = {"citizens": ("phone_index",), "idempotency_keys": ("about",)}
_Row = dict[str, str | None]


def upgrade() -> None:
    op.drop_index("ix_citizens_phone", "citizens")
    op.add_column("citizens", sa.Column("phone_index", sa.String(64), nullable=True))
    op.add_column("idempotency_keys", sa.Column("about", sa.Text(), nullable=True))
    for table, (_, columns) in _SEALED.items():
        _retype(table, {name: (_was(length), sa.Text()) for name, length in columns.items()})
    for table, (key, columns) in _SEALED.items():
        _rewrite(table, key, tuple(columns), _seal)
    op.create_index("ix_citizens_phone_index", "citizens", ["phone_index"])


def downgrade() -> None:
    op.drop_index("ix_citizens_phone_index", "citizens")
    for table, (key, columns) in _SEALED.items():
        _rewrite(table, key, tuple(columns), _open)
    for table, (_, columns) in _SEALED.items():
        _retype(table, {name: (sa.Text(), _was(length)) for name, length in columns.items()})
    op.drop_column("idempotency_keys", "about")
    op.drop_column("citizens", "phone_index")
    op.create_index("ix_citizens_phone", "citizens", ["phone"])


def _was(length: int | None) -> sa.types.TypeEngine[str]:
    return sa.String(length) if length else sa.Text()


def _retype(
    table: str, columns: Mapping[str, tuple[sa.types.TypeEngine[str], sa.types.TypeEngine[str]]]
) -> None:
    with op.batch_alter_table(table) as batch:
        for name, (before, after) in columns.items():
            is_nullable = (table, name) in _NULLABLE
            batch.alter_column(name, existing_type=before, type_=after, existing_nullable=is_nullable)
        if op.get_bind().dialect.name == "sqlite":
            for name, rule in _CHECKS.get(table, {}).items():
                batch.create_check_constraint(op.f(name), rule)


def _rewrite(
    table: str, key: str, columns: tuple[str, ...], change: Callable[[ContactKeys, str, _Row], _Row]
) -> None:
    """Changes every row of a table that holds something; without any, no key is needed."""
    connection = op.get_bind()
    named = sa.table(table, *(sa.column(name, sa.Text()) for name in (key, *columns, *_ADDED.get(table, ()))))
    held_now = (named.c[name] for name in (key, *columns))
    first = sa.select(*held_now).where(sa.or_(*(named.c[name] != "" for name in columns)))
    in_order = first.order_by(named.c[key]).limit(_AT_ONCE)
    past = ""
    while rows := connection.execute(in_order.where(named.c[key] > past)).mappings().all():
        keys = keys_of(connection.dialect)
        for row in rows:
            past = str(row[key])
            held = {name: row[name] for name in columns if row[name]}
            changed = change(keys, table, held)
            connection.execute(sa.update(named).where(named.c[key] == past).values(changed))


def _seal(keys: ContactKeys, table: str, held: _Row) -> _Row:
    sealed: _Row = {name: keys.close(str(text), f"{table}.{name}") for name, text in held.items()}
    if table == "citizens" and held.get("phone"):
        sealed["phone_index"] = keys.indexes(str(held["phone"]), "citizens.phone")[0]
    if table == "idempotency_keys":
        sealed["about"] = " ".join(ids_in(held.get("body") or ""))
    return sealed


def _open(keys: ContactKeys, table: str, held: _Row) -> _Row:
    return {name: keys.open(str(text), f"{table}.{name}") for name, text in held.items()}
