"""A backend that lives and answers badly: late, with 500, with garbage, with half a body."""

import asyncio
import random
from collections.abc import Callable

from tests.e2e.fault_proxy import Ailment, FaultProxy

SHARE = 0.4
"""Of the requests. A call is made twice, so that some get through, some fail once and some fail."""


async def let_ail(
    proxy: FaultProxy, ailment: Ailment, requests: int, rng: random.Random, progress: Callable[[str], None]
) -> str:
    """Lets the backend answer badly until it has done so a number of times; tells how often it did."""
    before = proxy.ailing
    proxy.ail(ailment, SHARE, rng)
    try:
        while (done := proxy.ailing - before) < requests:
            progress(f"{done}/{requests} bad answers")
            await asyncio.sleep(0.2)
    finally:
        proxy.recover()
    return f"{proxy.ailing - before} bad answers"
