"""Compares the pipelines in one run and writes the table into docs/evaluation.md."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile

from tqdm import tqdm

from benchmarks.ablation.one import MESSAGES_EACH, MOST_REFUSED, OUT_OF_SCOPE_TIMES, Measured, drawn
from benchmarks.ablation.pipelines import DIET_ROUNDS, SEED, pipelines
from benchmarks.report import ROOT, percent, table, write_section

HEAD = [
    "pipeline",
    "right, as written",
    "right, with slips",
    "left alone",
    "left alone, with slips",
    "calibration error",
    "time for a message",
    "training",
    "memory",
]


def measure(name: str) -> Measured:
    """Measures one pipeline in a process of its own.

    Raises:
        RuntimeError: It could not be trained or read with; says what it printed.
    """
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.ablation.one", name, folder],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        raise RuntimeError(f"{name}: {done.stderr}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def section(measured: dict[str, Measured]) -> str:
    """The section of docs/evaluation.md."""
    fastest = min(one.milliseconds for one in measured.values())
    quickest = min(one.training for one in measured.values())
    rows = [
        [
            name,
            percent(one.clean),
            percent(one.slips),
            percent(one.left_alone),
            percent(one.left_alone_slips),
            f"{one.calibration:.3f}",
            f"{one.milliseconds / fastest:.1f}",
            f"{one.training / quickest:.1f}",
            f"{one.megabytes:.0f} MB",
        ]
        for name, one in measured.items()
    ]
    return f"""# Which way of reading is best

Written by `make ablation`: one run, seed {SEED}, the same {len(drawn())} training messages for all
({MESSAGES_EACH} an intent, {OUT_OF_SCOPE_TIMES} times as many that are out of scope), measured on the
held-out messages. The real model learns from all messages and understands more. "Right" is the likeliest
intent of messages in scope, without a threshold; "left alone" are messages out of scope that are not acted
upon when the threshold refuses {percent(MOST_REFUSED)} of those in scope. Times are multiples of the shortest
in the run; memory is the most the process ever had, training included. DIET learnt for {DIET_ROUNDS} rounds.
spaCy's vectors change nothing: `da_core_news_sm` has no table of word vectors, and without one Rasa's
SpacyFeaturizer adds no features.

{table(HEAD, rows)}
"""


def main() -> None:
    """Measures every pipeline, prints the section and writes it down."""
    measured = {}
    progress = tqdm(pipelines(), unit="pipeline")
    for name in progress:
        progress.set_postfix_str(name)
        measured[name] = measure(name)
        tqdm.write(f"{name}: {measured[name]}")
    page = section(measured)
    print(page)
    write_section("ablation", page)


if __name__ == "__main__":
    main()
