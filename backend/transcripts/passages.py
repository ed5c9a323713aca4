"""A passage of a conversation: the turns that are shown at once, and what the assistant did between them."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.transcripts.rasa_events import Speaker
from backend.transcripts.tables import ConversationTurn

SHOWN = 50
"""How many turns a passage has at most."""
LED_BY = 5
"""How many turns stand before one that was asked for, so that it can be understood."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Which turns to show: the latest, unless one of these names a turn by its position.

    Attributes:
        before: Those that were said before it.
        after: Those that were said after it.
        around: The latest if it is among them, and else those from a little before it on.
    """

    before: int | None = None
    after: int | None = None
    around: int | None = None


@dataclass(frozen=True, slots=True)
class FoundTurns:
    """The turns of a passage, oldest first, and whether there is more on either side."""

    turns: list[ConversationTurn]
    has_earlier: bool
    has_later: bool

    @property
    def earlier(self) -> int | None:
        """The turn before which there is more to show, None at the beginning."""
        return self.turns[0].position if self.turns and self.has_earlier else None

    @property
    def later(self) -> int | None:
        """The turn after which there is more to show, None at the end."""
        return self.turns[-1].position if self.turns and self.has_later else None


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """A turn of a transcript.

    Attributes:
        turn: The turn.
        action: The action the bot said it by, if it was the bot.
        led_to: What the bot did because of it until the citizen's next turn, if it was the citizen.
    """

    turn: ConversationTurn
    action: str | None
    led_to: list[str]


def spoken(turns: Sequence[ConversationTurn], actions: Sequence[tuple[datetime, str]]) -> list[SpokenTurn]:
    """Turns with what the bot did, both oldest first and the actions up to a turn of the citizen."""
    told: list[SpokenTurn] = []
    until = len(actions)
    for turn in reversed(turns):
        next_one = bisect_left(actions, turn.occurred_at, key=lambda action: action[0])
        if turn.speaker == Speaker.CITIZEN:
            led_to = [name for _, name in actions[next_one:until]]
            told.append(SpokenTurn(turn, turn.action, led_to))
            until = next_one
        else:
            # Rasa notes an action right after what was said by it.
            noted = actions[next_one][1] if next_one < len(actions) else None
            told.append(SpokenTurn(turn, turn.action or noted, []))
    return told[::-1]
