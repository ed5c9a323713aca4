"""What can be done with a citizen."""

from datetime import datetime

from backend.citizens.repository import CitizenRepository
from backend.citizens.tables import SMS_CONVERSATION, Citizen
from backend.problems import NotFound

SMS = "sms"


class CitizenService:
    """Knows citizens by their conversation, and keeps what they tell about themselves."""

    def __init__(self, citizens: CitizenRepository, now: datetime) -> None:
        self._citizens = citizens
        self._now = now

    async def get(self, citizen_id: str) -> Citizen:
        """The citizen with an id.

        Raises:
            NotFound: There is none.
        """
        citizen = await self._citizens.get(citizen_id)
        if citizen is None:
            raise NotFound("There is no such citizen")
        return citizen

    async def get_or_create(self, conversation_id: str, channel: str) -> tuple[Citizen, bool]:
        """The citizen of a conversation, and whether it is new.

        Who has come from SMS to the chat is still reached by SMS, where they may write again.
        """
        channel = SMS if conversation_id.startswith(SMS_CONVERSATION) else channel
        created = await self._citizens.add_if_absent(conversation_id, channel, self._now)
        citizen = await self._citizens.by_conversation(conversation_id)
        if citizen is None:
            raise RuntimeError("a citizen that was just ensured is missing")
        return citizen, created

    async def update(
        self,
        citizen_id: str,
        *,
        name: str | None = None,
        phone: str | None = None,
        wished_occupation: str | None = None,
    ) -> Citizen:
        """Stores what a citizen has told; None leaves it as it is.

        Raises:
            NotFound: There is no such citizen.
        """
        citizen = await self.get(citizen_id)
        if name is not None:
            citizen.name = name
        if phone is not None:
            citizen.phone = phone
        if wished_occupation is not None:
            citizen.wished_occupation = wished_occupation
        return citizen
