"""So many at once, and then so many a minute: a token bucket for each key, in the memory of the process."""

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_KEYS = 10_000


class Limit:
    """What each key may take."""

    def __init__(
        self,
        at_once: int,
        a_minute: float,
        clock: Callable[[], float] = time.monotonic,
        most_keys: int = MOST_KEYS,
    ) -> None:
        """Creates it.

        Args:
            at_once: What a key that has taken nothing for long may take in a row.
            a_minute: What it gets back in a minute.
            clock: Gives the time in seconds.
            most_keys: How many keys are remembered. One that is forgotten begins anew.
        """
        self._at_once = at_once
        self._a_second = a_minute / 60
        self._clock = clock
        self._most_keys = most_keys
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> bool:
        """Takes one, if there is one left. What is refused costs nothing."""
        left, now = self._left_of(key), self._clock()
        is_taken = left >= 1
        self._left[key] = (left - 1 if is_taken else left, now)
        self._left.move_to_end(key)
        if len(self._left) > self._most_keys:
            self._left.popitem(last=False)
        return is_taken

    def give_back(self, key: str) -> None:
        """Gives back what was taken."""
        self._left[key] = (min(float(self._at_once), self._left_of(key) + 1), self._clock())

    def seconds_to_next(self, key: str) -> float:
        """How long until there is one to take."""
        return max(0.0, (1 - self._left_of(key)) / self._a_second)

    def _left_of(self, key: str) -> float:
        left, since = self._left.get(key, (float(self._at_once), self._clock()))
        return min(float(self._at_once), left + (self._clock() - since) * self._a_second)
