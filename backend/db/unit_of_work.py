"""A unit of work: one transaction, rolled back unless committed; a plain answer when the database fails."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from backend.db.engine import WRITES, create_engine
from backend.db.sealed import ContactKeys
from backend.operations.instruments import BUSY, DATABASE_REFUSALS, UNAVAILABLE, WRITE_WAIT_SECONDS
from backend.problems import DatabaseUnavailable
from backend.settings import Settings

# PostgreSQL's classes of errors that say "not now": connection, rollback, resources, operator, system.
_TRANSIENT_SQLSTATES = ("08", "40", "53", "55", "57", "58")


class StatementRefused(Exception):
    """The database refused a statement of ours.

    Stands for the driver's error, whose message repeats the refused row, which must not reach a log.
    """


def _is_unavailable(error: Exception) -> bool:
    # A server that does not answer at all is told by the network, not by the driver.
    if isinstance(error, ConnectionError | TimeoutError | socket.gaierror):
        return True
    if isinstance(error, OperationalError | InterfaceError | PoolTimeoutError):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or str(getattr(error.orig, "sqlstate", "")).startswith(
            _TRANSIENT_SQLSTATES
        )
    return False


def _name(error: DBAPIError) -> str:
    names = (type(error.orig).__name__, getattr(error.orig, "sqlstate", None))
    return " ".join(name for name in names if name)


class UnitOfWork:
    """One transaction. Add, change and read through `session`; nothing is stored before `commit`."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def commit(self) -> None:
        """Stores everything done in this unit, or nothing at all."""
        await self.session.commit()


class Database:
    """The one door to the database: `async with database.write() as work` or `database.read()`."""

    def __init__(self, engine: AsyncEngine, write_wait_seconds: float) -> None:
        self.engine = engine
        self._write_wait_seconds = write_wait_seconds
        # SQLite has one writer; queueing fairly here beats its busy-wait, which lets the unlucky starve.
        self._writer = asyncio.Lock() if engine.dialect.name == "sqlite" else None

    @classmethod
    def from_url(cls, url: str, *, write_wait_seconds: float, keys: ContactKeys | None = None) -> "Database":
        """The database at an SQLAlchemy URL.

        Args:
            url: Where it is.
            write_wait_seconds: How long a write waits for its turn.
            keys: What names and numbers are sealed with; without them they are neither written nor read.
        """
        return cls(create_engine(url, wait_seconds=write_wait_seconds, keys=keys), write_wait_seconds)

    @classmethod
    def of(cls, settings: Settings) -> "Database":
        """The database of this installation."""
        return cls.from_url(
            settings.resolved_database_url,
            write_wait_seconds=settings.write_wait_seconds,
            keys=ContactKeys.of(settings),
        )

    async def dispose(self) -> None:
        """Closes every connection."""
        await self.engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """A consistent view to read from.

        Raises:
            DatabaseUnavailable: The database cannot be reached.
        """
        async with self._transaction(writes=False) as work:
            yield work

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        """A transaction that may write. On SQLite it holds the write lock from its first statement.

        Raises:
            DatabaseUnavailable: The database is locked, full or gone; nothing was stored.
        """
        async with AsyncExitStack() as stack:
            if self._writer:
                began = time.perf_counter()
                try:
                    async with asyncio.timeout(self._write_wait_seconds):
                        await self._writer.acquire()
                except TimeoutError as error:
                    DATABASE_REFUSALS.labels(BUSY).inc()
                    raise DatabaseUnavailable("Too many writes are waiting; nothing was stored") from error
                stack.callback(self._writer.release)
                WRITE_WAIT_SECONDS.observe(time.perf_counter() - began)
            yield await stack.enter_async_context(self._transaction(writes=True))

    @asynccontextmanager
    async def _transaction(self, *, writes: bool) -> AsyncIterator[UnitOfWork]:
        engine = self.engine.execution_options(**{WRITES: True}) if writes else self.engine
        try:
            # Closing the session rolls back what was not committed.
            async with AsyncSession(engine, expire_on_commit=False) as session:
                yield UnitOfWork(session)
        except Exception as error:
            if _is_unavailable(error):
                DATABASE_REFUSALS.labels(UNAVAILABLE).inc()
                raise DatabaseUnavailable from error
            if isinstance(error, DBAPIError):
                # "from None" keeps the driver's message out of the log; the traceback still says where.
                raise StatementRefused(_name(error)).with_traceback(error.__traceback__) from None
            raise
