"""The queue for a person: its order, how long it may take, and what is worth telling, without I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor
from statistics import quantiles

from backend.handover.ownership import Ownership, Reason

FEWEST_WAITS = 5
"""With fewer answered citizens to go by, nothing is said about how long it may take."""
TELL_EVERY = timedelta(minutes=3)
"""How often a place in the queue is told at most."""
_MUCH = 3


@dataclass(frozen=True, slots=True)
class PastWait:
    """How long a citizen who was answered had waited, and their place when they asked."""

    waited: timedelta
    position: int


@dataclass(frozen=True, slots=True)
class WaitRange:
    """How long it may take from now: whole minutes. `at_least` is 0 when it may be any moment."""

    at_least: int
    at_most: int


def urgency(ownership: Ownership) -> tuple[bool, bool, datetime]:
    """Sorts those who wait: crisis first, then those whose caseworker was lost, then by time."""
    since = ownership.lost_at or ownership.asked_at
    return ownership.reason is not Reason.CRISIS, ownership.lost_at is None, since


def whole_wait(past: Sequence[PastWait], position: int) -> WaitRange | None:
    """How long citizens at a place have waited in all, as most of them did; None when too few are known."""
    if len(past) < FEWEST_WAITS:
        return None
    minutes = [wait.waited.total_seconds() / 60 / max(wait.position, 1) for wait in past]
    tenths = quantiles(minutes, n=10, method="inclusive")
    shortest, longest = tenths[1] * position, tenths[8] * position
    return WaitRange(floor(shortest), max(ceil(longest), 1))


def left_to_wait(whole: WaitRange | None, waited: timedelta) -> WaitRange | None:
    """What is left of it; None when it is not known, or when it has taken longer than it does for most."""
    if whole is None:
        return None
    so_far = waited.total_seconds() / 60
    if so_far >= whole.at_most:
        return None
    return WaitRange(max(floor(whole.at_least - so_far), 0), ceil(whole.at_most - so_far))


def is_worth_telling(told: int, position: int) -> bool:
    """Whether a place differs enough from the one that was told: the first, or three up or down."""
    return position != told and (position == 1 or abs(position - told) >= _MUCH)
