"""Finds and adds placements and their history."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.placements.tables import Placement, PlacementEvent


class PlacementRepository:
    """The stored placements."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get_for_change(self, placement_id: str) -> Placement | None:
        """The placement with an id, so that no one else changes it before the transaction ends."""
        return await self._session.get(Placement, placement_id, with_for_update=True)

    async def of_assessment(self, assessment_id: str) -> Placement | None:
        """The placement that an assessment led to."""
        return await self._session.scalar(select(Placement).where(Placement.assessment_id == assessment_id))

    async def of_citizen(self, citizen_id: str) -> list[Placement]:
        """The citizen's placements, newest first."""
        found = select(Placement).where(Placement.citizen_id == citizen_id)
        return list(
            await self._session.scalars(found.order_by(Placement.created_at.desc(), Placement.id.desc()))
        )

    async def history(self, placement_id: str) -> list[PlacementEvent]:
        """What happened to a placement, oldest first."""
        found = select(PlacementEvent).where(PlacementEvent.placement_id == placement_id)
        return list(await self._session.scalars(found.order_by(PlacementEvent.sequence)))

    async def add(self, placement: Placement) -> None:
        """Adds a placement."""
        self._session.add(placement)
        await self._session.flush()

    async def add_event(self, event: PlacementEvent) -> None:
        """Adds the next step of a placement's history."""
        newest = select(func.max(PlacementEvent.sequence)).where(
            PlacementEvent.placement_id == event.placement_id
        )
        event.sequence = (await self._session.scalar(newest) or 0) + 1
        self._session.add(event)
        await self._session.flush()
