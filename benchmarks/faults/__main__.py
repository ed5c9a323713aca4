"""Breaks everything that can break under fifty conversations, and counts; `make chaos`.

Ends with 0 when nothing was lost, doubled or said falsely, everybody could go on and no trace was shown.
"""

import argparse
import asyncio
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.faults.disk import NotHere
from benchmarks.faults.scenario import Report
from benchmarks.faults.suite import COLUMNS, WHOLE, counts, faults, run, stage, told

RESULTS = Path(__file__).parents[2] / "results" / "faults"


def main() -> int:
    """Runs the suite, prints the table, and keeps the conversations that went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--citizens", type=int, default=WHOLE.citizens)
    parser.add_argument("--kills", type=int, default=WHOLE.kills)
    parser.add_argument("--only", action="append", help="a fault; several times for several")
    chosen = parser.parse_args()
    size = replace(WHOLE, citizens=chosen.citizens, kills=chosen.kills)
    print(f"seed {chosen.seed}, {size.citizens} conversations at once", flush=True)
    reports: list[Report] = []
    with stage() as set_up:
        every = faults(set_up, size, random.Random(chosen.seed), _progress)
        for number, (name, fault) in enumerate(every.items()):
            if chosen.only and name not in chosen.only:
                continue
            try:
                report = asyncio.run(run(set_up, size, name, fault, chosen.seed + number))
            except NotHere as reason:
                print(f"{name}: skipped, {reason}", flush=True)
                continue
            print(told(report), flush=True)
            reports.append(report)
            _keep(report)
    print(_table(reports))
    return 0 if all(report.verdict.is_clean for report in reports) else 1


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
