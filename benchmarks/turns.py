"""How long a citizen waits for an answer, and how much memory each process takes.

`make bench` runs it: real processes, real SQLite, one citizen at a time over the web channel. A turn is
measured from sending to the message that asks the next question. At the end, what the main job costs by SMS.
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks import sms_citizen
from benchmarks.house import RASA, House
from benchmarks.web_citizen import WebCitizen, button

CONVERSATIONS = 20
ANSWERS_EACH = 6
FREE_TEXTS = (
    "det kan jeg slet ikke",
    "min datter hjælper mig",
    "det klarer jeg selv",
    "ja det er jeg god til, jeg kan vise andre det",
    "kun hvis nogen viser mig det",
    "det har jeg aldrig prøvet",
)

Answer = Callable[[WebCitizen, dict[str, Any]], Awaitable[None]]


async def assess(house: House, answer: Answer) -> list[float]:
    """Holds one conversation into the assessment and gives the seconds of each answered question."""
    seconds = []
    async with WebCitizen(house.chat_url) as citizen:
        asked = await citizen.hear_until_asked()
        await citizen.press(button(asked, "Ja, lad os starte"))
        asked = await citizen.hear_until_asked()
        for _ in range(ANSWERS_EACH):
            start = time.perf_counter()
            await answer(citizen, asked)
            asked = await citizen.hear_until_asked()
            seconds.append(time.perf_counter() - start)
    return seconds


async def measure(house: House, answer: Answer, name: str) -> list[float]:
    """Holds all conversations, showing how far it is."""
    await assess(house, answer)  # the first one fills caches
    seconds: list[float] = []
    for number in range(CONVERSATIONS):
        print(f"\r{name}: {number + 1}/{CONVERSATIONS}", end="", file=sys.stderr, flush=True)
        seconds += await assess(house, answer)
    print(file=sys.stderr)
    return seconds


def memory_megabytes(process_id: int) -> float:
    """Gives the resident memory of a process and its children."""
    listing = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True
    ).stdout
    processes = [tuple(map(int, line.split())) for line in listing.splitlines()]
    family, size = {process_id}, 0
    while len(family) != size:
        size = len(family)
        family |= {pid for pid, parent, _ in processes if parent in family}
    return sum(rss for pid, _, rss in processes if pid in family) / 1024


def row(name: str, seconds: list[float]) -> str:
    """Formats the figures of one kind of turn, in milliseconds."""
    cuts = statistics.quantiles(seconds, n=20)
    return f"{name:<14}{len(seconds):>6}{statistics.median(seconds) * 1e3:>10.1f}{cuts[18] * 1e3:>10.1f}"


async def run(house: House) -> None:
    """Measures both kinds of turn and prints the tables."""
    texts = cycle(FREE_TEXTS)

    async def press(citizen: WebCitizen, asked: dict[str, Any]) -> None:
        await citizen.press(button(asked, "Med hjælp"))

    async def write(citizen: WebCitizen, _: dict[str, Any]) -> None:
        await citizen.write(next(texts))

    pressed = await measure(house, press, "button")
    written = await measure(house, write, "free text")
    print(f"\n{'turn':<14}{'n':>6}{'median ms':>10}{'p95 ms':>10}")
    print(row("button", pressed))
    print(row("free text", written))
    print(f"\n{'process':<14}{'MB':>8}")
    for name in house.ports:
        print(f"{name:<14}{memory_megabytes(house.process_id(name)):>8.0f}")


def main() -> None:
    """Starts the house, measures, stops it."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        house.prepare()
        try:
            house.start()
            asyncio.run(run(house))
            house.kill(RASA)
            main_job = sms_citizen.measure(house)
            print(f"\nmain job by SMS, answered with digits: {main_job.parts} parts go out")
            print(row("webhook", main_job.webhook_seconds))
        finally:
            house.stop()


if __name__ == "__main__":
    main()
