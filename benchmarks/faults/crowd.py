"""Many citizens at once, for as long as something goes wrong around them."""

import asyncio
import random
import uuid

import aiohttp

from benchmarks.faults.citizen import PLANS, PersistentCitizen
from benchmarks.faults.ledger import Ledger
from benchmarks.faults.lines import Line, RestLine, WebLine
from benchmarks.house import House


class Crowd:
    """A number of conversations that go on side by side; when one ends, another begins.

    Args:
        house: Where the assistant runs.
        size: How many at once.
        seed: Decides who comes and what they choose.
        pace_seconds: How long a citizen thinks at most before they write.

    Attributes:
        ledgers: All conversations that have begun.
    """

    def __init__(self, house: House, size: int, seed: int, pace_seconds: float) -> None:
        self._house = house
        self._size = size
        self._rng = random.Random(seed)
        self._pace_seconds = pace_seconds
        self._over = asyncio.Event()
        self.ledgers: list[Ledger] = []

    def let_nobody_in(self) -> None:
        """Lets those who are there finish, and nobody begin."""
        self._over.set()

    async def gather(self) -> None:
        """Holds the conversations until nobody is let in any more and everybody has finished."""
        async with aiohttp.ClientSession() as session:
            await asyncio.gather(*(self._seat(session, number) for number in range(self._size)))

    async def _seat(self, session: aiohttp.ClientSession, number: int) -> None:
        # Everybody comes at least once, also when the fault is over sooner.
        while True:
            seed = self._rng.getrandbits(64)
            line: Line = (
                WebLine(self._house)
                if number % 2
                else RestLine(self._house, session, f"c-{uuid.uuid4().hex}")
            )
            self.ledgers.append(line.ledger)
            rng = random.Random(seed)
            plan = PLANS[len(self.ledgers) % len(PLANS)]
            await PersistentCitizen(line, rng, plan, self._pace_seconds).live()
            if self._over.is_set():
                return
