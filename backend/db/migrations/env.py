"""Alembic's entry: runs inside the connection that backend.db.migrate hands over."""

from typing import Any, Literal

from alembic import context

import backend.tables  # noqa: F401
from backend.db import Base, Sealed, UtcDateTime


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Writes our own column type into a draft under its own name."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen_context.imports.add("from backend.db import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and isinstance(item, Sealed):
        return "sa.Text()"
    return False


def is_ours(name: str | None, kind: str, parents: Any) -> bool:
    """Leaves out what only one kind of database has: the index of words, which migration 0013 makes."""
    return name is None or not name.removeprefix("ix_").startswith("conversation_turn_words")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite cannot alter a column; batch mode rebuilds the table there and alters it elsewhere.
    render_as_batch=True,
    render_item=render_item,
    include_name=is_ours,
    # Our SQLite connections say BEGIN themselves, so a migration that fails leaves nothing behind.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
