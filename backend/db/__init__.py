"""The database, and how a room uses it.

Tables: `backend/<room>/tables.py`, classes deriving from `Base`, `id: Mapped[IdColumn]` (a UUID as text),
every point in time `Mapped[datetime]` (stored in UTC, aware on both sides, also in SQLite). Add the module
to `backend/tables.py`. What the database can forbid (two bookings of one slot), it forbids: a partial
unique index works in SQLite and PostgreSQL alike: `Index("uq_...", "slot_id", unique=True,
sqlite_where=..., postgresql_where=...)`.

Names and numbers of citizens are sealed at rest: `mapped_column(Sealed("table.column"))`, plain text above it
(see sealed.py). They cannot be compared or ordered by in a query.

Migrations: `python -m backend.db revision "add bookings"` writes a draft from the difference between the
tables and the newest revision; read it, then `python -m backend.db upgrade`. Revisions are one line, no
branches: take the newest revision as parent and commit soon. They run on SQLite (batch mode) and
PostgreSQL. `upgrade`, `downgrade REVISION`, `current` and `check` (do the tables equal the migrations?) are
the other commands.

Repositories: `backend/<room>/repository.py`, classes made from an `AsyncSession`; they alone write queries.
Services (`service.py`) get repositories and the time, hold the rules, and raise problems
(`backend/problems.py`, or their own deriving from `Conflict`). Neither commits: the transaction belongs to
the caller.

Transactions: an API route gets its session ready made (see `backend.api`), and the answer is sent after the
commit. Elsewhere:

    async with database.write() as work:      # or database.read()
        BookingService(BookingRepository(work.session), now).cancel(...)
        await work.commit()                   # without it everything is rolled back

Get-or-create: `insert_if_absent(session, Table, row)`, then read; it never fails on a concurrent insert.

On SQLite a write transaction begins with BEGIN IMMEDIATE, so it reads the newest state, and no two run at
once. On PostgreSQL they do run at once: protect a read-then-write with a constraint, `with_for_update()` or
a version column (`__mapper_args__ = {"version_id_col": ...}`). A locked, full or unreachable database
becomes `DatabaseUnavailable`. Never hold a transaction open while waiting for something else than the
database.
"""

from backend.db.base import Base, IdColumn, UtcDateTime, new_id
from backend.db.insert import insert_if_absent
from backend.db.sealed import ContactKeys, Sealed
from backend.db.unit_of_work import Database, UnitOfWork

__all__ = [
    "Base",
    "ContactKeys",
    "Database",
    "IdColumn",
    "Sealed",
    "UnitOfWork",
    "UtcDateTime",
    "insert_if_absent",
    "new_id",
]
