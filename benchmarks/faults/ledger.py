"""What a citizen wrote and heard, message by message, as they would have noted it down themselves."""

from dataclasses import dataclass, field
from typing import Any

from benchmarks.conversations.hearing import Asked


@dataclass(frozen=True)
class Said:
    """Something that the assistant said.

    Attributes:
        text: The words.
        at: When, by the assistant's clock, in seconds since 1970; None where the channel does not tell.
    """

    text: str
    at: float | None = None


@dataclass
class Exchange:
    """A message, and all that was said to it.

    Attributes:
        message_id: The id that it was sent with, however often; "" for the opening of a conversation.
        written: What was written, or the title of the button that was pressed.
        asked: What the citizen was asked before.
        given: The answer on the scale that it means, if it answers a question.
        button: The button that was pressed, or stands behind the digit that was written by SMS.
        said: Everything that was said to it, also before a try was cut off.
        sent_at: When it was sent first, in seconds since 1970.
        answered_at: When it was acknowledged; None if it never was.
        tries: How often it was sent.
    """

    message_id: str
    written: str
    asked: Asked = Asked.NOTHING
    given: int | None = None
    button: dict[str, Any] | None = None
    said: list[Said] = field(default_factory=list)
    sent_at: float = 0.0
    answered_at: float | None = None
    tries: int = 0

    @property
    def texts(self) -> list[str]:
        """The words of everything that was said to it."""
        return [said.text for said in self.said]

    @property
    def text(self) -> str:
        """All that was said to it."""
        return "\n".join(self.texts)

    @property
    def is_answered(self) -> bool:
        """Whether the assistant acknowledged it."""
        return self.answered_at is not None


@dataclass
class Erasing:
    """What a citizen was told of their erasure, and saw of it.

    Attributes:
        number: The number of the receipt; "" while it has not begun.
        meeting: The meeting that it was said to cancel or to keep, in the words of the assistant; "" if none.
        keeps_meeting: Whether it was to be kept.
        is_done: Whether the receipt or the channel said that everything is erased.
        left_in: The files that held their name or number at that moment.
        is_told: Whether the channel said so.
    """

    number: str = ""
    meeting: str = ""
    keeps_meeting: bool = False
    is_done: bool = False
    left_in: list[str] = field(default_factory=list)
    is_told: bool = False


@dataclass
class Ledger:
    """A citizen's conversation.

    Attributes:
        conversation_id: Whose it is; "" until the assistant has given one.
        channel: How they wrote.
        exchanges: What was written and said, in order.
        wanted: What they came for and have not got.
        shown: What came back instead of an answer, such as the body of an error.
        erasing: What came of their wish to have everything erased; None for those who had none.
    """

    conversation_id: str
    channel: str
    exchanges: list[Exchange] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    erasing: Erasing | None = None

    def __str__(self) -> str:
        lines = [f"{self.channel} {self.conversation_id}"]
        for exchange in self.exchanges:
            lines.append(f"- {exchange.written!r} ({exchange.message_id}, {exchange.tries} tries)")
            lines += [f"  > {text}" for text in exchange.texts]
        return "\n".join(lines)
