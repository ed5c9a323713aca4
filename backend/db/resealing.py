"""Seals anew with the newest key what older ones have sealed, while the house runs.

A few rows at a time, each time in a transaction of its own, and a row only as long as nobody has changed it
meanwhile. There is nothing to remember between them: what the newest key has sealed tells so itself, so
whatever ends it, it goes on where it was the next time.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, and_, func, or_, select, type_coerce, update

import backend.tables  # noqa: F401 - for its effect on the metadata
from backend.db.base import Base
from backend.db.sealed import CannotUnseal, ContactKeys, Sealed, keys_of
from backend.db.unit_of_work import Database
from backend.problems import DatabaseUnavailable

AT_ONCE = 200
NOT_SEALED = "no key at all"
# So that those who write meanwhile come in between.
_PAUSE_SECONDS = 0.02
_TRIES = 10
_MARK = re.compile(r"1\.[0-9a-f]{8}\.")
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


@dataclass(slots=True)
class _Some:
    """What came of a few rows.

    Attributes:
        done: How many were sealed.
        missed: How many somebody else changed meanwhile.
        unreadable: The columns with something that no key opens.
        last: The key of the last, "" behind the end.
    """

    done: int = 0
    missed: int = 0
    unreadable: list[str] = field(default_factory=list)
    last: str = ""


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
    rows = 0
    while True:
        unreadable = Counter[str]()
        missed = 0
        for table, names in sealed_columns().items():
            async for some in _steps(database, table, names):
                rows += some.done
                missed += some.missed
                unreadable.update(some.unreadable)
                progress(some.done)
        # What somebody else was changing just then is looked at again.
        if not missed:
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
    """The ids of keys that something is sealed with and that are not there; NOT_SEALED for what is not."""
    keys = keys_of(database.engine.dialect)
    found = set()
    async with database.read() as work:
        for table, names in sealed_columns().items():
            for name in names:
                mark = func.substr(_stored(table, name), 1, len(keys.mark))
                marks = await work.session.scalars(select(mark).where(_stored(table, name) != "").distinct())
                # What is no mark is the beginning of a name or a number.
                found |= {
                    one.split(".")[1] if _MARK.fullmatch(one) else NOT_SEALED
                    for one in marks
                    if not keys.knows(one)
                }
    return found


async def _steps(database: Database, table: Table, names: Sequence[str]) -> AsyncIterator[_Some]:
    """Goes through a table, a few rows at a time."""
    past = ""
    while (some := await _patiently(database, table, names, past)).last:
        yield some
        past = some.last
        await asyncio.sleep(_PAUSE_SECONDS)


async def _patiently(database: Database, table: Table, names: Sequence[str], past: str) -> _Some:
    for _ in range(_TRIES):
        try:
            return await _seal_some(database, table, names, past)
        except DatabaseUnavailable:
            await asyncio.sleep(_TRY_AGAIN_SECONDS)
    return await _seal_some(database, table, names, past)


async def _seal_some(database: Database, table: Table, names: Sequence[str], past: str) -> _Some:
    """Seals a few rows of a table anew, behind one that is done."""
    keys = keys_of(database.engine.dialect)
    [key] = table.primary_key.columns
    held = [_stored(table, name).label(name) for name in names]
    ahead = select(key.label("row_key"), *held).where(key > past, _is_old(table, names, keys))
    some = _Some()
    async with database.write() as work:
        for row in (await work.session.execute(ahead.order_by(key).limit(AT_ONCE))).mappings().all():
            some.last = row["row_key"]
            fresh = _fresh(table, {name: row[name] for name in names}, keys, some.unreadable)
            if not fresh:
                continue
            unchanged = (_stored(table, name).is_not_distinct_from(row[name]) for name in names)
            values = {table.c[name]: type_coerce(text, Text) for name, text in fresh.items()}
            sealed = update(table).where(key == some.last, *unchanged).values(values).returning(key)
            is_done = (await work.session.execute(sealed)).first() is not None
            some.done += is_done
            some.missed += not is_done
        await work.commit()
    return some


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
