"""Who waits and who is there to answer, as it stands at one moment, without I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.handover.ownership import GONE_AFTER
from backend.handover.queue import urgency
from backend.handover.repository import ownership_of
from backend.handover.tables import DeskPresence, Handover


def is_here(presence: DeskPresence, now: datetime) -> bool:
    """Whether somebody's browser has lately given a sign of life."""
    return now - presence.seen_at < GONE_AFTER


@dataclass(frozen=True, slots=True)
class Floor:
    """The queue and the desk.

    Attributes:
        waiting: Those who wait, each with the team of their conversation.
        presences: Everybody who is known at the desk.
        is_open: Whether it is within the opening hours.
        now: The moment.
    """

    waiting: Sequence[tuple[Handover, str]]
    presences: Sequence[DeskPresence]
    is_open: bool
    now: datetime

    @property
    def is_used(self) -> bool:
        """Whether anybody has ever set themselves available; if not, there is no queue to speak of."""
        return any(presence.ever_available for presence in self.presences)

    def is_served(self, team_id: str) -> bool:
        """Whether somebody is there now for the citizens of a team."""
        return bool(self._serving(team_id))

    def position(self, team_id: str, handover: Handover | None = None) -> int:
        """The place of somebody who waits, or of somebody who would begin to; 1 is the first.

        Those count as before them who are, and whom the same caseworkers may answer.
        """
        serving = self._serving(team_id)
        rank = _rank(handover) if handover else None
        before = [
            other
            for other, team in self.waiting
            if (rank is None or _rank(other) < rank)
            and (team == team_id or any(colleague.scope.covers(team) for colleague in serving))
        ]
        return len(before) + 1

    def in_order(self) -> list[tuple[Handover, str]]:
        """Those who wait, who is to be answered first coming first."""
        return sorted(self.waiting, key=lambda one: _rank(one[0]))

    def _serving(self, team_id: str) -> list[DeskPresence]:
        if not self.is_open:
            return []
        return [
            presence
            for presence in self.presences
            if presence.available and is_here(presence, self.now) and presence.scope.covers(team_id)
        ]


def _rank(handover: Handover) -> tuple[tuple[bool, bool, datetime], str]:
    # The id parts those who asked at the very same moment.
    return urgency(ownership_of(handover)), handover.id
