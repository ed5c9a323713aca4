"""Full-text search in what was said.

Revision: 0013
Parent: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# The index holds no texts of its own: it points into the turns, and triggers keep it in step with them.
_SQLITE = (
    """
    CREATE VIRTUAL TABLE conversation_turn_words USING fts5(
        folded_text, content='conversation_turns', content_rowid='position',
        tokenize='unicode61 remove_diacritics 0', prefix='2 3'
    )
    """,
    """
    CREATE TRIGGER conversation_turns_said AFTER INSERT ON conversation_turns BEGIN
        INSERT INTO conversation_turn_words(rowid, folded_text) VALUES (new.position, new.folded_text);
    END
    """,
    """
    CREATE TRIGGER conversation_turns_deleted AFTER DELETE ON conversation_turns BEGIN
        INSERT INTO conversation_turn_words(conversation_turn_words, rowid, folded_text)
        VALUES ('delete', old.position, old.folded_text);
    END
    """,
    """
    CREATE TRIGGER conversation_turns_changed AFTER UPDATE OF folded_text ON conversation_turns BEGIN
        INSERT INTO conversation_turn_words(conversation_turn_words, rowid, folded_text)
        VALUES ('delete', old.position, old.folded_text);
        INSERT INTO conversation_turn_words(rowid, folded_text) VALUES (new.position, new.folded_text);
    END
    """,
    "INSERT INTO conversation_turn_words(conversation_turn_words) VALUES ('rebuild')",
)
_POSTGRESQL = (
    "CREATE INDEX ix_conversation_turn_words ON conversation_turns "
    "USING gin (to_tsvector('simple', folded_text))",
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE if is_sqlite else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("said", "deleted", "changed"):
            op.execute(f"DROP TRIGGER conversation_turns_{trigger}")
        op.execute("DROP TABLE conversation_turn_words")
    else:
        op.execute("DROP INDEX ix_conversation_turn_words")
