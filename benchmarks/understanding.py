"""How well the assistant understands messages it has never seen.

The trained model reads tests/nlu/held_out.yml as written and once more with typing slips (bot/nlu/noise.py);
this module counts what it got right. benchmarks/evaluate.py prints it and writes it down.
"""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.utils.io import read_yaml_file

from bot.nlu.danish_time import understand_time
from bot.nlu.noise import noisy

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "models" / "digispor.tar.gz"
HELD_OUT = ROOT / "tests" / "nlu" / "held_out.yml"
TRAINING = ROOT / "data" / "nlu"
HELD_OUT_TIMES = ROOT / "tests" / "nlu" / "held_out_times.yml"

OUT_OF_SCOPE = "out_of_scope"
# Neither leads to anything being done: the citizen is asked again, or told what the assistant is for.
NOT_ACTED_UPON = {OUT_OF_SCOPE, DEFAULT_NLU_FALLBACK_INTENT_NAME}
# Who writes of something else in English is told, in English, where to call: that, too, does nothing.
ASK_LANGUAGE = "ask_language"

NOISE_SEED = 1
CONFIDENCE_BINS = 10


@dataclass(frozen=True)
class Example:
    """A message and the intent a Dane reads in it."""

    text: str
    intent: str


@dataclass(frozen=True)
class Reading:
    """How the model read an example.

    Attributes:
        example: What was read.
        intent: The intent that the dialogue acts on.
        guess: The likeliest intent, whether the model was sure enough or not.
        confidence: Confidence in the guess, from 0 to 1.
        seconds: How long the reading took.
    """

    example: Example
    intent: str
    guess: str
    confidence: float
    seconds: float

    @property
    def in_scope(self) -> bool:
        """Whether the message was something the assistant is there for."""
        return self.example.intent != OUT_OF_SCOPE

    @property
    def right(self) -> bool:
        """Whether the dialogue acts on what was meant."""
        return self.intent == self.example.intent

    @property
    def guess_right(self) -> bool:
        """Whether the likeliest intent was what was meant, or does nothing where nothing is to be done."""
        harmless = not self.in_scope and self.guess == ASK_LANGUAGE
        return self.guess == self.example.intent or harmless

    @property
    def refused(self) -> bool:
        """Whether the message is not acted upon."""
        return self.intent in NOT_ACTED_UPON

    def with_threshold(self, threshold: float) -> Reading:
        """The same reading, had the model to be this sure."""
        sure = self.confidence >= threshold
        intent = self.guess if sure else DEFAULT_NLU_FALLBACK_INTENT_NAME
        return Reading(self.example, intent, self.guess, self.confidence, self.seconds)


@dataclass(frozen=True)
class Figures:
    """What a set of readings amounts to. All shares are from 0 to 1.

    Attributes:
        accuracy: In-scope messages read as what was meant.
        misread: In-scope messages acted upon as something else.
        refused: In-scope messages not acted upon (false alarms).
        macro_f1: The mean of the F1 scores of all intents; "not sure" counts as out of scope.
        out_of_scope_recall: Out-of-scope messages not acted upon.
        calibration_error: How far confidence is from the share that was right, on average (ECE).
        milliseconds: Median time for a message.
    """

    accuracy: float
    misread: float
    refused: float
    macro_f1: float
    out_of_scope_recall: float
    calibration_error: float
    milliseconds: float


def examples(path: Path = HELD_OUT) -> list[Example]:
    """The messages of a file in Rasa's format for training data."""
    blocks = read_yaml_file(path)["nlu"]
    return [
        Example(line.removeprefix("- ").strip(), block["intent"])
        for block in blocks
        if "intent" in block
        for line in block["examples"].splitlines()
        if line.strip()
    ]


def taught() -> list[Example]:
    """Every message of the training data."""
    return [example for file in sorted(TRAINING.glob("*.yml")) for example in examples(file)]


