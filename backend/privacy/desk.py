"""What the staff see and do of citizens' requests: how long is left, and who it is that asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.privacy.identity import IDENTITY_LASTS
from backend.privacy.problems import ErasureBegun
from backend.privacy.repository import ErasureRepository, RightsRepository
from backend.privacy.tables import Erasure, Identity, RightsRequest
from backend.privacy.tombstones import STUB, stub_id
from backend.problems import NotFound
from backend.teams.scope import TeamScope


class Standing(StrEnum):
    """What an open request waits for."""

    STAFF = "staff"
    """Somebody who finds out whether it is the citizen."""
    CODE = "code"
    """The code that the citizen was sent."""
    CITIZEN = "citizen"
    """A yes or no of the citizen's."""
    ERASING = "erasing"
    """That everything is erased."""


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """An open request.

    Attributes:
        request: The request.
        conversation_id: Where the citizen's conversation is, or what is left of it.
        standing: What it waits for.
        days_left: Whole days until the law's month is over; below zero when it is.
    """

    request: RightsRequest
    conversation_id: str
    standing: Standing
    days_left: int


class RightsDesk:
    """The open requests of some teams' citizens.

    Args:
        rights: Where requests are stored.
        erasures: Where erasures are stored.
        scope: The teams; for everybody else's citizens there are no requests.
        now: The present moment.
    """

    def __init__(
        self, rights: RightsRepository, erasures: ErasureRepository, scope: TeamScope, now: datetime
    ) -> None:
        self._rights = rights
        self._erasures = erasures
        self._scope = scope
        self._now = now

    async def open_requests(self, limit: int) -> Sequence[OpenRequest]:
        """The open requests, the one that is due first first."""
        found = await self._rights.open_requests(self._scope, limit)
        return [self._told(request, erasure, where) for request, erasure, where in found]

    async def confirm_identity(self, request_id: str) -> None:
        """Notes that somebody has made sure that it is the citizen who asks.

        Raises:
            NotFound: There is no such open request, or not in this scope.
        """
        request = await self._open(request_id)
        request.identity, request.identified_at = Identity.STAFF, self._now

    async def close(self, request_id: str) -> None:
        """Closes a request that was met in another way.

        Raises:
            NotFound: There is no such open request, or not in this scope.
            ErasureBegun: It cannot be stopped.
        """
        request = await self._open(request_id)
        if await self._erasures.of_request(request_id):
            raise ErasureBegun
        request.closed_at = self._now

    async def is_to_be_erased(self, conversation_id: str) -> bool:
        """Whether the citizen of a conversation has said yes to having it erased, and it is still there."""
        return await self._erasures.is_begun(conversation_id)

    async def was_asked_to_erase(self, stub: str) -> bool:
        """Whether a conversation of which this is left was erased because its citizen asked."""
        erasure = await self._erasures.find(stub.removeprefix(STUB))
        return erasure is not None and erasure.request_id is not None

    async def left_of(self, conversation_id: str) -> str | None:
        """The id of what is left of an erased conversation, None for one that was not erased."""
        erasure = await self._erasures.of_conversation(conversation_id)
        return stub_id(erasure.number) if erasure else None

    async def _open(self, request_id: str) -> RightsRequest:
        request = await self._rights.open_request_in(self._scope, request_id)
        if request is None:
            raise NotFound("There is no such open request")
        return request

    def _told(self, request: RightsRequest, erasure: Erasure | None, where: str) -> OpenRequest:
        return OpenRequest(
            request, where, self._standing(request, erasure), (request.due_at - self._now).days
        )

    def _standing(self, request: RightsRequest, erasure: Erasure | None) -> Standing:
        if erasure:
            return Standing.ERASING
        if request.identified_at and request.identified_at > self._now - IDENTITY_LASTS:
            return Standing.CITIZEN
        if request.identity == Identity.STAFF:
            return Standing.STAFF
        return Standing.CODE if request.identity == Identity.CODE else Standing.CITIZEN
