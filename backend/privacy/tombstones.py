"""Knows erased conversations by what is left of their ids, so that nothing late brings them back."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.db import insert_if_absent
from backend.privacy.keys import digest
from backend.privacy.tables import ErasedConversation

STUB = "erased."
"""What the id begins with that an erased conversation has afterwards; its receipt's number follows."""


def stub_id(number: str) -> str:
    """The id that an erased conversation has afterwards."""
    return STUB + number


def is_stub(conversation_id: str) -> bool:
    """Whether it is what is left of an erased conversation: nobody is there to write to."""
    return conversation_id.startswith(STUB)


class Tombstones:
    """The erased conversations within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def erased_until(self, conversation_ids: Collection[str]) -> dict[str, datetime]:
        """Up to when each of some conversations is erased; those that are not are left out."""
        by_digest = {digest(id): id for id in conversation_ids}
        found = select(ErasedConversation).where(ErasedConversation.digest.in_(by_digest))
        return {by_digest[row.digest]: row.until for row in await self._session.scalars(found)}

    async def put(self, conversation_id: str, until: datetime, number: str) -> None:
        """Notes that a conversation is erased up to a moment; never up to an earlier one than before."""
        row = {"digest": digest(conversation_id), "until": until, "number": number}
        if not await insert_if_absent(self._session, ErasedConversation, row):
            found = select(ErasedConversation).where(ErasedConversation.digest == row["digest"])
            stone = (await self._session.scalars(found.with_for_update())).one()
            stone.until, stone.number = max(stone.until, until), number
