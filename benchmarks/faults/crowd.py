"""Many citizens at once, for as long as something goes wrong around them."""

import asyncio
import random
import uuid
from collections import Counter
from string import ascii_lowercase

import aiohttp

from benchmarks.faults.citizen import PLANS, TOLD_UNASKED_PLANS, PersistentCitizen
from benchmarks.faults.erasure import Witness
from benchmarks.faults.ledger import Ledger
from benchmarks.faults.lines import Line, RestLine, WebLine
from benchmarks.faults.sms_line import SmsLine
from benchmarks.house import House
from tests.sms_gateway import Gateway, Phone

_SEATS = ("rest", "web", "rest", "web", "sms")
_FIRST_NAMES = ("Fatima", "Inge", "Jens Peter", "Olena", "Søren")


class Crowd:
    """A number of conversations that go on side by side; when one ends, another begins.

    Args:
        house: Where the assistant runs.
        gateway: Whose network their phones are on.
        size: How many at once.
        seed: Decides who comes and what they choose.
        pace_seconds: How long a citizen thinks at most before they write.

    Attributes:
        ledgers: All conversations that have begun.
    """

    def __init__(self, house: House, gateway: Gateway, size: int, seed: int, pace_seconds: float) -> None:
        self._house = house
        self._gateway = gateway
        self._size = size
        self._rng = random.Random(seed)
        self._pace_seconds = pace_seconds
        self._over = asyncio.Event()
        self._come: Counter[str] = Counter()
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
            phone = self._new_phone()
            channel = _SEATS[number % len(_SEATS)]
            line = self._line(channel, session, phone)
            self.ledgers.append(line.ledger)
            rng = random.Random(seed)
            name = f"{rng.choice(_FIRST_NAMES)} {''.join(rng.choices(ascii_lowercase, k=10)).title()}"
            witness = Witness(self._house, phone, name)
            plans = PLANS if channel == "rest" else TOLD_UNASKED_PLANS
            plan = plans[self._come[channel] % len(plans)]
            self._come[channel] += 1
            await PersistentCitizen(line, name, witness, rng, plan, self._pace_seconds).live()
            if self._over.is_set():
                return

    def _line(self, channel: str, session: aiohttp.ClientSession, phone: Phone) -> Line:
        if channel == "rest":
            return RestLine(self._house, session, f"c-{uuid.uuid4().hex}")
        return SmsLine(self._house, self._gateway, phone) if channel == "sms" else WebLine(self._house)

    def _new_phone(self) -> Phone:
        while (number := f"+45{self._rng.randrange(26_000_000, 29_000_000)}") in self._gateway.phones:
            continue
        return self._gateway.phone(number)
