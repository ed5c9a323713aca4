"""Tells what has waited for a caseworker too long."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from backend.oversight.repository import OversightRepository, Waiting

TOO_LONG = timedelta(days=1)


class OversightService:
    """What those who lead a team should know of."""

    def __init__(self, oversight: OversightRepository, now: datetime) -> None:
        self._oversight = oversight
        self._now = now

    async def waiting_too_long(self, limit: int) -> Sequence[Waiting]:
        """What has waited longer than a day, longest first."""
        return await self._oversight.waiting_since_before(self._now - TOO_LONG, limit)
