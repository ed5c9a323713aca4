"""Columns that are sealed at rest: names and numbers of citizens. Above the database they are plain text.

A sealed value is `<version>.<id of the key>.<nonce and ciphertext>`. It opens only in the column it was
sealed for. The keys belong to an engine (see engine.py); without them nothing is written and nothing read.
What is empty is stored as it is. Why it is so: docs/adr/0021.
"""

import hmac
from collections.abc import Sequence
from typing import Any, Self
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, String, Text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

from backend.sealing import Seal, derived_key, key_id
from backend.settings import Settings

_VERSION = "1"
_SEAL = "digispor contact"
_INDEX = "digispor contact index"


class CannotUnseal(Exception):
    """A stored value cannot be opened, or there is no key to seal with. The text says why, and no value."""


class ContactKeys:
    """The keys of sealed columns.

    Args:
        secrets: What the keys are derived from, the newest first; never empty.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._seal = Seal(secrets, _SEAL)
        self._index_keys = [derived_key(secret, _INDEX) for secret in secrets]

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The keys of this installation."""
        return cls(settings.contact_secrets)

    @property
    def mark(self) -> str:
        """What everything begins with that is sealed with the newest key."""
        return f"{_VERSION}.{self._seal.newest_id}."

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._index_keys)

    def knows(self, mark: str) -> bool:
        """Whether a mark is one of these keys'."""
        version, _, rest = mark.partition(".")
        return version == _VERSION and self._seal.knows(key_id(rest))

    def close(self, text: str, place: str) -> str:
        """A value, sealed for one column.

        Args:
            text: The value.
            place: The column, as `table.column`.
        """
        return f"{_VERSION}.{self._seal.close(text, about=place)}"

    def open(self, stored: str, place: str) -> str:
        """The value that was sealed for a column.

        Raises:
            CannotUnseal: It was not, or with a key that is not there, or has been changed.
        """
        version, _, sealed = stored.partition(".")
        if version != _VERSION:
            raise CannotUnseal(f"{place} holds something that is not sealed")
        if not self._seal.knows(key_id(sealed)):
            raise CannotUnseal(
                f"{place} is sealed with the key {key_id(sealed)!a}, which DIGISPOR_CONTACT_KEY does not hold"
            )
        text = self._seal.open(sealed, about=place)
        if text is None:
            raise CannotUnseal(f"{place} holds something that was changed, or sealed for another column")
        return text

    def indexes(self, text: str, place: str) -> list[str]:
        """What a value can be found by with each key, the newest first; nobody else can make it."""
        about = f"{place} {text}".encode()
        return [hmac.digest(key, about, "sha256").hex() for key in self._index_keys]


class Sealed(TypeDecorator[str]):
    """Text that is sealed in the database and plain above it.

    Args:
        place: The column, as `table.column`.
        index: The column that holds what a value is found by, if it is looked for; see `keep_indexes`.
    """

    impl = Text
    cache_ok = True

    def __init__(self, place: str, index: str | None = None) -> None:
        super().__init__()
        self.place = place
        self.index = index

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return keys_of(dialect).close(value, self.place) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """From the database."""
        return keys_of(dialect).open(value, self.place) if value else value

    class comparator_factory(TypeDecorator.Comparator[str]):
        """Lets a sealed column be compared with no text: the same one is sealed differently each time."""

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
            """Builds a comparison.

            Raises:
                TypeError: It could never be true.
            """
            if any(isinstance(one, str | list | tuple | set) and one for one in other):
                raise TypeError("a sealed column cannot be compared with a text; give it an index")
            return super().operate(op, *other, **kwargs)


Index = String(64)
"""The type of a column that a sealed value is found by."""

_keys: WeakKeyDictionary[Dialect, ContactKeys] = WeakKeyDictionary()


def give_keys(dialect: Dialect, keys: ContactKeys) -> None:
    """Lets an engine, known by its dialect, seal and open."""
    _keys[dialect] = keys


def keys_of(dialect: Dialect) -> ContactKeys:
    """The keys that an engine has.

    Raises:
        CannotUnseal: It has none.
    """
    keys = _keys.get(dialect)
    if keys is None:
        raise CannotUnseal("names and numbers are sealed, and no key was given (DIGISPOR_CONTACT_KEY)")
    return keys


def keep_indexes(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    """Keeps what sealed values are found by in step with them: listens to a table's inserts and updates."""
    for column in mapper.columns:
        if isinstance(column.type, Sealed) and column.type.index:
            text = getattr(row, column.key)
            found_by = keys_of(connection.dialect).indexes(text, column.type.place)[0] if text else None
            setattr(row, column.type.index, found_by)


def indexes_of(session: AsyncSession, kind: TypeEngine[Any], text: str) -> list[str]:
    """What a value may be found by in a sealed column of this type: one for each key that is accepted."""
    if not isinstance(kind, Sealed):
        raise TypeError("the column is not sealed")
    return keys_of(session.get_bind().dialect).indexes(text, kind.place)
