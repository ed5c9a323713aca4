"""Inserts that two concurrent transactions can both make, and only one of them wins."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from backend.db.base import Base


async def insert_if_absent(session: AsyncSession, table: type[Base], row: Mapping[str, Any]) -> bool:
    """Inserts a row unless a unique constraint already holds its like, and tells whether it did.

    A concurrent transaction that inserts the same waits here until the first has ended.
    """
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    # Below the ORM, which would look for objects to keep up to date; there are none yet.
    mapper = inspect(table)
    statement = dialect.insert(mapper.local_table).values(row).on_conflict_do_nothing()
    statement = statement.returning(mapper.primary_key[0])
    return (await session.execute(statement)).first() is not None
