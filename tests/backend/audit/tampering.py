"""What somebody does who may do everything in the database, but has not this installation's key."""

from sqlalchemy import select, text

from backend.audit.chain import hash_of
from backend.audit.tables import AuditEntry

TABLE = AuditEntry.__table__
_SQLITE_TRIGGERS = ("changed", "removed", "replaced")


async def take_triggers_away(database):
    async with database.write() as work:
        if database.engine.dialect.name == "sqlite":
            for name in _SQLITE_TRIGGERS:
                await work.session.execute(text(f"DROP TRIGGER IF EXISTS audit_entries_{name}"))
        else:
            await work.session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
        await work.commit()


async def tamper(database, *statements):
    """Runs statements, raw SQL or made, without anything that keeps them from it."""
    await take_triggers_away(database)
    async with database.write() as work:
        for statement in statements:
            await work.session.execute(text(statement) if isinstance(statement, str) else statement)
        await work.commit()


async def chain_anew(database, first, **changed):
    """Changes an entry, and makes every hash from it on fit again."""
    await take_triggers_away(database)
    async with database.write() as work:
        behind = select(AuditEntry).where(AuditEntry.position >= first).order_by(AuditEntry.position)
        entries = (await work.session.scalars(behind)).all()
        for name, value in changed.items():
            setattr(entries[0], name, value)
        previous = entries[0].previous_hash
        for entry in entries:
            entry.previous_hash = previous
            previous = entry.hash = hash_of(entry.content(), entry.signature)
        await work.commit()


async def append(database, **said):
    """Adds an entry that is chained as it should be, and signed with nothing."""
    async with database.write() as work:
        newest = await work.session.scalar(select(AuditEntry).order_by(AuditEntry.position.desc()).limit(1))
        values = {
            "position": newest.position + 1,
            "previous_hash": newest.hash,
            "at": newest.at,
            "actor": "ole",
            "action": "conversation",
            "outcome": "shown",
            "listed": [],
            "signature": newest.signature,
            **said,
        }
        entry = AuditEntry(**values)
        entry.hash = hash_of(entry.content(), entry.signature)
        work.session.add(entry)
        await work.commit()
