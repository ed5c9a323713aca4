"""Finds and adds teams."""

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.booking.tables import Consultant
from backend.db import insert_if_absent
from backend.teams.tables import Team


class TeamRepository:
    """The stored teams."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> list[Team]:
        """Every team, by name."""
        return list(await self._session.scalars(select(Team).order_by(Team.name)))

    async def get(self, team_id: str) -> Team | None:
        """The team with an id."""
        return await self._session.get(Team, team_id)

    async def consultant(self, consultant_id: str) -> Consultant | None:
        """The consultant with an id."""
        return await self._session.get(Consultant, consultant_id)

    async def is_taken(self, name: str, organisation: str | None, *, but: str) -> bool:
        """Whether a team other than one has a name or an organisation."""
        has_either = Team.name == name
        if organisation is not None:
            has_either = or_(has_either, Team.organisation == organisation)
        query = select(Team.id).where(Team.id != but, has_either).limit(1)
        return await self._session.scalar(query) is not None

    async def add_if_absent(self, team: dict[str, str | None]) -> bool:
        """Adds a team unless one has its id, name or organisation, and tells whether it did."""
        return await insert_if_absent(self._session, Team, team)
