"""The audit log is a chain, and the database keeps it from being changed.

Revision: 0021
Parent: 0020
"""

import sqlalchemy as sa
from alembic import op

from backend.audit.chain import BEGINNING, Content, hash_of
from backend.db import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TABLE = "audit_entries"
_AT_ONCE = 1000
_UNSIGNED = ""
_NEEDED = {"previous_hash": 64, "signature": 80, "hash": 64}
_INDEX = "ix_audit_entries_removed"

# Who may remove an entry: nobody, unless it is old, and an entry that is in the chain itself tells of it.
_SQLITE = (
    """
    CREATE TRIGGER audit_entries_changed BEFORE UPDATE ON audit_entries BEGIN
        SELECT RAISE(ABORT, 'audit entries are never changed');
    END
    """,
    """
    CREATE TRIGGER audit_entries_removed BEFORE DELETE ON audit_entries
    WHEN old.at > datetime('now', '-184 days')
        OR NOT EXISTS (SELECT 1 FROM audit_entries WHERE removed >= old.position)
    BEGIN
        SELECT RAISE(ABORT, 'audit entries are kept');
    END
    """,
    # INSERT OR REPLACE removes a row without asking the trigger above.
    """
    CREATE TRIGGER audit_entries_replaced BEFORE INSERT ON audit_entries
    WHEN EXISTS (SELECT 1 FROM audit_entries WHERE position = new.position)
    BEGIN
        SELECT RAISE(ABORT, 'audit entries are never changed');
    END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION refuse_changed_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit entries are never changed' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE FUNCTION refuse_removed_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF old.at > now() - interval '184 days'
            OR NOT EXISTS (SELECT 1 FROM audit_entries WHERE removed >= old.position)
        THEN
            RAISE EXCEPTION 'audit entries are kept' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN old;
    END $$
    """,
    """
    CREATE TRIGGER audit_entries_changed BEFORE UPDATE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_changed_audit_entry()
    """,
    """
    CREATE TRIGGER audit_entries_removed BEFORE DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_removed_audit_entry()
    """,
    """
    CREATE TRIGGER audit_entries_emptied BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_changed_audit_entry()
    """,
)


def upgrade() -> None:
    op.add_column(_TABLE, sa.Column("removed", sa.Integer(), nullable=True))
    op.add_column(_TABLE, sa.Column("removed_hash", sa.String(64), nullable=True))
    for name, length in _NEEDED.items():
        op.add_column(_TABLE, sa.Column(name, sa.String(length), nullable=True))
    _chain()
    with op.batch_alter_table(_TABLE) as batch:
        for name, length in _NEEDED.items():
            batch.alter_column(name, existing_type=sa.String(length), nullable=False)
    is_cut = sa.text("removed IS NOT NULL")
    op.create_index(_INDEX, _TABLE, ["removed"], sqlite_where=is_cut, postgresql_where=is_cut)
    for statement in _SQLITE if _is_sqlite() else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if _is_sqlite():
        for trigger in ("changed", "removed", "replaced"):
            op.execute(f"DROP TRIGGER audit_entries_{trigger}")
    else:
        for trigger in ("changed", "removed", "emptied"):
            op.execute(f"DROP TRIGGER audit_entries_{trigger} ON audit_entries")
        op.execute("DROP FUNCTION refuse_changed_audit_entry()")
        op.execute("DROP FUNCTION refuse_removed_audit_entry()")
        # Positions were given out by the chain meanwhile.
        op.execute(
            "SELECT setval(pg_get_serial_sequence('audit_entries', 'position'), max(position)) "
            "FROM audit_entries"
        )
    op.drop_index(_INDEX, _TABLE)
    with op.batch_alter_table(_TABLE) as batch:
        for name in ("removed", "removed_hash", *_NEEDED):
            batch.drop_column(name)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _chain() -> None:
    """Chains what is stored, and closes the gaps in the numbering that PostgreSQL left.

    It is not signed: who upgrades a database need not have the key. The first signed entry vouches for it.
    """
    connection = op.get_bind()
    entries = sa.table(
        _TABLE,
        sa.column("position", sa.Integer()),
        sa.column("at", UtcDateTime()),
        *(sa.column(name, sa.String()) for name in ("actor", "action", "outcome", "conversation_id")),
        sa.column("listed", sa.JSON()),
    )
    linked = sa.text(
        "UPDATE audit_entries SET position = :position, previous_hash = :previous_hash, signature = '', "
        "hash = :hash WHERE position = :was"
    )
    was, position, previous_hash = 0, 0, BEGINNING
    oldest_first = sa.select(entries).order_by(entries.c.position).limit(_AT_ONCE)
    while rows := connection.execute(oldest_first.where(entries.c.position > was)).mappings().all():
        links = []
        for row in rows:
            was = row["position"]
            position += 1
            content = Content(**{**row, "position": position, "previous_hash": previous_hash})
            link = {"position": position, "previous_hash": previous_hash, "was": was}
            previous_hash = hash_of(content, _UNSIGNED)
            links.append({**link, "hash": previous_hash})
        connection.execute(linked, links)
