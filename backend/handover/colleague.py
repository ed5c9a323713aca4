"""Who sits at the desk."""

from dataclasses import dataclass

from backend.handover import texts
from backend.teams.scope import TeamScope


@dataclass(frozen=True, slots=True)
class Colleague:
    """A caseworker at the desk.

    Attributes:
        login: How they are known.
        name: What colleagues call them; citizens meet them by their first name.
        scope: Whose citizens they may see.
    """

    login: str
    name: str
    scope: TeamScope

    @property
    def first_name(self) -> str:
        """What citizens call them."""
        return texts.first_name(self.name)