def as_training_data(messages: Iterable[Example]) -> dict[str, Any]:
    """Messages as a file of training data holds them."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for message in messages:
        by_intent[message.intent].append(f"- {message.text}\n")
    blocks = [{"intent": intent, "examples": "".join(lines)} for intent, lines in by_intent.items()]
    return {"version": "3.1", "nlu": blocks}


def with_slips(originals: Iterable[Example]) -> list[Example]:
    """The same messages as they might come from a phone."""
    rng = random.Random(NOISE_SEED)
    return [Example(noisy(example.text, rng), example.intent) for example in originals]


async def read(agent: Agent, messages: Iterable[Example]) -> list[Reading]:
    """Lets the model read each message."""
    return [await _read(agent, example) for example in messages]


async def _read(agent: Agent, example: Example) -> Reading:
    start = time.perf_counter()
    result = await agent.parse_message(example.text)
    seconds = time.perf_counter() - start
    ranking = [r for r in result["intent_ranking"] if r["name"] != DEFAULT_NLU_FALLBACK_INTENT_NAME]
    return Reading(
        example, result["intent"]["name"], ranking[0]["name"], float(ranking[0]["confidence"]), seconds
    )


def figures(readings: Sequence[Reading]) -> Figures:
    """Adds up readings of which some are in scope and some are not."""
    inside = [reading for reading in readings if reading.in_scope]
    outside = [reading for reading in readings if not reading.in_scope]
    return Figures(
        accuracy=_share(reading.right for reading in inside),
        misread=_share(not reading.right and not reading.refused for reading in inside),
        refused=_share(reading.refused for reading in inside),
        macro_f1=statistics.fmean(f1_by_intent(readings).values()),
        out_of_scope_recall=_share(reading.refused or reading.intent == ASK_LANGUAGE for reading in outside),
        calibration_error=calibration_error(readings),
        milliseconds=1000 * statistics.median(reading.seconds for reading in readings),
    )


def precision_by_intent(readings: Sequence[Reading]) -> dict[str, float]:
    """For each intent that was meant, the share of the messages read as it that meant it; 0 when none was."""
    said = Counter(label(reading) for reading in readings)
    right = Counter(
        reading.example.intent for reading in readings if label(reading) == reading.example.intent
    )
    meant = {reading.example.intent for reading in readings}
    return {intent: right[intent] / said[intent] if said[intent] else 0.0 for intent in meant}


def recall_by_intent(readings: Sequence[Reading]) -> dict[str, float]:
    """For each intent, the share of its messages read as what was meant (or not acted upon, out of scope)."""
    meant = Counter(reading.example.intent for reading in readings)
    right = Counter(
        reading.example.intent for reading in readings if label(reading) == reading.example.intent
    )
    return {intent: right[intent] / total for intent, total in meant.items()}


def f1_by_intent(readings: Sequence[Reading]) -> dict[str, float]:
    """For each intent, the harmonic mean of precision and recall."""
    meant = Counter(reading.example.intent for reading in readings)
    said = Counter(label(reading) for reading in readings)
    right = Counter(
        reading.example.intent for reading in readings if label(reading) == reading.example.intent
    )
    return {intent: 2 * right[intent] / (total + said[intent]) for intent, total in meant.items()}


def mistakes(readings: Sequence[Reading]) -> Counter[tuple[str, str]]:
    """How often each intent was read as each other one."""
    return Counter(
        (reading.example.intent, label(reading))
        for reading in readings
        if label(reading) != reading.example.intent
    )


def calibration_error(readings: Sequence[Reading]) -> float:
    """Expected calibration error (ECE) of the likeliest intent, over bins of confidence of equal width."""
    bins: dict[int, list[Reading]] = defaultdict(list)
    for reading in readings:
        bins[min(int(reading.confidence * CONFIDENCE_BINS), CONFIDENCE_BINS - 1)].append(reading)
    gaps = [
        len(filled) * abs(statistics.fmean(r.confidence - r.guess_right for r in filled))
        for filled in bins.values()
    ]
    return sum(gaps) / len(readings)


def time_f1(noise: bool = False) -> float:
    """F1 of the `time` entity: a wish about time is found when all of it is as a Dane means it.

    Args:
        noise: Whether the messages get typing slips first.
    """
    data = read_yaml_file(HELD_OUT_TIMES)
    now, rng = datetime.fromisoformat(str(data["now"])), random.Random(NOISE_SEED)
    right = found = meant = 0
    for message in data["messages"]:
        expected = None if message["time"] == "none" else message["time"]
        wish = understand_time(noisy(message["text"], rng) if noise else message["text"], now)
        meant += expected is not None
        found += bool(wish)
        right += bool(wish) and wish.as_filters() == expected
    return 2 * right / (found + meant)


def label(reading: Reading) -> str:
    """What the reading counts as: whatever is not acted upon counts as out of scope."""
    return OUT_OF_SCOPE if reading.refused else reading.intent


def _share(outcomes: Iterable[bool]) -> float:
    return statistics.fmean(map(float, outcomes))
