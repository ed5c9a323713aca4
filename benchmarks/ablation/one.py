"""Trains one pipeline and measures it, in a process of its own so that its memory is its own.

`python -m benchmarks.ablation.one NAME FOLDER` prints what was measured as one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import structlog
from rasa.core.agent import Agent
from rasa.model_training import train_nlu
from rasa.shared.utils.io import write_yaml

from benchmarks.ablation.pipelines import SEED, pipelines
from benchmarks.understanding import (
    OUT_OF_SCOPE,
    Example,
    Reading,
    as_training_data,
    calibration_error,
    examples,
    figures,
    read,
    taught,
    with_slips,
)

# Of each intent this many messages are taught, so that the slowest pipeline is done in minutes.
MESSAGES_EACH = 120
OUT_OF_SCOPE_TIMES = 4
MOST_REFUSED = 0.04
_KILOBYTES_PER_MEGABYTE = 1024


@dataclass(frozen=True)
class Measured:
    """What one pipeline achieves. Shares are from 0 to 1, "left alone" at `MOST_REFUSED` false alarms.

    Attributes:
        clean: In-scope messages whose likeliest intent is what was meant, as written.
        slips: The same with typing slips.
        left_alone: Out-of-scope messages not acted upon, as written.
        left_alone_slips: The same with typing slips.
        calibration: Expected calibration error, as written.
        milliseconds: Median time for a message.
        training: Seconds that training took.
        megabytes: The most memory the process had while reading.
    """

    clean: float
    slips: float
    left_alone: float
    left_alone_slips: float
    calibration: float
    milliseconds: float
    training: float
    megabytes: float


def drawn() -> list[Example]:
    """The same messages for every pipeline: a seeded draw from data/nlu."""
    by_intent: dict[str, list[Example]] = defaultdict(list)
    for example in taught():
        by_intent[example.intent].append(example)
    rng = random.Random(SEED)
    chosen = []
    for intent, every in sorted(by_intent.items()):
        most = MESSAGES_EACH * (OUT_OF_SCOPE_TIMES if intent == OUT_OF_SCOPE else 1)
        chosen += rng.sample(every, min(most, len(every)))
    return chosen


def measure(name: str, folder: Path) -> Measured:
    """Trains the pipeline of that name in the folder, and lets it read the held-out messages."""
    config, data = folder / "config.yml", folder / "nlu.yml"
    write_yaml({"recipe": "default.v1", "language": "da", "pipeline": pipelines()[name]}, config)
    write_yaml(as_training_data(drawn()), data)
    start = time.perf_counter()
    model = train_nlu(str(config), str(data), str(folder))
    seconds = time.perf_counter() - start
    return asyncio.run(_read_with(str(model), seconds))


async def _read_with(model: str, training: float) -> Measured:
    agent = Agent.load(model)
    held_out = examples()
    await read(agent, held_out[:20])  # the first ones fill caches
    clean, slips = await read(agent, held_out), await read(agent, with_slips(held_out))
    return Measured(
        clean=figures(_at(clean, 0)).accuracy,
        slips=figures(_at(slips, 0)).accuracy,
        left_alone=left_alone(clean),
        left_alone_slips=left_alone(slips),
        calibration=calibration_error(clean),
        milliseconds=figures(clean).milliseconds,
        training=training,
        megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTES_PER_MEGABYTE,
    )


def left_alone(readings: Sequence[Reading]) -> float:
    """Share of out-of-scope messages not acted upon, at the threshold that refuses as many as may be."""
    inside = sorted(reading.confidence for reading in readings if reading.in_scope)
    threshold = inside[int(MOST_REFUSED * len(inside))]
    return figures(_at(readings, threshold)).out_of_scope_recall


def _at(readings: Sequence[Reading], threshold: float) -> list[Reading]:
    return [reading.with_threshold(threshold) for reading in readings]


def main() -> None:
    """Measures the pipeline that the command line names."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    name, folder = sys.argv[1], Path(sys.argv[2])
    os.chdir(folder)  # what a component keeps between trainings stays here
    print(json.dumps(asdict(measure(name, folder))))


if __name__ == "__main__":
    main()
