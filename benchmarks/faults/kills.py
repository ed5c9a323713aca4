"""Processes that are killed at moments nobody chose, and started again as a supervisor would."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable

from benchmarks.house import ACTIONS, BACKEND, RASA, House

# Rasa takes many times as long to start as the others, and nothing happens meanwhile.
WEIGHTS = {BACKEND: 2, ACTIONS: 2, RASA: 1}
BETWEEN_SECONDS = (0.5, 4.0)
SHARE_OF_PAIRS = 0.15


async def kill_at_random(
    house: House, count: int, rng: random.Random, progress: Callable[[str], None]
) -> Counter[str]:
    """Kills processes with signal 9, each at a moment of its own, and gives how often each was killed.

    Args:
        house: Whose processes.
        count: How many kills; each process is killed at least once where there are enough.
        rng: Chooses the moments and the processes.
        progress: Told how far it is.
    """
    kills: Counter[str] = Counter()
    names = list(WEIGHTS)
    first = rng.sample(names, len(names))
    while kills.total() < count:
        await asyncio.sleep(rng.uniform(*BETWEEN_SECONDS))
        chosen = [first.pop()] if first else rng.choices(names, list(WEIGHTS.values()))
        if rng.random() < SHARE_OF_PAIRS and count - kills.total() > 1:
            chosen.append(rng.choice([name for name in names if name not in chosen]))
        for name in chosen:
            await asyncio.to_thread(house.kill, name)
            kills[name] += 1
            progress(f"{kills.total()}/{count} kills")
        # All at once, as `make run` would: one that needs another has to wait for it itself.
        await asyncio.to_thread(house.start, *chosen)
    return kills
