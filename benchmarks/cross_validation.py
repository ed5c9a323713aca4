"""Measures how well each intent is understood, by the training data itself; `make cross-validate` runs it.

The training data is parted in five. The pipeline of config.yml is trained on four parts and reads the fifth,
five times over, so that every message is read once by a model that has not seen it, nor any that is too like
it (benchmarks/likeness.py). The figures are printed and written to results/cross-validation.json, where the
console finds them, and to docs/evaluation.md.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import statistics
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray
from rasa.core.agent import Agent
from rasa.model_training import train_nlu
from rasa.shared.utils.io import write_yaml
from sklearn.model_selection import StratifiedGroupKFold
from tqdm import tqdm

from benchmarks.likeness import families
from benchmarks.report import ROOT, table, write_section
from benchmarks.understanding import (
    Example,
    Reading,
    as_training_data,
    f1_by_intent,
    precision_by_intent,
    read,
    recall_by_intent,
    taught,
)
from setup import rasa_model

FOLDS = 5
SEED = 7
# What only channels send has a few examples, too few to be both taught and measured.
LEAST_MESSAGES = 20
RESULT = ROOT / "results" / "cross-validation.json"
KEPT_VECTORS = Path("models") / "digispor.encoded.npz"
WORST_INTENTS = 12

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Score:
    """How well an intent is understood. All shares are from 0 to 1; not sure counts as out of scope.

    Attributes:
        messages: How many messages of the intent were read.
        precision: Of the messages read as the intent, those that meant it.
        recall: Of the messages that meant the intent, those read as it.
        f1: The harmonic mean of both.
    """

    messages: int
    precision: float
    recall: float
    f1: float


def folds(messages: Sequence[Example]) -> Iterator[tuple[list[Example], list[Example]]]:
    """Parts the messages: each time what is taught and what is read. What has few examples is only taught."""
    counts = Counter(message.intent for message in messages)
    measured = [message for message in messages if counts[message.intent] >= LEAST_MESSAGES]
    always = [message for message in messages if counts[message.intent] < LEAST_MESSAGES]
    intents = np.array([message.intent for message in measured])
    split = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    for learnt, held_back in split.split(intents, intents, families(measured)):
        yield [*always, *(measured[row] for row in learnt)], [measured[row] for row in held_back]


def scores(readings: Sequence[Reading]) -> dict[str, Score]:
    """The score of each intent that messages meant."""
    meant = Counter(reading.example.intent for reading in readings)
    precision, recall = precision_by_intent(readings), recall_by_intent(readings)
    f1 = f1_by_intent(readings)
    return {
        intent: Score(meant[intent], precision[intent], recall[intent], f1[intent])
        for intent in sorted(meant)
    }


def report(by_intent: dict[str, Score], model: str, now: datetime) -> dict[str, object]:
    """What is written for the console to read.

    Args:
        by_intent: The scores.
        model: What the model with the same training data and pipeline is stamped with.
        now: When it was measured.
    """
    return {
        "measured_at": now.isoformat(timespec="seconds"),
        "model": model,
        "folds": FOLDS,
        "messages": sum(score.messages for score in by_intent.values()),
        "macro_f1": _macro_f1(by_intent),
        "intents": {intent: asdict(score) for intent, score in by_intent.items()},
    }


def section(by_intent: dict[str, Score]) -> str:
    """The section of docs/evaluation.md."""
    worst = sorted(by_intent.items(), key=lambda one: one[1].f1)[:WORST_INTENTS]
    rows = [
        [intent, str(score.messages), f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}"]
        for intent, score in worst
    ]
    return f"""# How well each intent is understood, by the training data itself

Written by `make cross-validate`: {sum(score.messages for score in by_intent.values())} messages of
[data/nlu/](../data/nlu/), each read by a model of the same pipeline that was trained on the other parts of
{FOLDS}. Messages of an intent that are too alike (cosine of three-letter pieces) are kept in one part. Such
messages come from the same hands, so these figures tell intents apart that need work, and are no promise:
that is what the held-out messages are for. Macro F1 {_macro_f1(by_intent):.3f}. The lowest:

{table(["intent", "messages", "precision", "recall", "F1"], rows)}
"""


def read_fold(learnt: Sequence[Example], held_back: Sequence[Example]) -> list[Reading]:
    """Trains the pipeline of config.yml on some messages, and lets it read others."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if (ROOT / KEPT_VECTORS).is_file():
            (folder / KEPT_VECTORS).parent.mkdir()
            shutil.copy(ROOT / KEPT_VECTORS, folder / KEPT_VECTORS)
        data = folder / "nlu.yml"
        write_yaml(as_training_data(learnt), data)
        # What a component or Rasa keeps between trainings is this training's own.
        os.chdir(folder)
        try:
            model = train_nlu(str(ROOT / "config.yml"), str(data), str(folder))
            agent = Agent.load(str(model))
            return asyncio.run(read(agent, tqdm(held_back, unit="besked", leave=False, mininterval=5)))
        finally:
            os.chdir(ROOT)


def _macro_f1(by_intent: dict[str, Score]) -> float:
    return statistics.fmean(score.f1 for score in by_intent.values())


def main() -> None:
    """Measures, prints the section and writes everything down."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    readings: list[Reading] = []
    # Before: what is measured is what was there when it began.
    model = rasa_model.fingerprint()
    for number, (learnt, held_back) in enumerate(folds(taught()), 1):
        print(
            f"Del {number} af {FOLDS}: træner på {len(learnt)} beskeder, læser {len(held_back)}", flush=True
        )
        readings += read_fold(learnt, held_back)
    by_intent = scores(readings)
    RESULT.parent.mkdir(exist_ok=True)
    now = datetime.now(timezone.utc)
    RESULT.write_text(json.dumps(report(by_intent, model, now), indent=2, ensure_ascii=False) + "\n", "utf-8")
    page = section(by_intent)
    write_section("cross-validation", page)
    print(page)
    print(f"Skrevet til {RESULT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
