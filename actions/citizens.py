"""Who the conversation is with, and how far they have come, as the backend knows it."""

from pydantic import ValidationError

from actions.backend_client import backend
from actions.backend_models import Assessment, Citizen
from actions.turn import Turn


async def citizen_of(turn: Turn) -> Citizen:
    """Gives the citizen in this conversation, who is made known to the backend at first need.

    The backend is asked each time, so that somebody whose data has been deleted since is met as new.

    Raises:
        BackendError: The backend could not be asked.
    """
    return await backend().get_or_create_citizen(turn.conversation_id, turn.channel, turn.key("citizen"))


async def citizen_id_of(turn: Turn) -> str:
    """Gives the citizen's id; see citizen_of."""
    return (await citizen_of(turn)).id


def remembered_assessment(turn: Turn) -> Assessment | None:
    """Gives the assessment as the backend last told it, or None before the first."""
    try:
        return Assessment.parse_obj(turn.slot("assessment"))
    except ValidationError:
        return None


def has_questions_left(turn: Turn) -> bool:
    """Tells whether the citizen has begun an assessment in this conversation and not finished it."""
    assessment = remembered_assessment(turn)
    return assessment is not None and assessment.current_item is not None
