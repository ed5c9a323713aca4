"""How well each intent is understood, as the bot's environment measured it (`make cross-validate`)."""

import logging
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

_logger = logging.getLogger(__name__)

_Share = Annotated[float, Field(ge=0, le=1)]


class Score(BaseModel):
    """How well one intent is understood."""

    f1: _Share


class Measurement(BaseModel):
    """What was measured.

    Attributes:
        measured_at: When it was.
        messages: How many messages were read.
        macro_f1: The mean over all intents.
        intents: The score of each intent; those with few examples have none.
    """

    measured_at: AwareDatetime
    messages: int
    macro_f1: _Share
    intents: dict[str, Score]


def read_measurement(path: Path) -> Measurement | None:
    """The latest measurement; None when there is none that can be read."""
    try:
        return Measurement.model_validate_json(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, ValidationError):
        _logger.warning("The measurement of the intents cannot be read: %s", path)
        return None
