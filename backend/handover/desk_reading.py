"""What a caseworker looks at: the queue, who is there, what was written, numbers to call."""

from collections.abc import Sequence
from datetime import datetime

from backend.booking.opening_hours import OpeningHours
from backend.handover.colleague import Colleague
from backend.handover.floor import Floor, is_here
from backend.handover.ownership import HandoverState
from backend.handover.repository import HandoverRepository
from backend.handover.service import read_floor
from backend.handover.tables import CallRequest, DeskMessage, DeskPresence, Handover, HandoverEvent
from backend.problems import NotFound


class DeskReading:
    """What one caseworker sees of the desk, within one transaction.

    The repository must be limited to the caseworker's teams.
    """

    def __init__(
        self, handovers: HandoverRepository, hours: OpeningHours, colleague: Colleague, now: datetime
    ) -> None:
        self._handovers = handovers
        self._hours = hours
        self._colleague = colleague
        self._now = now

    async def is_available(self) -> bool:
        """Whether the caseworker takes new conversations."""
        presence = await self._handovers.presence(self._colleague.login)
        return presence is not None and presence.available

    async def everybody(self) -> Sequence[DeskPresence]:
        """Everybody who is known at the desk, by name."""
        return await self._handovers.presences()

    async def colleagues(self) -> list[DeskPresence]:
        """The others who are there, to give a conversation to."""
        present = await self._handovers.presences()
        return [one for one in present if one.login != self._colleague.login and is_here(one, self._now)]

    async def floor(self) -> Floor:
        """The queue as far as the caseworker may see it, and who is there."""
        return await read_floor(self._handovers, self._hours, self._now)

    async def mine(self) -> list[Handover]:
        """The conversations that the caseworker has, the oldest first."""
        taken = await self._handovers.with_teams(HandoverState.TAKEN)
        own = [one for one, _ in taken if one.owner == self._colleague.login]
        return sorted(own, key=lambda one: (one.taken_at or one.asked_at, one.id))

    async def has(self, conversation_id: str) -> bool:
        """Whether the caseworker has a conversation."""
        handover = await self._handovers.open(conversation_id)
        return handover is not None and handover.owner == self._colleague.login

    async def messages(self, conversation_id: str) -> Sequence[DeskMessage]:
        """What was written to a citizen, in order, and how far it has come."""
        return await self._handovers.messages(conversation_id)

    async def written(self, key: str) -> DeskMessage | None:
        """What the request with a key has written before."""
        return await self._handovers.message_by_key(key)

    async def was_taken(self, key: str) -> bool:
        """Whether the request with a key has taken a conversation before."""
        return await self._handovers.is_done(key)

    async def history(self, conversation_id: str) -> Sequence[Handover]:
        """The handovers of a conversation, oldest first."""
        return await self._handovers.of_conversation(conversation_id)

    async def events(self, handover_id: str) -> Sequence[HandoverEvent]:
        """What happened in a handover, whispers among it.

        Raises:
            NotFound: There is no such handover.
        """
        if await self._handovers.get(handover_id) is None:
            raise NotFound("There is no such handover")
        return await self._handovers.events(handover_id)

    async def call_requests(self) -> Sequence[CallRequest]:
        """The numbers that nobody has called yet, oldest first."""
        return await self._handovers.call_requests()
