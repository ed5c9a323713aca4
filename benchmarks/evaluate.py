"""Measures how well the assistant understands Danish; `make evaluate` runs it.

The trained model reads the held-out messages (benchmarks/understanding.py). The report is printed and written
to docs/evaluation.md, with a picture of what was taken for what.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence

import matplotlib as mpl
import structlog
from matplotlib import pyplot
from rasa.core.agent import Agent

from benchmarks.report import PAGE, PICTURES, ROOT, percent, table, write_section
from benchmarks.understanding import (
    MODEL,
    Figures,
    Reading,
    examples,
    figures,
    label,
    mistakes,
    read,
    recall_by_intent,
    time_f1,
    with_slips,
)

PICTURE = PICTURES / "confusion.png"
WORST_INTENTS = 12
COMMONEST_MISTAKES = 12
THRESHOLDS = (0.0, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)


def section(clean: Sequence[Reading], slips: Sequence[Reading]) -> str:
    """The section of docs/evaluation.md about the trained model."""
    recall, recall_slips = recall_by_intent(clean), recall_by_intent(slips)
    meant = Counter(reading.example.intent for reading in clean)
    worst = sorted(recall, key=lambda intent: (recall[intent], recall_slips[intent]))[:WORST_INTENTS]
    at_threshold = [(t, figures([r.with_threshold(t) for r in clean])) for t in THRESHOLDS]
    return _PAGE.format(
        messages=len(clean),
        intents=len(recall),
        figures=_figures_table(figures(clean), figures(slips), _despair_heard(clean), _despair_heard(slips)),
        worst=table(
            ["intent", "messages", "as written", "with typing slips"],
            [[i, str(meant[i]), percent(recall[i]), percent(recall_slips[i])] for i in worst],
        ),
        mistakes=table(
            ["meant", "read as", "times"],
            [[*pair, str(n)] for pair, n in mistakes(clean).most_common(COMMONEST_MISTAKES)],
        ),
        thresholds=table(
            ["threshold", "right", "taken for something else", "false alarms", "out of scope not acted upon"],
            [
                [f"{t:.2f}", *map(percent, (f.accuracy, f.misread, f.refused, f.out_of_scope_recall))]
                for t, f in at_threshold
            ],
        ),
    )


def _despair_heard(readings: Sequence[Reading]) -> str:
    meant = [reading for reading in readings if reading.example.intent == "crisis"]
    return f"{sum(reading.right for reading in meant)} of {len(meant)}"


def _figures_table(a: Figures, b: Figures, *heard: str) -> str:
    return table(
        ["", "as written", "with typing slips"],
        [
            ["in scope, read as what was meant", percent(a.accuracy), percent(b.accuracy)],
            ["in scope, taken for something else", percent(a.misread), percent(b.misread)],
            ["in scope, not acted upon (false alarms)", percent(a.refused), percent(b.refused)],
            ["out of scope, not acted upon", percent(a.out_of_scope_recall), percent(b.out_of_scope_recall)],
            ["signs of despair, heard", *heard],
            ["macro F1 over all intents", f"{a.macro_f1:.3f}", f"{b.macro_f1:.3f}"],
            ["F1 of the entity `time`", f"{time_f1():.3f}", f"{time_f1(noise=True):.3f}"],
            ["expected calibration error", f"{a.calibration_error:.3f}", f"{b.calibration_error:.3f}"],
            ["median time for a message", f"{a.milliseconds:.0f} ms", f"{b.milliseconds:.0f} ms"],
        ],
    )


def draw_confusion(readings: Sequence[Reading]) -> None:
    """Draws which intents were taken for which, each row adding up to 1."""
    intents = sorted({reading.example.intent for reading in readings})
    place = {intent: number for number, intent in enumerate(intents)}
    meant = Counter(reading.example.intent for reading in readings)
    shares = [[0.0] * len(intents) for _ in intents]
    for reading in readings:
        # An intent that only channels send has no column; no held-out message should be read as one.
        if label(reading) in place:
            row = shares[place[reading.example.intent]]
            row[place[label(reading)]] += 1 / meant[reading.example.intent]
    mpl.use("agg")
    drawing, axes = pyplot.subplots(figsize=(11, 10), layout="constrained")
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(intents)), intents, rotation=90, fontsize=7)
    axes.set_yticks(range(len(intents)), intents, fontsize=7)
    axes.set_xlabel("read as (not sure counts as out_of_scope)")
    axes.set_ylabel("meant")
    drawing.savefig(PICTURE, dpi=100, metadata={"Software": None})


_PAGE = """# How well the assistant understands Danish

Written by `make evaluate`. The model read {messages} messages over {intents} intents that it
had never seen ([tests/nlu/held_out.yml](../tests/nlu/held_out.yml)), once as they were written and once with
typing slips ([bot/nlu/noise.py](../bot/nlu/noise.py)). They were written apart from the training data,
and a test sees to it that none is a copy of it. Short messages that everybody writes alike ("ja", "tak")
are left out: real conversations are easier than this. The model learns from slips of the same kind, drawn
from another seed, so the right column says how it fares with these slips, not with every possible kind. The
wishes about time are in [tests/nlu/held_out_times.yml](../tests/nlu/held_out_times.yml); one counts as found
only when all of it is right.

{figures}

## The intents it understands worst

{worst}

## The commonest mistakes, as written

"Not sure" counts as out of scope.

{mistakes}

![What was taken for what](img/confusion.png)

## The threshold

Below the threshold in config.yml the assistant asks instead of acting. On the held-out messages, a threshold
alone would give:

{thresholds}
"""


async def main() -> None:
    """Measures the trained model, prints the report and writes it down."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    agent = Agent.load(str(MODEL))
    messages = examples()
    await read(agent, messages[:20])  # the first ones fill caches
    clean, slips = await read(agent, messages), await read(agent, with_slips(messages))
    page = section(clean, slips)
    write_section("understanding", page)
    draw_confusion(clean)
    print(page)
    print(f"Skrevet til {PAGE.relative_to(ROOT)} og {PICTURE.relative_to(ROOT)}")


if __name__ == "__main__":
    asyncio.run(main())
