"""Who may do what in the console.

A right comes with a role, and a role is given for one team or for all, as in Fælleskommunal
Adgangsstyring, where a role is limited to an organisation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from aiohttp import web

from backend.problems import NotAllowed
from backend.teams.scope import EVERY_TEAM, NO_TEAM, TeamScope


class Role(StrEnum):
    """What somebody is at the municipality."""

    CASEWORKER = "caseworker"
    TEAM_LEADER = "team_leader"
    BOT_TRAINER = "bot_trainer"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """What a page of the console may ask for."""

    READ_CASES = "read_cases"
    """Read the conversations of citizens and all that belongs to them."""
    WORK_ON_CASES = "work_on_cases"
    """Decide, see to what citizens report, review, note and correct."""
    INVITE = "invite"
    """Write to citizens who have not written."""
    OVERSEE = "oversee"
    """See what has waited too long in a team."""
    TRAIN = "train"
    """Approve corrections and take them out as training data, without citizens' names."""
    SEE_FIGURES = "see_figures"
    """See how the service goes, without any single citizen."""
    ADMINISTER = "administer"
    """Give and take accounts and roles, and read the audit log."""
    SIGNED_IN = "signed_in"
    """Have signed in, whatever the role."""
    PUBLIC = "public"
    """Nothing: the way in, which is for everybody."""


_CASEWORK = frozenset({Right.READ_CASES, Right.WORK_ON_CASES, Right.INVITE})
_ABOUT_CITIZENS = _CASEWORK | {Right.OVERSEE}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.CASEWORKER: _CASEWORK,
    Role.TEAM_LEADER: _CASEWORK | {Right.OVERSEE, Right.SEE_FIGURES},
    Role.BOT_TRAINER: frozenset({Right.TRAIN, Right.SEE_FIGURES}),
    Role.ADMINISTRATOR: frozenset({Right.ADMINISTER, Right.SEE_FIGURES}),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, for one team; None for the whole municipality."""

    role: Role
    team_id: str | None = None


EVERYTHING = frozenset(Grant(role) for role in Role)
"""Every role in every team, for the demo."""


@dataclass(frozen=True, slots=True)
class Caseworker:
    """Someone who has signed in."""

    id: str
    login: str
    name: str
    grants: frozenset[Grant]

    def may(self, right: Right) -> bool:
        """Whether they have a right, in any team."""
        if right is Right.ADMINISTER:
            # Who gives roles could give themselves any: one team's administrator would be everybody's.
            return self.teams(right) == EVERY_TEAM
        return right is Right.SIGNED_IN or any(right in RIGHTS[grant.role] for grant in self.grants)

    def teams(self, right: Right) -> TeamScope:
        """The teams in which they have a right."""
        giving = [grant.team_id for grant in self.grants if right in RIGHTS[grant.role]]
        if None in giving:
            return EVERY_TEAM
        return TeamScope(frozenset(team for team in giving if team is not None))

    def citizens(self, right: Right) -> TeamScope:
        """The teams whose citizens a page that asks for a right may show; none when it is about none."""
        return self.teams(right) if right in _ABOUT_CITIZENS else NO_TEAM


_RIGHT = "console_right"
Handler = TypeVar("Handler", bound=Callable[..., Any])


def needs(right: Right) -> Callable[[Handler], Handler]:
    """Declares which right a page or form asks for. One that declares none is open to nobody."""

    def declare(handler: Handler) -> Handler:
        setattr(handler, _RIGHT, right)
        return handler

    return declare


def needed_right(request: web.Request) -> Right:
    """The right that the page asked for needs.

    Raises:
        NotAllowed: It declares none, so it is open to nobody.
    """
    right = getattr(request.match_info.handler, _RIGHT, None)
    if not isinstance(right, Right):
        raise NotAllowed
    return right


def is_public(request: web.Request) -> bool:
    """Whether the page asked for is part of the way in."""
    return getattr(request.match_info.handler, _RIGHT, None) is Right.PUBLIC
