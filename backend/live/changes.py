"""The numbers of changes, which grow in the order in which changes are committed."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.live.tables import ONLY_ROW, ChangeCounter


async def next_change(session: AsyncSession) -> int:
    """Takes the next number for a change that this transaction makes.

    Nobody else gets a number until the transaction ends, so that whoever has seen a number has seen all
    before it. Take it last, after every row that is to be changed has been locked.
    """
    counted = update(ChangeCounter).where(ChangeCounter.id == ONLY_ROW)
    grown = counted.values(number=ChangeCounter.number + 1).returning(ChangeCounter.number)
    return (await session.execute(grown)).scalar_one()


async def latest_change(session: AsyncSession) -> int:
    """The number of the latest change that was committed."""
    counted = select(ChangeCounter.number).where(ChangeCounter.id == ONLY_ROW)
    return (await session.execute(counted)).scalar_one()
