"""/tracks: what can be proposed."""

from backend.api.models import ResponseModel
from backend.api.routes import Call, Routes
from backend.assessment.rule import Track
from backend.tracks.repository import TrackRepository

routes = Routes("tracks")


class TrackOut(ResponseModel):
    """A track in the municipality's words."""

    id: Track
    name: str
    short_name: str
    description: str
    for_whom: str
    leads_to: str


class TrackList(ResponseModel):
    """The tracks in the order they are told."""

    tracks: list[TrackOut]


@routes.get("/tracks")
async def list_tracks(call: Call) -> TrackList:
    """Every track."""
    tracks = await TrackRepository(call.session).all()
    return TrackList(tracks=[TrackOut.model_validate(track) for track in tracks])
