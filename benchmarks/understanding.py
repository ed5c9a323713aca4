"""How well the assistant understands messages it has never seen.

`make evaluate` runs it: the trained model reads tests/nlu/held_out.yml as written and once more with typing
slips (benchmarks/noise.py). It prints what it got right and how long it took, and writes docs/evaluation.md.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rasa.core.agent import Agent
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.utils.io import read_yaml_file

from benchmarks.noise import noisy

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "models" / "digispor.tar.gz"
HELD_OUT = ROOT / "tests" / "nlu" / "held_out.yml"
REPORT = ROOT / "docs" / "evaluation.md"

OUT_OF_SCOPE = "out_of_scope"
# Neither leads to anything being done: the citizen is asked again, or told what the assistant is for.
NOT_ACTED_UPON = {OUT_OF_SCOPE, DEFAULT_NLU_FALLBACK_INTENT_NAME}

NOISE_SEED = 1
WORST_INTENTS = 12
COMMONEST_MISTAKES = 12
THRESHOLDS = (0.0, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)


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
        milliseconds: Median time for a message.
    """

    accuracy: float
    misread: float
    refused: float
    macro_f1: float
    out_of_scope_recall: float
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


def with_slips(originals: Iterable[Example], seed: int = NOISE_SEED) -> list[Example]:
    """The same messages as they might come from a phone."""
    rng = random.Random(seed)
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
        out_of_scope_recall=_share(reading.refused for reading in outside),
        milliseconds=1000 * statistics.median(reading.seconds for reading in readings),
    )


def recall_by_intent(readings: Sequence[Reading]) -> dict[str, float]:
    """For each intent, the share of its messages read as what was meant (or not acted upon, out of scope)."""
    meant = Counter(reading.example.intent for reading in readings)
    right = Counter(
        reading.example.intent for reading in readings if _label(reading) == reading.example.intent
    )
    return {intent: right[intent] / total for intent, total in meant.items()}


def f1_by_intent(readings: Sequence[Reading]) -> dict[str, float]:
    """For each intent, the harmonic mean of precision and recall."""
    meant = Counter(reading.example.intent for reading in readings)
    said = Counter(_label(reading) for reading in readings)
    right = Counter(
        reading.example.intent for reading in readings if _label(reading) == reading.example.intent
    )
    return {intent: 2 * right[intent] / (total + said[intent]) for intent, total in meant.items()}


def mistakes(readings: Sequence[Reading]) -> Counter[tuple[str, str]]:
    """How often each intent was read as each other one."""
    return Counter(
        (reading.example.intent, _label(reading))
        for reading in readings
        if _label(reading) != reading.example.intent
    )


def _label(reading: Reading) -> str:
    return OUT_OF_SCOPE if reading.refused else reading.intent


def _share(outcomes: Iterable[bool]) -> float:
    return statistics.fmean(map(float, outcomes))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def report(clean: Sequence[Reading], slips: Sequence[Reading]) -> str:
    """The page docs/evaluation.md."""
    a, b = figures(clean), figures(slips)
    rows = [
        ("in scope, read as what was meant", _percent(a.accuracy), _percent(b.accuracy)),
        ("in scope, taken for something else", _percent(a.misread), _percent(b.misread)),
        ("in scope, not acted upon (false alarms)", _percent(a.refused), _percent(b.refused)),
        ("out of scope, not acted upon", _percent(a.out_of_scope_recall), _percent(b.out_of_scope_recall)),
        ("macro F1 over all intents", f"{a.macro_f1:.3f}", f"{b.macro_f1:.3f}"),
        ("median time for a message", f"{a.milliseconds:.0f} ms", f"{b.milliseconds:.0f} ms"),
    ]
    recall, recall_slips, meant = (
        recall_by_intent(clean),
        recall_by_intent(slips),
        Counter(reading.example.intent for reading in clean),
    )
    worst = sorted(recall, key=lambda intent: (recall[intent], recall_slips[intent]))[:WORST_INTENTS]
    thresholds = [
        (threshold, figures([reading.with_threshold(threshold) for reading in clean]))
        for threshold in THRESHOLDS
    ]
    return _PAGE.format(
        messages=len(clean),
        intents=len(recall),
        figures=_table(["", "as written", "with typing slips"], rows),
        worst=_table(
            ["intent", "messages", "as written", "with typing slips"],
            ((i, str(meant[i]), _percent(recall[i]), _percent(recall_slips[i])) for i in worst),
        ),
        mistakes=_table(
            ["meant", "read as", "times"],
            ((*pair, str(n)) for pair, n in mistakes(clean).most_common(COMMONEST_MISTAKES)),
        ),
        thresholds=_table(
            ["threshold", "right", "taken for something else", "false alarms", "out of scope not acted upon"],
            (
                (f"{t:.2f}", *map(_percent, (f.accuracy, f.misread, f.refused, f.out_of_scope_recall)))
                for t, f in thresholds
            ),
        ),
    )


_PAGE = """# How well the assistant understands Danish

Written by `make evaluate`; do not edit. The model read {messages} messages over {intents} intents that it
had never seen ([tests/nlu/held_out.yml](../tests/nlu/held_out.yml)), once as they were written and once with
typing slips ([benchmarks/noise.py](../benchmarks/noise.py)). They were written apart from the training data,
and a test sees to it that none is a copy of it. Short messages that everybody writes alike ("ja", "tak")
are left out: real conversations are easier than this.

{figures}

## The intents it understands worst

{worst}

## The commonest mistakes, as written

"Not sure" counts as out of scope.

{mistakes}

## The threshold

Below the threshold in config.yml the assistant asks instead of acting. On the held-out messages, a threshold
alone would give:

{thresholds}
"""


async def main() -> None:
    """Measures the trained model, prints the report and writes it down."""
    agent = Agent.load(str(MODEL))
    messages = examples()
    await read(agent, messages[:20])  # the first ones fill caches
    page = report(await read(agent, messages), await read(agent, with_slips(messages)))
    REPORT.write_text(page, encoding="utf-8")
    print(page)
    print(f"Skrevet til {REPORT.relative_to(ROOT)}")


if __name__ == "__main__":
    asyncio.run(main())
