"""/placements: the proposed track, and the citizen's say in it."""

from typing import Literal

from backend.api.models import Id, QueryModel, RequestModel, ResponseModel, Text, Timestamp
from backend.api.routes import Call, Routes
from backend.assessment.rule import Track
from backend.placements.repository import PlacementRepository
from backend.placements.service import PlacementService

routes = Routes("placements")


class PlacementOut(ResponseModel):
    """A placement as it stands now; `track` is null when there were too few answers to propose one.

    `needs_occupation` tells that the track presupposes a wished occupation that the citizen has not told yet.
    """

    id: Id
    citizen_id: Id
    assessment_id: Id
    track: Track | None
    borderline: bool
    needs_occupation: bool
    status: Literal["proposed", "confirmed", "changed"]
    reasons: list[str]
    counterfactual: str | None
    disputed: bool
    dispute_reason: str | None
    decided_by: str | None
    decided_reason: str | None
    created_at: Timestamp


class PlacementList(ResponseModel):
    """Placements, newest first."""

    placements: list[PlacementOut]


class PlacementsOf(QueryModel):
    """Whose placements."""

    citizen_id: Id


class DisputeIn(RequestModel):
    """Why the citizen disagrees, in their own words."""

    reason: Text


def _service(call: Call) -> PlacementService:
    return PlacementService(PlacementRepository(call.session), call.now)


@routes.get("/placements")
async def list_placements(call: Call, query: PlacementsOf) -> PlacementList:
    """A citizen's placements, newest first."""
    placements = await _service(call).of_citizen(query.citizen_id)
    return PlacementList(placements=[PlacementOut.model_validate(placement) for placement in placements])


@routes.post("/placements/{placement_id}/dispute")
async def dispute_placement(call: Call, placement_id: Id, body: DisputeIn) -> PlacementOut:
    """Notes that the citizen disagrees; a caseworker sees it."""
    return PlacementOut.model_validate(await _service(call).dispute(placement_id, body.reason))
