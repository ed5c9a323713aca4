"""What citizens want to be sent."""

from datetime import datetime

from backend.outreach.repository import ContactWishRepository
from backend.outreach.tables import ContactWish


class ContactWishService:
    """Keeps what citizens say about being written to."""

    def __init__(self, wishes: ContactWishRepository) -> None:
        self._wishes = wishes

    async def wants_contact(self, conversation_id: str) -> bool:
        """Whether a citizen may be written to who has not just written."""
        wish = await self._wishes.get(conversation_id)
        return wish is None or wish.wanted

    async def say(self, conversation_id: str, *, wanted: bool, said_at: datetime) -> tuple[ContactWish, bool]:
        """Stores a citizen's word, unless they have said something newer.

        Returns:
            The word that stands, and whether it is another than before.
        """
        wanted_before = await self.wants_contact(conversation_id)
        wish = await self._wishes.for_change(conversation_id, wanted, said_at)
        if said_at >= wish.said_at:
            wish.wanted, wish.said_at = wanted, said_at
        return wish, wish.wanted != wanted_before
