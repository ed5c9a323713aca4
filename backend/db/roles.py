"""What the backend's own role on PostgreSQL may do: read and write rows, and no more.

It owns nothing, so it can neither change a table nor take a trigger away; and what must never be changed, it
can only add to. The owner migrates and grants.
"""

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

import backend.tables  # noqa: F401 - for its effect on the metadata
from backend.db.base import Base

# Whatever is not named here may be read, added to, changed and removed from.
_LESS = {
    # The log is only added to; see docs/adr/0018.
    "audit_entries": "SELECT, INSERT",
}
_ALL = "SELECT, INSERT, UPDATE, DELETE"


async def grant(url: str, role: str) -> None:
    """Lets a role do what the backend does, and takes from it what it could do besides; in one transaction.

    Args:
        url: The database, with the owner of its tables as the user.
        role: A role that is there already.

    Raises:
        ValueError: The database has no roles.
        sqlalchemy.exc.DBAPIError: The role is not there, or the user may not grant.
    """
    engine = create_async_engine(url)
    try:
        if engine.dialect.name != "postgresql":
            raise ValueError("only PostgreSQL has roles")
        async with engine.begin() as connection:
            for statement in _statements(*await _quoted(connection, role)):
                await connection.execute(text(statement))
    finally:
        await engine.dispose()


async def _quoted(connection: AsyncConnection, role: str) -> tuple[str, str]:
    found = text("SELECT quote_ident(:role), quote_ident(current_schema())")
    quoted, schema = (await connection.execute(found, {"role": role})).one()
    return quoted, schema


def _statements(role: str, schema: str) -> Iterator[str]:
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {role}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM PUBLIC, {role}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    for table in Base.metadata.sorted_tables:
        yield f"GRANT {_LESS.get(table.name, _ALL)} ON {schema}.{table.name} TO {role}"
    # Whether the schema is the one that the code expects.
    yield f"GRANT SELECT ON {schema}.alembic_version TO {role}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"
