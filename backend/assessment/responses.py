"""What a citizen has answered so far."""

from dataclasses import dataclass

# The skill scale of DigCompSAT (JRC123226): kan ikke, med hjælp, på egen hånd, sikkert (kan vise andre).
CANNOT, WITH_HELP, INDEPENDENT, ADVANCED = range(4)


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to one item. `value` None means skipped or "ved ikke": missing, which is not zero.

    Raises:
        ValueError: The value is no step of the scale.
    """

    item_id: str
    value: int | None

    def __post_init__(self) -> None:
        if self.value is not None and not CANNOT <= self.value <= ADVANCED:
            raise ValueError(f"{self.value} is not on the answer scale {CANNOT}-{ADVANCED}")


# In the order asked. Shortening it by one is how an answer is undone: nothing else is remembered.
History = tuple[Response, ...]


def answered(history: History) -> int:
    """How many real answers there are."""
    return sum(response.value is not None for response in history)
