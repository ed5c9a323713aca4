"""Finds and stores what citizens are sent, and whether they want to be."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.db import insert_if_absent
from backend.outreach.tables import ContactWish


class ContactWishRepository:
    """The stored wishes."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, conversation_id: str) -> ContactWish | None:
        """The newest word of a citizen, None when there is none."""
        return await self._session.get(ContactWish, conversation_id)

    async def for_change(self, conversation_id: str, wanted: bool, said_at: datetime) -> ContactWish:
        """The newest word of a citizen, locked; the given one where there was none."""
        row = {"conversation_id": conversation_id, "wanted": wanted, "said_at": said_at}
        await insert_if_absent(self._session, ContactWish, row)
        found = select(ContactWish).where(ContactWish.conversation_id == conversation_id).with_for_update()
        return (await self._session.scalars(found)).one()
