"""Who the conversation is with, and how far they have come, as the backend knows it."""

from pydantic import ValidationError

from actions.backend_client import backend
from actions.backend_models import Assessment
from actions.turn import Turn


async def citizen_id_of(turn: Turn) -> str:
    """Gives the id of the citizen in this conversation, who is made known to the backend at first need.

    It is asked for each time rather than remembered, so that a citizen whose data has been deleted since is
    met as somebody new.

    Raises:
        BackendError: The backend could not be asked.
    """
    citizen = await backend().get_or_create_citizen(turn.conversation_id, turn.channel, turn.key("citizen"))
    return citizen.id


def remembered_assessment(turn: Turn) -> Assessment | None:
    """Gives the assessment as the backend last told it, or None before the first."""
    try:
        return Assessment.parse_obj(turn.slot("assessment"))
    except ValidationError:
        return None
