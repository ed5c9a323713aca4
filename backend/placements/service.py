"""Proposes placements, hears the citizen, and lets a caseworker decide. Every step is kept as history."""

from datetime import datetime

from backend.assessment.outcome import Outcome
from backend.assessment.rule import Track
from backend.assessment.tables import Assessment
from backend.placements.repository import PlacementRepository
from backend.placements.tables import Placement, PlacementEvent, PlacementEventKind, PlacementStatus
from backend.problems import FieldError, Invalid, NotFound, VersionConflict

_CITIZEN = "citizen"


class PlacementService:
    """The life of a placement, from the proposal to a caseworker's decision."""

    def __init__(self, placements: PlacementRepository, now: datetime) -> None:
        self._placements = placements
        self._now = now

    async def of_citizen(self, citizen_id: str) -> list[Placement]:
        """The citizen's placements, newest first."""
        return await self._placements.of_citizen(citizen_id)

    async def of_assessment(self, assessment_id: str) -> Placement | None:
        """The placement that an assessment led to, if it has finished."""
        return await self._placements.of_assessment(assessment_id)

    async def history(self, placement_id: str) -> list[PlacementEvent]:
        """What happened to a placement, oldest first."""
        return await self._placements.history(placement_id)

    async def propose(self, assessment: Assessment, outcome: Outcome) -> Placement:
        """Makes the proposal that a finished assessment leads to, also when too few answers name no track."""
        placement = Placement(
            citizen_id=assessment.citizen_id,
            assessment_id=assessment.id,
            version=0,
            track=outcome.track,
            borderline=outcome.borderline,
            status=PlacementStatus.PROPOSED,
            reasons=list(outcome.reasons),
            counterfactual=outcome.counterfactual,
            disputed=False,
            created_at=self._now,
        )
        await self._placements.add(placement)
        await self._record(placement, PlacementEventKind.PROPOSED, assessment.engine_version, None)
        return placement

    async def dispute(self, placement_id: str, reason: str) -> Placement:
        """Notes that the citizen disagrees, and why; the placement stays until a caseworker has looked.

        Raises:
            NotFound: There is no such placement.
        """
        placement = _found(await self._placements.get_for_change(placement_id))
        placement.disputed = True
        placement.dispute_reason = reason
        await self._record(placement, PlacementEventKind.DISPUTED, _CITIZEN, reason)
        return placement

    async def decide(
        self, placement_id: str, *, track: Track, decided_by: str, reason: str | None, version: int
    ) -> Placement:
        """Stores a caseworker's decision: what was proposed is confirmed by it, any other track is a change.

        Args:
            placement_id: Which placement.
            track: The track decided on.
            decided_by: The caseworker's name or login.
            reason: Why; another track than the present one needs one.
            version: The placement's version that the caseworker saw.

        Raises:
            NotFound: There is no such placement.
            VersionConflict: It has changed since the caseworker saw it.
            Invalid: A change without a reason.
        """
        placement = _found(await self._placements.get_for_change(placement_id))
        if placement.version != version:
            raise VersionConflict
        if track != placement.track and not (reason and reason.strip()):
            fault: FieldError = {"location": "reason", "message": "a change needs a reason"}
            raise Invalid(errors=[fault])
        placement.track = track
        # The first event is the proposal.
        changes = track != (await self._placements.history(placement_id))[0].track
        placement.status = PlacementStatus.CHANGED if changes else PlacementStatus.CONFIRMED
        placement.decided_by = decided_by
        placement.decided_reason = reason
        kind = PlacementEventKind.CHANGED if changes else PlacementEventKind.CONFIRMED
        await self._record(placement, kind, decided_by, reason)
        return placement

    async def _record(
        self, placement: Placement, kind: PlacementEventKind, actor: str, reason: str | None
    ) -> None:
        placement.version += 1
        await self._placements.add_event(
            PlacementEvent(
                placement_id=placement.id,
                kind=kind,
                track=placement.track,
                actor=actor,
                reason=reason,
                created_at=self._now,
            )
        )


def _found(placement: Placement | None) -> Placement:
    if placement is None:
        raise NotFound("There is no such placement")
    return placement
