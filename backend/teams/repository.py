"""Finds and adds teams."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

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

    async def add_if_absent(self, team: dict[str, str | None]) -> None:
        """Adds a team unless one has its id, name or organisation."""
        await insert_if_absent(self._session, Team, team)
