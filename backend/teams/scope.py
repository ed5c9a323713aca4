"""Whose citizens somebody may see: a set of teams that every query about citizens is limited to."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, SQLColumnExpression, false, true


@dataclass(frozen=True, slots=True)
class TeamScope:
    """Some teams, or all of them.

    Attributes:
        teams: Ids of the teams; None for every team, also later ones. Empty means nobody's citizens.
    """

    teams: frozenset[str] | None

    def covers(self, team_id: str) -> bool:
        """Whether a team is among them."""
        return self.teams is None or team_id in self.teams

    def each(self) -> list["TeamScope"]:
        """The scope as scopes of one team each; as it is when it is all teams, or none."""
        return [TeamScope(frozenset({team})) for team in sorted(self.teams or ())] or [self]

    def limits(self, team_id: SQLColumnExpression[str]) -> ColumnElement[bool]:
        """The condition that a row's team is among them."""
        if self.teams is None:
            return true()
        return team_id.in_(sorted(self.teams)) if self.teams else false()


EVERY_TEAM = TeamScope(None)
"""For the assistant, which serves all citizens, and for those whose right has no limit."""
NO_TEAM = TeamScope(frozenset())
