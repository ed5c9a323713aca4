"""A placement with all that is needed to judge it: beside the conversation, and as a page to print."""

from dataclasses import dataclass

from aiohttp import web
from markupsafe import Markup

from backend.assessment.profile_picture import profile_picture
from backend.assessment.service import GivenAnswer, Result
from backend.console.page import render
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.keys import DATABASE
from backend.placements.tables import Placement, PlacementEvent

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class PlacementStory:
    """A placement, what it rests on and how it came to stand as it does."""

    placement: Placement
    result: Result
    answers: list[GivenAnswer]
    history: list[PlacementEvent]

    @property
    def picture(self) -> Markup:
        """The five areas with their uncertainty; the picture escapes its own texts."""
        areas = self.result.outcome.areas
        return Markup(profile_picture(areas, f"profil-{self.placement.id}", uncertainty=True))  # noqa: S704


async def story_of(rooms: Rooms, placement: Placement) -> PlacementStory:
    """Gathers what there is to know about a placement."""
    return PlacementStory(
        placement,
        await rooms.assessments.result(placement.assessment_id),
        await rooms.assessments.answers(placement.assessment_id),
        await rooms.placements.history(placement.id),
    )


@routes.get("/conversations/{conversation_id}/placements/{placement_id}/print", name="print_placement")
@needs(Right.READ_CASES)
async def show_print(request: web.Request) -> web.Response:
    """One assessment on paper, with room for notes."""
    async with request.config_dict[DATABASE].read() as work:
        rooms = Rooms(request, work.session)
        conversation_id = request.match_info["conversation_id"]
        summary = await rooms.transcripts.summary(conversation_id)
        placement = await rooms.placement(conversation_id, request.match_info["placement_id"])
        context = {
            "summary": summary,
            "story": await story_of(rooms, placement),
            "tracks": await rooms.track_names(),
        }
        return render(request, "print.html", context)
