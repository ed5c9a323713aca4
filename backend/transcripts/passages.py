"""A passage of a conversation: the turns that are shown at once, and what the assistant did between them."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from backend.transcripts.deliveries import DeliveryState
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
        delivery: How far the answers to it have come by SMS, or itself if it was said unasked; None where
            that is not known.
    """

    turn: ConversationTurn
    action: str | None
    led_to: list[str]
    delivery: DeliveryState | None


def spoken(
    turns: Sequence[ConversationTurn],
    actions: Sequence[tuple[datetime, str]],
    deliveries: Mapping[str, DeliveryState] = MappingProxyType({}),
) -> list[SpokenTurn]:
    """Turns with what became of them.

    Args:
        turns: The turns, oldest first.
        actions: What the bot did, oldest first, up to a turn of the citizen.
        deliveries: How far the answers to messages have come, by the messages' ids.
    """
    told: list[SpokenTurn] = []
    until = len(actions)
    for turn in reversed(turns):
        next_one = bisect_left(actions, turn.occurred_at, key=lambda action: action[0])
        delivery = deliveries.get(turn.message_id) if turn.message_id else None
        if turn.speaker == Speaker.CITIZEN:
            led_to = [name for _, name in actions[next_one:until]]
            told.append(SpokenTurn(turn, turn.action, led_to, delivery))
            until = next_one
        else:
            # Rasa notes an action right after what was said by it; what a person wrote is by none.
            noted = actions[next_one][1] if next_one < len(actions) and not turn.author else None
            told.append(SpokenTurn(turn, turn.action or noted, [], delivery))
    return told[::-1]
