"""Finds and adds citizens."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.citizens.tables import Citizen
from backend.db import insert_if_absent, new_id


class CitizenRepository:
    """The stored citizens."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, citizen_id: str) -> Citizen | None:
        """The citizen with an id."""
        return await self._session.get(Citizen, citizen_id)

    async def by_conversation(self, conversation_id: str) -> Citizen | None:
        """The citizen of a conversation."""
        return await self._session.scalar(select(Citizen).where(Citizen.conversation_id == conversation_id))

    async def add_if_absent(self, conversation_id: str, channel: str, now: datetime) -> bool:
        """Adds the citizen of a conversation, and tells whether there was none before."""
        row = {"id": new_id(), "conversation_id": conversation_id, "channel": channel, "created_at": now}
        return await insert_if_absent(self._session, Citizen, row)
