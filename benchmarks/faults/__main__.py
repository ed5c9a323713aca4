"""Breaks everything that can break under fifty conversations, and counts; `make chaos`.

Ends with 0 when nothing was lost, doubled or said falsely, everybody could go on and no trace was shown.
"""

import argparse
import asyncio
import random
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.faults.clock_suite import Held, clock_faults, clock_stage
from benchmarks.faults.disk import NotHere
from benchmarks.faults.scenario import Report
from benchmarks.faults.suite import COLUMNS, WHOLE, Size, counts, faults, run, stage, told

RESULTS = Path(__file__).parents[2] / "results" / "faults"


def main() -> int:
    """Runs the suite, prints the table, and keeps the conversations that went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--citizens", type=int, default=WHOLE.citizens)
    parser.add_argument("--kills", type=int, default=WHOLE.kills)
    parser.add_argument("--bad-answers", type=int, default=WHOLE.bad_answers)
    parser.add_argument("--only", action="append", default=[], help="a fault; several times for several")
    chosen = parser.parse_args()
    # Ended as by Ctrl+C, so that no process and no small disk is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    size = replace(WHOLE, citizens=chosen.citizens, kills=chosen.kills, bad_answers=chosen.bad_answers)
    print(f"seed {chosen.seed}, {size.citizens} conversations at once", flush=True)
    reports = list(_reports(size, chosen.seed, chosen.only))
    print(_table(reports))
    return 0 if all(report.verdict.is_clean for report in reports) else 1


def _reports(size: Size, seed: int, only: list[str]) -> Iterator[Report]:
    with stage(size) as set_up:
        every = faults(set_up, size, random.Random(seed), _progress)
        yield from _each(
            {name: partial(run, set_up, size, name, fault) for name, fault in every.items()}, seed, only
        )
    try:
        with clock_stage() as clock_set_up:
            yield from _each(clock_faults(clock_set_up, size), seed, only)
    except NotHere as reason:
        print(f"clock and SMS gateway: skipped, {reason}", flush=True)


def _each(every: Mapping[str, Held], seed: int, only: list[str]) -> Iterator[Report]:
    for number, (name, held) in enumerate(every.items()):
        if only and name not in only:
            continue
        try:
            report = asyncio.run(held(seed + number))
        except NotHere as reason:
            print(f"{name}: skipped, {reason}", flush=True)
            continue
        print(told(report), flush=True)
        _keep(report)
        yield report


def _progress(text: str) -> None:
    print(f"\r{text:<60}", end="", file=sys.stderr, flush=True)


def _table(reports: list[Report]) -> str:
    rows = [(report.name, counts(report.verdict)) for report in reports]
    rows.append(("all", tuple(map(sum, zip(*(figures for _, figures in rows), strict=True)))))
    head = f"{'':<30}" + "".join(f"{column:>15}" for column in COLUMNS)
    return "\n".join(
        [head, *(f"{name:<30}" + "".join(f"{n:>15}" for n in figures) for name, figures in rows)]
    )


def _keep(report: Report) -> None:
    if report.verdict.is_clean:
        return
    RESULTS.mkdir(parents=True, exist_ok=True)
    text = "\n\n".join([*report.verdict.findings(), *map(str, report.ledgers)])
    (RESULTS / f"{report.name.replace(' ', '-')}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
