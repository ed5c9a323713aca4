"""Runs what is asynchronous from where a loop may be running already."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_in_own_loop(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Runs a coroutine to its end in a thread of its own.

    A browser that tests drive keeps a loop running in theirs, where `asyncio.run` would refuse.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
