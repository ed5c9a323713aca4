"""When a single conversation goes, as it is told to staff and to the citizen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.retention.activity import Obstacle
from backend.retention.policy import Policy
from backend.retention.repository import ConversationTimes


@dataclass(frozen=True, slots=True)
class Departure:
    """When a conversation goes.

    Attributes:
        at: When its time is up, unless something more happens.
        is_due: Whether it is up already.
        obstacles: What would keep it then, as things stand.
    """

    at: datetime
    is_due: bool
    obstacles: Sequence[Obstacle]


async def departure(
    session: AsyncSession, policy: Policy, now: datetime, conversation_id: str
) -> Departure | None:
    """When a conversation goes; None when there is none."""
    times = ConversationTimes(session, now)
    last = await times.last_of(conversation_id)
    if last is None:
        return None
    at = policy.conversation_goes_at(last)
    return Departure(at, at <= now, await times.obstacles_of(conversation_id))
