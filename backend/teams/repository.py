"""Finds and adds teams."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
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

    async def change_unless_taken(self, team: Team, name: str, organisation: str | None) -> bool:
        """Gives a team another name and organisation unless another has one of them; tells whether it did.

        The database decides, so that of two changes at the same moment one is refused.
        """
        try:
            async with self._session.begin_nested():
                team.name, team.organisation = name, organisation
        except IntegrityError:
            return False
        return True

    async def add_if_absent(self, team: dict[str, str | None]) -> bool:
        """Adds a team unless one has its id, name or organisation, and tells whether it did."""
        return await insert_if_absent(self._session, Team, team)
