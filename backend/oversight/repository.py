"""Finds what waits for a caseworker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from backend.booking.reports import is_unseen_report
from backend.booking.tables import Booking, BookingChange
from backend.citizens.tables import Citizen
from backend.placements.tables import Placement, PlacementEvent, PlacementEventKind
from backend.teams.scope import TeamScope
from backend.transcripts.tables import Conversation, ConversationFlag

_Columns = Select[datetime, str, str, str | None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits.

    Attributes:
        since: Since when.
        ground: The kind of a flag, "disputed", or what the citizen did with a booking.
        conversation_id: In which conversation.
        citizen_name: Of whom; None when they have not told.
    """

    since: datetime
    ground: str
    conversation_id: str
    citizen_name: str | None


class OversightRepository:
    """What waits in some teams.

    Args:
        session: The transaction.
        scope: The teams.
    """

    def __init__(self, session: AsyncSession, scope: TeamScope) -> None:
        self._session = session
        self._within_scope = scope.limits(Conversation.team_id)

    async def waiting_since_before(self, moment: datetime, limit: int) -> Sequence[Waiting]:
        """What has waited since before a moment, longest first."""
        every = union_all(self._flags(), self._disputes(), self._reports()).subquery()
        found = select(every).where(every.c.since < moment).order_by(every.c.since).limit(limit)
        return [Waiting(*row) for row in await self._session.execute(found)]

    def _flags(self) -> _Columns:
        return (
            _waiting(ConversationFlag.raised_at, ConversationFlag.kind)
            .join(Conversation, Conversation.id == ConversationFlag.conversation_id)
            .outerjoin(Citizen, Citizen.conversation_id == Conversation.id)
            .where(self._within_scope, ConversationFlag.acknowledged_at.is_(None))
        )

    def _disputes(self) -> _Columns:
        return (
            _waiting(PlacementEvent.created_at, literal("disputed"))
            .join(Placement, Placement.id == PlacementEvent.placement_id)
            .join(Citizen, Citizen.id == Placement.citizen_id)
            .join(Conversation, Conversation.id == Citizen.conversation_id)
            # The newest step has the number of the version: nobody has decided since.
            .where(self._within_scope, PlacementEvent.sequence == Placement.version)
            .where(PlacementEvent.kind == PlacementEventKind.DISPUTED)
        )

    def _reports(self) -> _Columns:
        return (
            _waiting(BookingChange.at, BookingChange.kind)
            .join(Booking, Booking.id == BookingChange.booking_id)
            .join(Citizen, Citizen.id == Booking.citizen_id)
            .join(Conversation, Conversation.id == Citizen.conversation_id)
            .where(self._within_scope, is_unseen_report())
        )


def _waiting(since: SQLColumnExpression[datetime], ground: SQLColumnExpression[Any]) -> _Columns:
    return select(
        since.label("since"),
        ground.label("ground"),
        Conversation.id.label("conversation_id"),
        Citizen.name.label("citizen_name"),
    )
