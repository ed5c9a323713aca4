"""The database connection: one engine, and how SQLite is made safe to write to from many requests at once."""

from pathlib import Path
from sqlite3 import SQLITE_READONLY
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from backend.db.sealed import ContactKeys, give_keys

POOL_SIZE = 5
WRITES = "digispor_writes"
_READ_ONLY_SQLSTATE = "25006"


def create_engine(
    url: str, *, wait_seconds: float, foreign_keys: bool = True, keys: ContactKeys | None = None
) -> AsyncEngine:
    """An async engine for SQLite or PostgreSQL.

    Args:
        url: SQLAlchemy URL, `sqlite+aiosqlite:///...` or `postgresql+asyncpg://...`.
        wait_seconds: How long to wait for a connection or a lock before giving up.
        foreign_keys: Whether SQLite enforces them; migrations that rebuild a table switch it off.
        keys: What sealed columns are written and read with; without them they are neither.
    """
    engine = _create(url, wait_seconds, foreign_keys)
    _drop_read_only(engine)
    if keys:
        give_keys(engine.sync_engine.dialect, keys)
    return engine


def _create(url: str, wait_seconds: float, foreign_keys: bool) -> AsyncEngine:
    if not make_url(url).drivername.startswith("sqlite"):
        lock_timeout = str(int(wait_seconds * 1000))
        return create_async_engine(
            url,
            # Parameters are citizens' data and do not belong in a log.
            hide_parameters=True,
            pool_size=POOL_SIZE,
            pool_timeout=wait_seconds,
            pool_pre_ping=True,
            # Compiling a query takes longer than any of ours runs.
            connect_args={"server_settings": {"lock_timeout": lock_timeout, "jit": "off"}},
        )
    database = make_url(url).database
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url, hide_parameters=True, pool_size=POOL_SIZE, pool_timeout=wait_seconds)
    _prepare_sqlite(engine, wait_seconds, foreign_keys)
    return engine


def _prepare_sqlite(engine: AsyncEngine, wait_seconds: float, foreign_keys: bool) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def set_pragmas(connection: DBAPIConnection | SqliteConnection, _: ConnectionPoolEntry) -> None:
        # We say BEGIN ourselves: the driver's own begins only at the first write, and then deferred.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(wait_seconds * 1000)}")
        cursor.execute("PRAGMA journal_mode = WAL")
        # Committed means committed, also when the power goes: each commit is synced (see docs/adr).
        cursor.execute("PRAGMA synchronous = FULL")
        # What is deleted is overwritten, and not only forgotten.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later cannot upgrade its lock once another has written.
        immediate = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _drop_read_only(engine: AsyncEngine) -> None:
    """Takes connections that can only read out of the pool when a write meets one.

    One that SQLite opened while the file could only be read can never write, also when others can again. One
    to a PostgreSQL server that has become a standby has to be made anew, to the server that took its place.
    """

    @event.listens_for(engine.sync_engine, "handle_error")
    def drop_read_only(context: ExceptionContext) -> None:
        # The low byte of SQLite's code is the kind of error, the rest its variant.
        code = getattr(context.original_exception, "sqlite_errorcode", 0)
        state = getattr(context.original_exception, "sqlstate", None)
        if code & 0xFF == SQLITE_READONLY or state == _READ_ONLY_SQLSTATE:
            context.is_disconnect = True
