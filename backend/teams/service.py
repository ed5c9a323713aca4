"""What can be done with teams."""

from backend.problems import Conflict, NotFound
from backend.teams.repository import TeamRepository


class TeamTaken(Conflict):
    """Another team has the name or the organisation."""

    slug, title = "team-taken", "Another team has the name or the organisation"


class TeamService:
    """Teams within one transaction."""

    def __init__(self, teams: TeamRepository) -> None:
        self._teams = teams

    async def add(self, team_id: str, name: str, organisation: str | None) -> None:
        """Adds a team.

        Raises:
            TeamTaken: Another has the name or the organisation.
        """
        added = await self._teams.add_if_absent({"id": team_id, "name": name, "organisation": organisation})
        if not added:
            raise TeamTaken

    async def change(self, team_id: str, name: str, organisation: str | None) -> None:
        """Gives a team another name and organisation.

        Raises:
            NotFound: There is no such team.
            TeamTaken: Another has the name or the organisation.
        """
        team = await self._teams.get(team_id)
        if team is None:
            raise NotFound
        if not await self._teams.change_unless_taken(team, name, organisation):
            raise TeamTaken

    async def take_in(self, team_id: str, consultant_id: str) -> None:
        """Puts a consultant into a team; citizens who book with them from now on are that team's.

        Raises:
            NotFound: There is no such team or consultant.
        """
        team = await self._teams.get(team_id)
        consultant = await self._teams.consultant(consultant_id)
        if team is None or consultant is None:
            raise NotFound
        consultant.team_id = team.id
