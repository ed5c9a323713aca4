"""Seals anew with the newest key what older ones have sealed, while the house runs.

A few rows at a time, each time in a transaction of its own, and a row only as long as nobody has changed it
meanwhile. There is nothing to remember between them: what the newest key has sealed tells so itself, so
whatever ends it, it goes on where it was the next time.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, and_, func, or_, select, type_coerce, update

import backend.tables  # noqa: F401 - for its effect on the metadata
from backend.db.base import Base
from backend.db.sealed import CannotUnseal, ContactKeys, Sealed, keys_of
from backend.db.unit_of_work import Database
from backend.problems import DatabaseUnavailable

AT_ONCE = 200
# So that those who write meanwhile come in between.
_PAUSE_SECONDS = 0.02
_TRIES = 10
_TRY_AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Resealed:
    """How it ended.

    Attributes:
        rows: How many rows were sealed anew.
        unreadable: How many values no key opens, by column.
    """

    rows: int
    unreadable: Counter[str]


def sealed_columns() -> dict[Table, list[str]]:
    """The names of the sealed columns of each table that has any."""
    found = {
        table: [column.name for column in table.columns if isinstance(column.type, Sealed)]
        for table in Base.metadata.sorted_tables
    }
    return {table: names for table, names in found.items() if names}


async def reseal(database: Database, progress: Callable[[int], object]) -> Resealed:
    """Seals everything with the newest key.

    Args:
        database: With the newest key and the older ones.
        progress: Is told how many more rows are done.
    """
    rows, unreadable = 0, Counter[str]()
    for table, names in sealed_columns().items():
        past = ""
        while True:
            done, past = await _patiently(database, table, names, past, unreadable)
            if not past:
                break
            rows += done
            progress(done)
            await asyncio.sleep(_PAUSE_SECONDS)
    return Resealed(rows, unreadable)


async def count_left(database: Database) -> int:
    """How many rows an older key has sealed."""
    keys = keys_of(database.engine.dialect)
    left = 0
    async with database.read() as work:
        for table, names in sealed_columns().items():
            is_old = _is_old(table, names, keys)
            left += await work.session.scalar(select(func.count()).select_from(table).where(is_old)) or 0
    return left


async def unknown_keys(database: Database) -> set[str]:
    """The ids of keys that something is sealed with and that are not there."""
    keys = keys_of(database.engine.dialect)
    found = set()
    async with database.read() as work:
        for table, names in sealed_columns().items():
            for name in names:
                mark = func.substr(_stored(table, name), 1, len(keys.mark))
                marks = await work.session.scalars(select(mark).where(_stored(table, name) != "").distinct())
                found |= {one for one in marks if not keys.knows(one)}
    return found


async def _patiently(
    database: Database, table: Table, names: Sequence[str], past: str, unreadable: Counter[str]
) -> tuple[int, str]:
    for tries_left in reversed(range(_TRIES)):
        try:
            return await _some(database, table, names, past, unreadable)
        except DatabaseUnavailable:
            if not tries_left:
                raise
            await asyncio.sleep(_TRY_AGAIN_SECONDS)
    raise AssertionError("unreachable")


async def _some(
    database: Database, table: Table, names: Sequence[str], past: str, unreadable: Counter[str]
) -> tuple[int, str]:
    """Seals a few rows of a table anew, behind one that is done.

    Returns:
        How many, and the key of the last that was looked at, "" behind the end.
    """
    keys = keys_of(database.engine.dialect)
    [key] = table.primary_key.columns
    held = [_stored(table, name).label(name) for name in names]
    ahead = select(key.label("row_key"), *held).where(key > past, _is_old(table, names, keys))
    faults: list[str] = []
    done = 0
    async with database.write() as work:
        rows = (await work.session.execute(ahead.order_by(key).limit(AT_ONCE))).mappings().all()
        for row in rows:
            fresh = _fresh(table, {name: row[name] for name in names}, keys, faults)
            unchanged = (_stored(table, name).is_not_distinct_from(row[name]) for name in names)
            if fresh:
                done += 1
                await work.session.execute(
                    update(table)
                    .where(key == row["row_key"], *unchanged)
                    .values({table.c[name]: type_coerce(text, Text) for name, text in fresh.items()})
                )
        await work.commit()
    unreadable.update(faults)
    return done, str(rows[-1]["row_key"]) if rows else ""


def _fresh(table: Table, held: dict[str, str | None], keys: ContactKeys, faults: list[str]) -> dict[str, str]:
    """What an older key has sealed in a row, sealed with the newest, and what it is found by."""
    fresh = {}
    for name, stored in held.items():
        kind = table.c[name].type
        if not stored or stored.startswith(keys.mark) or not isinstance(kind, Sealed):
            continue
        try:
            text = keys.open(stored, kind.place)
        except CannotUnseal:
            faults.append(kind.place)
            continue
        fresh[name] = keys.close(text, kind.place)
        if kind.index:
            fresh[kind.index] = keys.indexes(text, kind.place)[0]
    return fresh


def _stored(table: Table, name: str) -> ColumnElement[Any]:
    """A column as it is stored."""
    return type_coerce(table.c[name], Text)


def _is_old(table: Table, names: Sequence[str], keys: ContactKeys) -> ColumnElement[bool]:
    stored = [_stored(table, name) for name in names]
    return or_(*(and_(one != "", ~one.startswith(keys.mark, autoescape=True)) for one in stored))
