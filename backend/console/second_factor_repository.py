"""Finds and stores second factors and their recovery codes."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console.tables import ConsoleRecoveryCode, ConsoleSecondFactor


class SecondFactorRepository:
    """The stored second factors."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, user_id: str) -> ConsoleSecondFactor | None:
        """A user's, confirmed or not."""
        return await self._session.get(ConsoleSecondFactor, user_id)

    async def for_change(self, user_id: str) -> ConsoleSecondFactor | None:
        """A user's, so that nobody else uses the same code before the transaction ends."""
        return await self._session.get(
            ConsoleSecondFactor, user_id, with_for_update=True, populate_existing=True
        )

    async def is_on(self, user_id: str) -> bool:
        """Whether a user is asked for codes."""
        factor = await self.of(user_id)
        return factor is not None and factor.confirmed_at is not None

    async def put(self, factor: ConsoleSecondFactor) -> None:
        """Stores a user's, in the place of an earlier one."""
        await self._session.merge(factor)
        await self._session.flush()

    async def add_recovery_codes(self, user_id: str, digests: Sequence[str]) -> None:
        """Stores a user's recovery codes."""
        self._session.add_all(ConsoleRecoveryCode(id=digest, user_id=user_id) for digest in digests)
        await self._session.flush()

    async def use_recovery_code(self, user_id: str, digest: str) -> bool:
        """Takes a recovery code, and tells whether it was there."""
        mine = (ConsoleRecoveryCode.id == digest) & (ConsoleRecoveryCode.user_id == user_id)
        taken = delete(ConsoleRecoveryCode).where(mine).returning(ConsoleRecoveryCode.id)
        return (await self._session.execute(taken)).first() is not None

    async def recovery_codes_left(self, user_id: str) -> int:
        """How many recovery codes a user has not used."""
        query = select(func.count()).where(ConsoleRecoveryCode.user_id == user_id)
        return await self._session.scalar(query) or 0
