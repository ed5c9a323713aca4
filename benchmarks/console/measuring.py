"""Asks for pages as a browser does, and measures until the whole answer is there."""

import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, islice

from aiohttp import ClientSession, CookieJar

from benchmarks.console.pages import Page
from tests.backend.visitor import Visitor, is_sign_in

TARGET_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Times:
    """How long the answers to one kind of page took."""

    reader: str
    page: str
    seconds: list[float]

    @property
    def median(self) -> float:
        """Half of them took at most this long."""
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """95 of a hundred took at most this long."""
        if len(self.seconds) == 1:
            return self.seconds[0]
        return statistics.quantiles(self.seconds, n=20, method="inclusive")[18]

    @property
    def is_fast(self) -> bool:
        """Whether it keeps what was promised."""
        return self.p95 <= TARGET_SECONDS


@asynccontextmanager
async def signed_in(backend_url: str, login: str, password: str) -> AsyncIterator[ClientSession]:
    """A browser in which somebody has signed in."""
    # A browser keeps the cookies of an address without a name, too.
    async with ClientSession(backend_url, cookie_jar=CookieJar(unsafe=True)) as session:
        if is_sign_in(await Visitor(session).sign_in(login, password)):
            raise RuntimeError(f"{login} could not sign in")
        yield session


async def measure(
    session: ClientSession, reader: str, page: Page, times: int, progress: Callable[[int], object]
) -> Times:
    """Asks for a kind of page some times, one after another, and once before that to warm up."""
    await _ask(session, page.addresses[0])
    seconds = []
    for address in islice(cycle(page.addresses), times):
        seconds.append(await _ask(session, address))
        progress(1)
    return Times(reader, page.name, seconds)


async def _ask(session: ClientSession, address: str) -> float:
    begun = time.perf_counter()
    async with session.get(address, allow_redirects=False) as response:
        await response.read()
        if response.status != 200:
            raise RuntimeError(f"{address} was answered with {response.status}")
    return time.perf_counter() - begun
