"""One fault under a crowd, from the first greeting until everything is at rest again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from benchmarks.faults import stored
from benchmarks.faults.crowd import Crowd
from benchmarks.faults.judge import Verdict, judge
from benchmarks.faults.ledger import Ledger
from benchmarks.house import House

REST_SECONDS = 180.0
"""Longer than the outbox (15 s) and the event spool (30 s) pause between their tries."""
LOOKS_AT_REST = 10
"""In a row: reports of delivered SMS come after everything else, a second or two apart."""

Fault = Callable[[], Awaitable[str]]


@dataclass
class Report:
    """How a scenario went.

    Attributes:
        name: What broke.
        struck: How often, in words.
        verdict: What the judge found.
        ledgers: The conversations.
    """

    name: str
    struck: str
    verdict: Verdict
    ledgers: list[Ledger]


async def hold(house: House, name: str, crowd: Crowd, fault: Fault, *, clocks_agree: bool = True) -> Report:
    """Lets a crowd talk while a fault strikes, lets everybody finish, and judges.

    Args:
        house: Where, with everything running.
        name: What breaks.
        crowd: Who talks.
        fault: Breaks something and mends it again; gives what it did.
        clocks_agree: Whether the house's clock stays the citizens'.
    """
    talking = asyncio.create_task(crowd.gather())
    try:
        struck = await fault()
        crowd.let_nobody_in()
        await talking
    finally:
        talking.cancel()
    await come_to_rest(house)
    verdict = judge(crowd.ledgers, stored.read(house), clocks_agree=clocks_agree)
    return Report(name, struck, verdict, crowd.ledgers)


async def come_to_rest(house: House) -> None:
    """Waits until nothing is on its way any more; what stays on its way is for the judge."""
    looks_without = 0
    for _ in range(int(REST_SECONDS / 0.5)):
        looks_without = 0 if any(stored.waiting(house).values()) else looks_without + 1
        if looks_without == LOOKS_AT_REST:
            return
        await asyncio.sleep(0.5)
